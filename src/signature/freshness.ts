import { WebhookVerificationError } from './verification-error.ts';

/** How receivers judge a timestamp's age: within `toleranceSeconds` (300) of `now` (the system's clock), either way. */
export interface FreshnessOptions {
  readonly toleranceSeconds?: number | undefined;
  readonly now?: Date | undefined;
}

/** Seconds either way within which a timestamp counts as fresh, as Standard Webhooks libraries have it. */
export const DEFAULT_TOLERANCE_SECONDS = 300;

/** The Unix seconds of a body's `timestamp` (RFC 3339, UTC, whole seconds, a date that exists), or undefined. */
export function parseBodyTimestamp(value: unknown): number | undefined {
  if (typeof value !== 'string' || !BODY_TIMESTAMP.test(value)) return undefined;
  const milliseconds = Date.parse(value);
  if (Number.isNaN(milliseconds)) return undefined;
  // Date.parse rolls 30 February over into March.
  return new Date(milliseconds).toISOString().startsWith(value.slice(0, -1))
    ? milliseconds / 1000
    : undefined;
}

/**
 * The number in a `webhook-timestamp`: Unix seconds in plain digits, too few of them to be milliseconds; or undefined.
 */
export function parseUnixSeconds(value: unknown): number | undefined {
  return typeof value === 'string' && UNIX_SECONDS.test(value) ? Number(value) : undefined;
}

/** The error for a timestamp too far from now, to report (not thrown); undefined where it is fresh. */
export function findStaleness(
  seconds: number,
  options: FreshnessOptions,
): WebhookVerificationError | undefined {
  const { toleranceSeconds = DEFAULT_TOLERANCE_SECONDS, now = new Date() } = options;
  const ageSeconds = Math.floor(now.getTime() / 1000) - seconds;
  // Asked this way round, NaN from a broken clock or tolerance refuses.
  if (Math.abs(ageSeconds) <= toleranceSeconds) return undefined;
  const [code, direction] =
    ageSeconds < 0 ? (['timestamp_too_new', 'ahead'] as const) : (['timestamp_too_old', 'old'] as const);
  const message = `The timestamp is ${Math.abs(ageSeconds)} s ${direction}; at most ${toleranceSeconds} s are allowed.`;
  return new WebhookVerificationError(code, message);
}

const BODY_TIMESTAMP = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;
// Ten digits reach the year 2286; milliseconds have thirteen.
const UNIX_SECONDS = /^\d{1,10}$/;
