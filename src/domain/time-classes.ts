/** A class reaches to this times its lower bound, so that its middle is within 5 % of every time in it. */
export const CLASS_RATIO = 1.1;
/** What is shorter belongs to the lowest class. */
export const SHORTEST_MS = 0.1;

/** How many times fell into a class. */
export interface ClassCount {
  readonly class: number;
  readonly count: number;
}

/** The class of a time: 0 up to `SHORTEST_MS`, each further one a tenth wider than the one before. */
export function classOf(ms: number): number {
  return ms <= SHORTEST_MS ? 0 : Math.ceil(Math.log(ms / SHORTEST_MS) / Math.log(CLASS_RATIO));
}

/** The time that stands for a class: the geometric middle of its bounds. */
export function middleOf(timeClass: number): number {
  return timeClass === 0 ? SHORTEST_MS : SHORTEST_MS * CLASS_RATIO ** (timeClass - 0.5);
}

/** The time below which this share of them lies, within 5 %; null where there are none. @param share between 0 and 1 */
export function percentile(counts: readonly ClassCount[], share: number): number | null {
  const sorted = counts.toSorted((a, b) => a.class - b.class);
  const total = sorted.reduce((sum, { count }) => sum + count, 0);
  let below = 0;
  for (const { class: timeClass, count } of sorted) {
    below += count;
    if (count > 0 && below >= share * total) return middleOf(timeClass);
  }
  return null;
}
