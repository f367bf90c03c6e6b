import type { BreakerState } from './breaker.ts';
import type { DataFilter } from './data-filter.ts';
import type { EndpointRoute } from './endpoint-route.ts';
import type { EndpointRules } from './endpoint-rules.ts';
import type { RetryPolicy } from './retry-schedule.ts';
import type { WireChoices } from './wire-choices.ts';

/** What an operator or customer sees of an endpoint's switch. */
export const ENDPOINT_STATUSES = ['enabled', 'paused', 'disabled'] as const;
export type EndpointStatus = (typeof ENDPOINT_STATUSES)[number];

/** A custom header; a sensitive value is stored encrypted and shown masked. */
export interface CustomHeader {
  readonly name: string;
  readonly value: string;
  readonly sensitive: boolean;
}

/** What can be set on an endpoint; durations in milliseconds. */
export interface EndpointSettings extends EndpointRules {
  readonly url: string;
  readonly events: readonly string[];
  /** Null lets every event through. */
  readonly filter: DataFilter | null;
  readonly description: string;
  /** Texts by name, for whoever gives them. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly headers: readonly CustomHeader[];
  readonly timeoutMs: number;
  readonly retry: RetryPolicy;
  readonly route: EndpointRoute | null;
  readonly wire: WireChoices;
  /** Whether what died while its breaker was open is sent once more when that closes. */
  readonly replayOnRecovery: boolean;
}

/** A customer's URL with its settings; `customerId` null belongs to the operator and hears of all customers' events. */
export interface Endpoint extends EndpointSettings {
  readonly id: string;
  readonly customerId: string | null;
  /** The id that whoever set it up gave it; no other endpoint of the customer has it. */
  readonly uid: string | null;
  readonly status: EndpointStatus;
  /** Why it was disabled (`by_hand`, `gone`, `failing`, `unverified`), null while enabled. */
  readonly disabledReason: string | null;
  /**
   * Since when it has its status, by whom (`operator`, a customer's key, who a signal names; null: nobody), and what
   * they said.
   */
  readonly statusSince: Date;
  readonly statusBy: string | null;
  readonly statusReason: string | null;
  /** When its pause ends by itself; null where it does not, or it is not paused. */
  readonly pausedUntil: Date | null;
  readonly breakerState: BreakerState;
  /** Until when former signing secrets are live beside the newest; null where there are none. */
  readonly secretOverlapEndsAt: Date | null;
  /** Of its live keys for `v1a`, the primary secret's first. */
  readonly publicKeys: readonly string[];
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export const DEFAULT_TIMEOUT_MS = 30_000;

/** Least and most of each number that can be set. */
export const ENDPOINT_LIMITS = {
  timeoutMs: { min: 100, max: 120_000 },
  maxRetries: { min: 0, max: 20 },
  delays: { min: 1, max: 20 },
  delayMs: { min: 100, max: 604_800_000 },
  factor: { min: 1, max: 10 },
  jitter: { min: 0, max: 1 },
  headers: { max: 32, maxBytes: 4096 },
  urlLength: { max: 2048 },
  descriptionLength: { max: 1024 },
  events: { min: 1, max: 100 },
  rateLimit: { min: 1, max: 100_000 },
  maxConcurrency: { min: 1, max: 1_000 },
  batchEvents: { min: 1, max: 1_000 },
  batchWaitMs: { min: 100, max: 3_600_000 },
  batchBytes: { min: 1_024, max: 5_242_880 },
  consecutiveFailures: { min: 1, max: 1_000 },
  failureRatio: { min: 0.01, max: 1 },
  minimumAttempts: { min: 1, max: 10_000 },
  windowMs: { min: 1_000, max: 3_600_000 },
  cooldownMs: { min: 1_000, max: 86_400_000 },
} as const;

/** The overlap of a rotation of its secret in seconds (at most 30 days), and how many secrets may be live at once. */
export const SECRET_LIMITS = {
  overlapSeconds: { min: 0, max: 2_592_000, initial: 86_400 },
  live: { max: 5 },
} as const;

/** What is shown in place of a sensitive value. */
export const MASK = '***';

const SENSITIVE_NAMES =
  /^(authorization|proxy-authorization|cookie|set-cookie|x-api-key|api-key|x-auth-token)$/i;

/** Whether a header's value is treated as sensitive although nobody marked it so. */
export function isSensitiveHeaderName(name: string): boolean {
  return SENSITIVE_NAMES.test(name);
}
