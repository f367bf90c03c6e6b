import type { AttemptOutcome, AttemptTrigger } from './attempt.ts';
import type { ErrorCode } from './error-code.ts';
import { retryAfterMs } from './retry-after.ts';
import { maxRetriesOf, type RetryPolicy, retryDelayMs } from './retry-schedule.ts';

/**
 * Where a delivery stands. `delivered`, `dead`, `cancelled` and `skipped` are ends; a manual retry can reopen all but
 * `cancelled`.
 */
export const DELIVERY_STATUSES = [
  'scheduled',
  'queued',
  'sending',
  'retrying',
  'held',
  'delivered',
  'dead',
  'cancelled',
  'skipped',
] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

/** The states from which nothing happens by itself any more. */
export const ENDED_STATUSES = [
  'delivered',
  'dead',
  'cancelled',
  'skipped',
] as const satisfies readonly DeliveryStatus[];

/** Whether nothing happens by itself any more in this state. */
export function isEnded(status: DeliveryStatus): boolean {
  return ENDED_STATUSES.some((ended) => ended === status);
}

/** The others: something is still to happen. */
export const OPEN_STATUSES = [
  'scheduled',
  'queued',
  'sending',
  'retrying',
  'held',
] as const satisfies readonly DeliveryStatus[];

/** Whose time has come and that have not ended; only these stand in a line. */
export const STARTED_STATUSES = [
  'queued',
  'sending',
  'retrying',
  'held',
] as const satisfies readonly DeliveryStatus[];

/** Those of which an attempt is to be made without anybody's asking; what nobody sends at this moment. */
export const PENDING_STATUSES = ['queued', 'retrying', 'held'] as const satisfies readonly DeliveryStatus[];

/** Those of which no gate holds back the next attempt. */
export const WAITING_STATUSES = ['queued', 'retrying'] as const satisfies readonly DeliveryStatus[];

/** Those that a replay may send anew. */
export const REPLAYABLE_STATUSES = ['dead', 'skipped'] as const satisfies readonly DeliveryStatus[];

/** Those that nobody can ask to be sent by hand: its time has not come, it is being sent, or it was ended for good. */
export const UNRETRYABLE_STATUSES = [
  'scheduled',
  'sending',
  'cancelled',
] as const satisfies readonly DeliveryStatus[];

/** Why a delivery is dead: out of retries, refused for good, kept from a forbidden address, or too old while held. */
export type DeadReason =
  | 'retries_exhausted'
  | 'endpoint_gone'
  | 'destination_not_allowed'
  | 'expired'
  | 'test_failed';

/** What a delivery was when it was claimed; enough to decide what becomes of it. */
export interface ClaimedDelivery {
  readonly trigger: AttemptTrigger;
  /** The number of this attempt, from 1. */
  readonly attempt: number;
  /** Retries of the budget used before this attempt. */
  readonly retriesUsed: number;
  readonly retry: RetryPolicy;
}

/**
 * What an attempt makes of its delivery. `restored` returns to the state before a manual retry; a free retry takes none
 * of the budget.
 */
export type Verdict =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'retry'; readonly delayMs: number; readonly isFree?: boolean }
  | { readonly kind: 'dead'; readonly reason: DeadReason }
  | { readonly kind: 'restored' };

/**
 * While our own network is suspected, what cannot reach anybody need not try as often or as seldom as a policy may ask
 * for.
 */
const FREE_RETRY_LEAST_MS = 5_000;
const FREE_RETRY_MOST_MS = 300_000;
const AWAY_DELAY_MS = 1_000;

/**
 * Decides what follows from an attempt.
 * @param chance the time, a random number in [0, 1) for jitter, whether the failure is laid to our own network, and
 *   whether the request was handed to somebody who listens
 */
export function decide(
  delivery: ClaimedDelivery,
  outcome: Pick<AttemptOutcome, 'statusCode' | 'errorCode' | 'retryAfter'>,
  chance: {
    readonly now: number;
    readonly random: number;
    readonly isExcused?: boolean;
    readonly isRelayed?: boolean;
  },
): Verdict {
  if (outcome.errorCode === null) return { kind: 'delivered' };
  if (delivery.trigger === 'test') return { kind: 'dead', reason: 'test_failed' };
  if (delivery.trigger === 'manual') return { kind: 'restored' };
  if (chance.isRelayed === true) return retryWhileListening(delivery, outcome.errorCode, chance.random);
  const refusal = permanentRefusal(outcome.errorCode);
  if (refusal !== null) return { kind: 'dead', reason: refusal };
  if (chance.isExcused === true) return freeRetry(delivery, chance.random);
  const retryNumber = delivery.retriesUsed + 1;
  if (retryNumber > maxRetriesOf(delivery.retry)) return { kind: 'dead', reason: 'retries_exhausted' };
  const scheduled = retryDelayMs(delivery.retry, retryNumber, chance.random);
  const asked = retryAfterMs(outcome.retryAfter, chance.now) ?? 0;
  return { kind: 'retry', delayMs: Math.max(scheduled, asked) };
}

/** Whether a failure says that the endpoint itself is gone, so that it must be disabled (410 Gone). */
export function disablesEndpoint(errorCode: ErrorCode | null): boolean {
  return errorCode === 'http_410';
}

/** As long after each attempt as the schedule would have it, were it not used up, within bounds. */
function freeRetry({ retry, attempt }: ClaimedDelivery, random: number): Verdict {
  const scheduled = retryDelayMs(retry, attempt, random);
  const delayMs = Math.min(Math.max(scheduled, FREE_RETRY_LEAST_MS), FREE_RETRY_MOST_MS);
  return { kind: 'retry', delayMs, isFree: true };
}

/**
 * By the schedule for as long as they listen, and never dead; what could not be handed over is due once they are back.
 */
function retryWhileListening(
  { retry, attempt }: ClaimedDelivery,
  errorCode: ErrorCode,
  random: number,
): Verdict {
  const delayMs = errorCode === 'listener_away' ? AWAY_DELAY_MS : retryDelayMs(retry, attempt, random);
  return { kind: 'retry', delayMs, isFree: true };
}

function permanentRefusal(errorCode: ErrorCode): DeadReason | null {
  if (errorCode === 'http_410') return 'endpoint_gone';
  return errorCode === 'destination_not_allowed' ? 'destination_not_allowed' : null;
}
