import { z } from 'zod';
import { ENDED_STATUSES } from '../../../domain/delivery.ts';
import { adviceFor } from '../../../domain/error-code.ts';
import type { FeedOutcome, FeedPosition } from '../../../storage/stats/outcome-feed.ts';
import { showMilliseconds } from '../../platform/answers/milliseconds.ts';
import { errorCode } from '../../platform/answers/named-schemas.ts';
import { instant, refusal } from '../../platform/input/fields.ts';
import { deliveryFilterFields } from '../delivery.dto.ts';

const OUTCOME_STATUSES = [...ENDED_STATUSES, 'open'] as const;
type OutcomeStatus = (typeof OUTCOME_STATUSES)[number];

const statuses = z
  .string()
  .transform((text) => text.split(','))
  .refine(
    (words): words is OutcomeStatus[] =>
      words.every((word) => OUTCOME_STATUSES.some((status) => status === word)),
    refusal('invalid_status', `Must be one or more of ${OUTCOME_STATUSES.join(', ')}, separated by commas.`),
  )
  .meta({ description: 'What became of the delivery; several between commas.', examples: ['dead,open'] });

const { endpoint_id, customer_id, event, error_code } = deliveryFilterFields;

/** Query of `GET /v1/deliveries/stream`. */
export const streamQuery = z.strictObject({
  endpoint_id,
  customer_id,
  event,
  error_code,
  status: statuses.optional(),
  after: instant.optional().meta({
    description:
      'Begins with what happened at this time or later, an hour ago at the earliest; else with what happens next.',
  }),
});
export type StreamQuery = z.output<typeof streamQuery>;

/** The `data` of a message `outcome`. */
export const outcomeAnswer = z
  .object({
    delivery_id: z.string(),
    endpoint_id: z.string(),
    customer_id: z.string().nullable().meta({ description: 'Customer of the endpoint.' }),
    event: z.string(),
    status: z
      .enum(OUTCOME_STATUSES)
      .meta({ description: 'What became of the delivery; `open` where it goes on.' }),
    attempt: z.int().nullable().meta({ description: 'Its number; null of an end without an attempt.' }),
    trigger: z.enum(['automatic', 'manual', 'test']).nullable(),
    started_at: z.iso.datetime().nullable(),
    duration_ms: z.number().nullable(),
    status_code: z.int().nullable(),
    error_code: errorCode.nullable(),
    advice: z.string().nullable().meta({ description: 'What to do about the error.' }),
    at: z.iso.datetime().meta({ description: 'When it was written down.' }),
  })
  .meta({ id: 'DeliveryOutcome' });
export type OutcomeAnswer = z.output<typeof outcomeAnswer>;

/** An outcome as its readers see it. */
export function showOutcome(outcome: FeedOutcome): OutcomeAnswer {
  return {
    delivery_id: outcome.deliveryId,
    endpoint_id: outcome.endpointId,
    customer_id: outcome.customerId,
    event: outcome.event,
    status: outcome.became ?? 'open',
    attempt: outcome.attempt,
    trigger: outcome.trigger,
    started_at: outcome.startedAt?.toISOString() ?? null,
    duration_ms: showMilliseconds(outcome.durationMs),
    status_code: outcome.statusCode,
    error_code: outcome.errorCode,
    advice: outcome.errorCode === null ? null : adviceFor(outcome.errorCode),
    at: new Date(outcome.position.atMs).toISOString(),
  };
}

/** Whether a reader asked for an outcome. `customerId` is undefined for all customers. */
export function isWanted(query: StreamQuery, customerId: string | undefined) {
  return (outcome: FeedOutcome): boolean =>
    (customerId === undefined || outcome.customerId === customerId) &&
    (query.endpoint_id === undefined || outcome.endpointId === query.endpoint_id) &&
    (query.event === undefined || outcome.event === query.event) &&
    (query.error_code === undefined || outcome.errorCode === query.error_code) &&
    (query.status?.includes(outcome.became ?? 'open') ?? true) &&
    (query.after === undefined || outcome.position.atMs >= query.after.getTime());
}

/** A place in the stream as the id of a message. */
export function eventIdOf({ xid, row, place, atMs }: FeedPosition): string {
  return `${xid}-${row}-${place}-${Math.floor(atMs)}`;
}

/** The place that a message's id names; null where it is none of ours. */
export function placeOf(eventId: string): FeedPosition | null {
  const [, xid, row, place, atMs] = EVENT_ID.exec(eventId) ?? [];
  if (xid === undefined || row === undefined) return null;
  return { xid: BigInt(xid), row: BigInt(row), place: Number(place), atMs: Number(atMs) };
}

const EVENT_ID = /^(\d{1,18})-(\d{1,18})-(\d{1,6})-(\d{1,15})$/;
