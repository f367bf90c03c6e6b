import { z } from 'zod';
import { HOLD_REASONS } from '../../domain/hold-reason.ts';
import type { DeliveryState } from '../../storage/history/delivery-store.ts';
import type { DeliveryRuns } from '../../temporal/delivery-runs.ts';
import type { Caller } from '../platform/access/caller.ts';
import { deliveryStatus, errorCode } from '../platform/answers/named-schemas.ts';
import { attemptAnswer } from './attempt-view.ts';

/** A delivery as lists show it. */
export const deliveryAnswer = z
  .object({
    id: z.string().meta({ examples: ['del_01J8Q2M4T6V8X0Z2B4D6F8H0K2'] }),
    event_id: z.string(),
    endpoint_id: z.string(),
    event: z.string(),
    customer_id: z.string().nullable().meta({ description: 'Customer of the endpoint.' }),
    status: deliveryStatus,
    test: z.boolean().meta({ description: 'Whether the test action of the endpoint made it.' }),
    attempts_made: z.int(),
    next_attempt_at: z.iso
      .datetime()
      .nullable()
      .meta({ description: 'Of a held one: not before this time.' }),
    last_status_code: z.int().nullable(),
    last_error_code: errorCode.nullable(),
    last_codes: z.array(z.string()).meta({
      description:
        'What the last six attempts at most were answered, the newest last: the status code, else the error code.',
      examples: [['503', 'timeout', '200']],
    }),
    dead_reason: z.string().nullable(),
    position: z
      .int()
      .nullable()
      .meta({ description: 'Its place in line, of an endpoint that keeps the order.' }),
    batch_id: z.string().nullable().meta({ description: 'The batch it goes with, once that is formed.' }),
    replay_id: z.string().nullable().meta({ description: 'The replay that it was sent once more by.' }),
    retry_requested: z.boolean().meta({
      description:
        'Whether a manual attempt was asked for and has not begun. Until ' +
        'it has, everything else tells what was before.',
    }),
    created_at: z.iso.datetime(),
    finished_at: z.iso.datetime().nullable(),
    workflow_id: z.string().nullable().meta({
      description:
        'The workflow `deliver` that made the last attempt; null before the first, and where a wave made it.',
    }),
    run_id: z.string().nullable().meta({ description: 'Its run; null likewise.' }),
    temporal_url: z.string().nullable().meta({
      description: 'That run in the Temporal UI; null likewise, and for everybody but the operator.',
    }),
  })
  .meta({ id: 'Delivery' });

export type DeliveryAnswer = z.infer<typeof deliveryAnswer>;

/** A page of deliveries, newest first. */
export const deliveryPage = pageOf(deliveryAnswer).meta({ id: 'DeliveryList' });

/** A page of attempts, newest first. */
export const attemptPage = pageOf(attemptAnswer).meta({ id: 'AttemptList' });

/** A delivery as it is read alone: with what holds it back, and its last attempts, the first of them first. */
export const deliveryWithAttempts = deliveryAnswer
  .extend({
    held_by: z.enum(HOLD_REASONS).nullable().meta({
      description: 'While held: the strongest reason why; `backlog` goes step by step, `retry` is not due.',
    }),
    attempts: z.array(attemptAnswer).meta({
      description: 'The last 20 at most; `GET /v1/deliveries/{id}/attempts` pages through all of them.',
    }),
  })
  .meta({ id: 'DeliveryWithAttempts' });

export type DeliveryWithAttempts = z.infer<typeof deliveryWithAttempts>;

/** The answer of a list of these items. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), next_cursor: z.string().nullable() });
}

/** Shapes a delivery for its reader; only the operator gets the link into Temporal. */
export function showDelivery(
  delivery: DeliveryState,
  { caller, runs }: { readonly caller: Caller; readonly runs: Pick<DeliveryRuns, 'urlOf'> },
): DeliveryAnswer {
  const { id, runId } = delivery;
  return {
    id,
    event_id: delivery.eventId,
    endpoint_id: delivery.endpointId,
    event: delivery.event,
    customer_id: delivery.customerId,
    status: delivery.status,
    test: delivery.isTest,
    attempts_made: delivery.attemptsMade,
    next_attempt_at: nextAttemptAt(delivery),
    last_status_code: delivery.lastStatusCode,
    last_error_code: delivery.lastErrorCode,
    last_codes: [...delivery.lastCodes],
    dead_reason: delivery.deadReason,
    position: delivery.position,
    batch_id: delivery.batchId,
    replay_id: delivery.replayId,
    retry_requested: delivery.isRetryRequested,
    created_at: delivery.createdAt.toISOString(),
    finished_at: delivery.finishedAt?.toISOString() ?? null,
    workflow_id: runId === null ? null : id,
    run_id: runId,
    temporal_url: runId !== null && caller.kind === 'operator' ? runs.urlOf(id, runId) : null,
  };
}

function nextAttemptAt({ status, dueAt }: DeliveryState): string | null {
  const isPlanned = status === 'queued' || status === 'retrying' || status === 'scheduled';
  const isHeldUntil = status === 'held' && dueAt !== null && dueAt > new Date();
  return isPlanned || isHeldUntil ? (dueAt?.toISOString() ?? null) : null;
}
