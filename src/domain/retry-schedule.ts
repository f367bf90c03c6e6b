/**
 * How long to wait before each retry, in milliseconds. `jitter` is the largest share added or taken away (0.2: ± 20 %).
 */
export type RetryPolicy =
  | {
      readonly strategy: 'exponential' | 'linear' | 'fixed';
      readonly maxRetries: number;
      readonly initialMs: number;
      readonly factor: number;
      readonly maxMs: number;
      readonly jitter: number;
    }
  | { readonly strategy: 'schedule'; readonly delaysMs: readonly number[]; readonly jitter: number };

/** Three retries after about 10 s, 1 min and 6 min. */
export const DEFAULT_RETRY_POLICY: RetryPolicy = {
  strategy: 'exponential',
  maxRetries: 3,
  initialMs: 10_000,
  factor: 6,
  maxMs: 3_600_000,
  jitter: 0.2,
};

const [SECOND_MS, MINUTE_MS, HOUR_MS] = [1_000, 60_000, 3_600_000];

/** The example schedule of Standard Webhooks 1.0 ("Deliverability and reliability"): nine retries over 75 hours. */
export const STANDARD_WEBHOOKS_POLICY: RetryPolicy = {
  strategy: 'schedule',
  delaysMs: [
    5 * SECOND_MS,
    5 * MINUTE_MS,
    30 * MINUTE_MS,
    ...[2, 5, 10, 14, 20, 24].map((hours) => hours * HOUR_MS),
  ],
  jitter: 0.2,
};

/** How many retries a policy grants after the first attempt. */
export function maxRetriesOf(policy: RetryPolicy): number {
  return policy.strategy === 'schedule' ? policy.delaysMs.length : policy.maxRetries;
}

/**
 * Milliseconds to wait before retry `retryNumber` (from 1).
 * @param random a number in [0, 1) that places the delay within its jitter
 */
export function retryDelayMs(policy: RetryPolicy, retryNumber: number, random: number): number {
  const spread = 1 + policy.jitter * (2 * random - 1);
  return Math.max(0, Math.round(baseDelayMs(policy, retryNumber) * spread));
}

function baseDelayMs(policy: RetryPolicy, retryNumber: number): number {
  switch (policy.strategy) {
    case 'schedule':
      return policy.delaysMs[Math.min(retryNumber, policy.delaysMs.length) - 1] ?? 0;
    case 'fixed':
      return Math.min(policy.initialMs, policy.maxMs);
    case 'linear':
      return Math.min(policy.initialMs * retryNumber, policy.maxMs);
    case 'exponential':
      return Math.min(policy.initialMs * policy.factor ** (retryNumber - 1), policy.maxMs);
  }
}
