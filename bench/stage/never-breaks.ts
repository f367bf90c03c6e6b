/** Settings of a breaker that nothing that is tried here opens. */
export const NEVER_BREAKS = { consecutive_failures: 1_000, failure_ratio: 1, minimum_attempts: 10_000 };
