/** How many requests a key, or all keys of a customer together, may send in a window. */
export interface ApiQuota {
  readonly policy: 'key' | 'customer';
  readonly limit: number;
}

/** One window as it stands after a request: how many were counted, and how long it still lasts. */
export interface QuotaUse {
  readonly used: number;
  readonly resetsInMs: number;
}

/** Length of every window; they begin with each full minute of the database's clock. */
export const QUOTA_WINDOW_SECONDS = 60;

/** At which shares of a quota its customer is told. */
const THRESHOLD_PERCENTS = [100, 80] as const;
export type ThresholdPercent = (typeof THRESHOLD_PERCENTS)[number];

/** Whether the request that was counted last is beyond the quota. */
export function isBeyond({ limit }: ApiQuota, { used }: QuotaUse): boolean {
  return used > limit;
}

/** The thresholds that this use has reached, the highest first. */
export function reachedThresholds({ limit }: ApiQuota, { used }: QuotaUse): readonly ThresholdPercent[] {
  return THRESHOLD_PERCENTS.filter((percent) => used * 100 >= limit * percent);
}

/**
 * The headers `RateLimit-Policy` and `RateLimit` for these quotas (draft-ietf-httpapi-ratelimit-headers-10, structured
 * fields).
 */
export function describeQuotas(
  uses: readonly { readonly quota: ApiQuota; readonly use: QuotaUse }[],
): Readonly<Record<'RateLimit-Policy' | 'RateLimit', string>> {
  const policies = uses.map(({ quota }) => `"${quota.policy}";q=${quota.limit};w=${QUOTA_WINDOW_SECONDS}`);
  const states = uses.map(({ quota, use }) => {
    return `"${quota.policy}";r=${Math.max(0, quota.limit - use.used)};t=${secondsLeft(use)}`;
  });
  return { 'RateLimit-Policy': policies.join(', '), RateLimit: states.join(', ') };
}

/** Whole seconds until the window ends, at least one. */
export function secondsLeft({ resetsInMs }: QuotaUse): number {
  return Math.max(1, Math.ceil(resetsInMs / 1_000));
}
