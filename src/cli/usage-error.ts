/** A command line that makes no sense; the message says what is wrong with it. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The one id among the arguments, ready for a path. @throws UsageError where there is none, or more */
export function onlyId(positionals: readonly string[]): string {
  const [id, ...rest] = positionals;
  if (id === undefined || rest.length > 0) throw new UsageError('name one key by its id, such as key_01J8…');
  return encodeURIComponent(id);
}
