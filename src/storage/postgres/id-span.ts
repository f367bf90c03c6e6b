/**
 * The least and the greatest of some ids by their bytes; null where there is none. Partitions outside of it need not be
 * looked at.
 */
export function spanOf(ids: readonly string[]): readonly [least: string | null, greatest: string | null] {
  const [first = null, ...others] = ids;
  let span = { least: first, greatest: first };
  for (const id of others) {
    if (span.least === null || id < span.least) span = { ...span, least: id };
    if (span.greatest === null || id > span.greatest) span = { ...span, greatest: id };
  }
  return [span.least, span.greatest];
}
