import { defineSearchAttributeKey } from '@temporalio/common';
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { DeliveryStart } from '../src/domain/delivery-start.ts';
import type { ReplayStart } from '../src/domain/replay.ts';

/** Names under which clients start the workflows; the functions in `index.ts` carry them too. */
export const DELIVER_WORKFLOW = 'deliver';
export const WAVE_WORKFLOW = 'wave';
export const GATE_WORKFLOW = 'gate';
export const REPLAY_WORKFLOW = 'replay';
export const HOUSEKEEPING_WORKFLOW = 'housekeeping';

/** Drains wait on a queue of their own, from which each worker takes one at a time. */
export const WAVE_TASK_QUEUE = 'posthorn-waves';

export type DeliverInput = DeliveryStart;

/** Sends a delivery again. Without a mark (as from the Temporal UI) the run marks it in Postgres itself first. */
export interface RetryMessage {
  readonly mark?: string;
}

/** What a run of `deliver` says about itself. */
export interface DeliverProgress {
  readonly delivery_id: string;
  readonly status: 'sending' | 'waiting' | 'closed';
  readonly attempts_made: number;
  readonly last_result: string | null;
  /** RFC 3339; null while nothing is waited for. */
  readonly waiting_until: string | null;
}

export const retrySignal = defineSignal<[(RetryMessage | null)?]>('retry');
export const cancelSignal = defineSignal('cancel');
export const progressQuery = defineQuery<DeliverProgress | WaveProgress | ReplayProgress>('progress');

/** One of the lanes that share what is due; `attempts` is what earlier runs of it made. */
export interface WaveInput {
  readonly lane: number;
  readonly attempts: number;
}

/** What a run of `wave` says about itself. */
export interface WaveProgress {
  readonly lane: number;
  readonly status: 'rolling' | 'waiting';
  readonly attempts_made: number;
  /** RFC 3339; null while nothing is waited for. */
  readonly waiting_until: string | null;
}

export const wakeSignal = defineSignal('wake');

/** Whose gate it is; `attempts` is what earlier runs of it made. */
export interface GateInput {
  readonly endpointId: string;
  readonly attempts: number;
}

/** Who pauses or resumes, and what for. */
export interface PauseMessage {
  readonly by?: unknown;
  readonly reason?: unknown;
}

/** What a run of `gate` says about itself. */
export interface GateState {
  readonly endpoint_id: string;
  readonly state: 'draining' | 'paused' | 'breaker_open' | 'waiting' | 'over';
  readonly attempts_made: number;
  /** RFC 3339; null while it waits for nothing, or for a person. */
  readonly until: string | null;
}

export const pauseSignal = defineSignal<[(PauseMessage | null)?]>('pause');
export const resumeSignal = defineSignal<[(PauseMessage | null)?]>('resume');
export const pauseUpdate = defineUpdate<void, [(PauseMessage | null)?]>('pause');
export const resumeUpdate = defineUpdate<void, [(PauseMessage | null)?]>('resume');
export const gateStateQuery = defineQuery<GateState>('state');

export type ReplayInput = ReplayStart;

/** What a run of `replay` says about itself, in deliveries. */
export interface ReplayProgress {
  readonly replay_id: string;
  readonly status: 'releasing' | 'waiting' | 'over';
  readonly total: number;
  readonly released: number;
  readonly delivered: number;
  readonly dead: number;
  readonly remaining: number;
}

/** What a housekeeping run removes: what ended longer ago than this. */
export interface HousekeepingInput {
  readonly retentionDays: number;
  /** Of entries of the audit log. */
  readonly auditRetentionDays: number;
}

/** Typed search attributes of runs; registered with the server at start-up. */
export const ENDPOINT_ID = defineSearchAttributeKey('EndpointId', 'KEYWORD');
export const CUSTOMER_ID = defineSearchAttributeKey('CustomerId', 'KEYWORD');
export const EVENT_TYPE = defineSearchAttributeKey('EventType', 'KEYWORD');
export const DELIVERY_STATUS = defineSearchAttributeKey('DeliveryStatus', 'KEYWORD');
export const SEARCH_ATTRIBUTES = [ENDPOINT_ID, CUSTOMER_ID, EVENT_TYPE, DELIVERY_STATUS] as const;
