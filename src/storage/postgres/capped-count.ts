/** A count that goes no further than `MAX_COUNTED`. */
export interface CappedCount {
  readonly count: number;
  /** Whether there are more. */
  readonly isCapped: boolean;
}

/** Counting stops here: nobody reads beyond it, and more rows take longer than a page may. */
export const MAX_COUNTED = 10_000;

/** Shapes a count that looked one further than it counts. */
export function capped(count: number): CappedCount {
  return { count: Math.min(count, MAX_COUNTED), isCapped: count > MAX_COUNTED };
}
