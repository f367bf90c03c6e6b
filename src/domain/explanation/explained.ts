import type { BreakerState } from '../breaker.ts';
import type { DataFilter } from '../data-filter.ts';
import type { DeadReason, DeliveryStatus } from '../delivery.ts';
import type { EndpointStatus } from '../endpoint.ts';
import { HOLD_REASONS, type HoldReason } from '../hold-reason.ts';

/** What became of an event at one endpoint. */
export const EXPLAINED_OUTCOMES = [
  'delivered',
  'waiting',
  'dead',
  'cancelled',
  'skipped',
  'not_matched',
] as const;
export type ExplainedOutcome = (typeof EXPLAINED_OUTCOMES)[number];

/** Why it became that: what holds it, why it died, was cancelled or skipped, or what kept it from the endpoint. */
export const EXPLANATION_RULES = [
  ...HOLD_REASONS,
  'scheduled',
  'queued',
  'sending',
  'retrying',
  'retries_exhausted',
  'endpoint_gone',
  'destination_not_allowed',
  'expired',
  'test_failed',
  'cancelled',
  'endpoint_deleted',
  'event_cancelled',
  'erased',
  'by_hand',
  'gone',
  'failing',
  'unverified',
  'not_subscribed',
  'opt_in',
  'filtered',
  'created_later',
  'deleted_before',
  'only_one_endpoint',
  'operators_only',
  'about_itself',
  'not_kept',
] as const;
export type ExplanationRule = (typeof EXPLANATION_RULES)[number];

/** What became of an event at an endpoint, by which rule (null of what was delivered), and in words for people. */
export interface Explanation {
  readonly outcome: ExplainedOutcome;
  readonly rule: ExplanationRule | null;
  readonly sentence: string;
}

/** The event that is explained. */
export interface ExplainedEvent {
  readonly event: string;
  readonly dataText: string;
  readonly isTest: boolean;
  readonly createdAt: Date;
  readonly cancelledAt: Date | null;
  readonly erasedAt: Date | null;
  /** Of its type: whether it has to be named in full, and what filters can look at. */
  readonly optIn: boolean;
  readonly searchable: readonly string[];
  /** Members whose values no sentence may show. */
  readonly sensitive: readonly string[];
}

/** How an endpoint was switched, since when and by whom (null: Posthorn itself), and what they said. */
export interface SwitchedState {
  readonly status: EndpointStatus;
  readonly disabledReason: string | null;
  readonly since: Date;
  readonly by: string | null;
  readonly reason: string | null;
}

/** What an endpoint was when an event was accepted. */
export interface EndpointThen extends SwitchedState {
  readonly url: string;
  readonly events: readonly string[];
  readonly filter: DataFilter | null;
  readonly breakerState: BreakerState;
  readonly isDeleted: boolean;
}

/** What an endpoint is now. */
export interface EndpointNow extends SwitchedState {
  readonly id: string;
  readonly customerId: string | null;
  readonly createdAt: Date;
  readonly deletedAt: Date | null;
  /** When its open breaker tries again. */
  readonly probeAt: Date | null;
}

/** Where the delivery of an event to an endpoint stands now. */
export interface DeliveryNow {
  readonly id: string;
  readonly status: DeliveryStatus;
  readonly attemptsMade: number;
  readonly lastErrorCode: string | null;
  readonly deadReason: DeadReason | null;
  readonly dueAt: Date | null;
  readonly finishedAt: Date | null;
  readonly heldBy: HoldReason | null;
  /** The first in line before it, where its endpoint keeps the order. */
  readonly behind: string | null;
}

/**
 * What is known of an event at one endpoint; `endpointThen` is null where the endpoint was not there, or that is not
 * kept.
 */
export interface EventAtEndpoint {
  readonly endpoint: EndpointNow;
  readonly endpointThen: EndpointThen | null;
  readonly delivery: DeliveryNow | null;
  /** Whether its delivery is still to be made, since the event goes to very many endpoints. */
  readonly isToBeMade: boolean;
}
