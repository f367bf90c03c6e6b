/** SQL: how long an idempotency key is remembered. */
export const IDEMPOTENCY_WINDOW = "interval '24 hours'";

/** SQL: a parameter or column in milliseconds as an interval. */
export function milliseconds(operand: string): string {
  return `make_interval(secs => ${operand}::float8 / 1000)`;
}

/** SQL: a time in milliseconds since the epoch. */
export function epochMs(time: string): string {
  return `(extract(epoch FROM ${time}) * 1000)::float8`;
}

/**
 * SQL: milliseconds until a time, below 0 where it has passed.
 * @param now the clock, or `now()` for what begins with the transaction
 */
export function msUntil(time: string, now: 'clock_timestamp()' | 'now()' = 'clock_timestamp()'): string {
  return `(extract(epoch FROM ${time} - ${now}) * 1000)::float8`;
}

/** SQL: the same, 0 where it has passed. */
export function waitMsUntil(time: string, now: 'clock_timestamp()' | 'now()' = 'clock_timestamp()'): string {
  return `greatest(0, extract(epoch FROM ${time} - ${now}) * 1000)::float8`;
}
