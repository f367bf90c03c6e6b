/** Counts of one stretch of time within the breaker's window. */
export interface WindowBucket {
  readonly startedAt: number;
  readonly attempts: number;
  readonly failures: number;
}

/** The breaker's sliding window: at most ten stretches, oldest first. */
export type BreakerWindow = readonly WindowBucket[];

/** Into how many stretches the window is cut; it reaches back between nine and ten tenths of its length. */
export const WINDOW_BUCKETS = 10;

/**
 * Counts one result as of now, and forgets what the window no longer covers, as well as stretches of a future that a
 * clock took back.
 */
export function countResult(
  window: BreakerWindow,
  isSuccess: boolean,
  { now, windowMs }: { readonly now: number; readonly windowMs: number },
): BreakerWindow {
  const bucketMs = windowMs / WINDOW_BUCKETS;
  const startedAt = Math.floor(now / bucketMs) * bucketMs;
  const covered = window.filter((bucket) => Math.abs(now - bucket.startedAt) < windowMs);
  const failures = isSuccess ? 0 : 1;
  const newest = covered.at(-1);
  if (newest === undefined || newest.startedAt < startedAt)
    return [...covered, { startedAt, attempts: 1, failures }].slice(-WINDOW_BUCKETS);
  const counted = { ...newest, attempts: newest.attempts + 1, failures: newest.failures + failures };
  return [...covered.slice(0, -1), counted];
}

/** All attempts and failures of the window. */
export function totalsOf(window: BreakerWindow): { readonly attempts: number; readonly failures: number } {
  return window.reduce(
    (sum, bucket) => ({
      attempts: sum.attempts + bucket.attempts,
      failures: sum.failures + bucket.failures,
    }),
    { attempts: 0, failures: 0 },
  );
}
