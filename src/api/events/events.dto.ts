import { z } from 'zod';
import { DELIVERY_STATUSES, type DeliveryStatus } from '../../domain/delivery.ts';
import type { EventDetail, EventSummary, ListedEvent } from '../../storage/events/event-store.ts';
import type { AcceptedEvent } from '../../storage/events/publisher.ts';
import { dataFilterField } from '../finding/data-filter.ts';
import type { Caller } from '../platform/access/caller.ts';
import type { AnswerRoom } from '../platform/answers/answer-room.ts';
import { problemView } from '../platform/answers/document.ts';
import { deliveryCounts } from '../platform/answers/named-schemas.ts';
import { pageQuery } from '../platform/answers/paging.ts';
import { Problem } from '../platform/answers/problem.ts';
import type { ProblemOrigin } from '../platform/answers/problem-origin.ts';
import { RawJson } from '../platform/answers/raw-json.ts';
import { MAX_BATCH_EVENTS } from '../platform/http/json-body.ts';
import { idempotencyKey } from '../platform/idempotency/idempotency-key.ts';
import { dataField } from '../platform/input/data-field.ts';
import { customerId, eventTypeName, instant, ownId } from '../platform/input/fields.ts';
import { isPlainObject } from '../platform/input/json-object.ts';
import { metadataField } from '../platform/input/metadata-field.ts';

/** Body of publishing one event. */
export const newEvent = z
  .strictObject({
    event: eventTypeName,
    customer_id: customerId.nullable().optional().meta({
      description:
        "Required with the operator's key, unless broadcast is true. With a customer's key it is that customer.",
    }),
    broadcast: z
      .boolean()
      .optional()
      .meta({
        description:
          "For the operator's key: true sends an event of a broadcast type to every " +
          "customer's subscribed endpoints; customer_id is left out or null then.",
      }),
    data: dataField.meta({
      type: 'object',
      description:
        'At most `POSTHORN_MAX_EVENT_BYTES` (256 KiB unless the operator says otherwise), 64 levels ' +
        'deep, and valid against the JSON Schema of the event type (which reads numbers as 64-bit ' +
        'floats). Goes to receivers token for token: numbers of any size and spelling up to 1,000 ' +
        'characters, order of members, escapes; only white space between tokens goes.',
      examples: [{ job_id: 'job_1', status: 'completed', rows_processed: 1200 }],
    }),
    deliver_at: instant
      .nullable()
      .optional()
      .meta({
        type: ['string', 'null'],
        format: 'date-time',
        description: 'Deliver at this time, at most a year ahead; at once where absent.',
      }),
    uid: ownId.nullish().meta({
      description:
        'The producer’s own id: no two events of a customer have the same, ' +
        'for as long as they are kept (409 `event_uid_taken`).',
    }),
    occurred_at: instant.nullish().meta({
      type: ['string', 'null'],
      format: 'date-time',
      description: 'When it happened; when it was accepted where absent.',
    }),
    metadata: metadataField.nullish(),
  })
  .meta({
    id: 'NewEvent',
    examples: [
      { event: 'job.completed', customer_id: 'acme', data: { job_id: 'job_1', status: 'completed' } },
    ],
  });

/** One item of a batch. */
export const newBatchEvent = newEvent
  .extend({ idempotency_key: idempotencyKey.optional() })
  .meta({ id: 'NewBatchEvent' });

/** Body of publishing many: checked item by item, see `EventIntake`. */
export const newEventBatch = z
  .strictObject({
    events: z.array(newBatchEvent).min(1).max(MAX_BATCH_EVENTS),
    partial: z.boolean().optional().meta({
      description: 'Whether what is right is accepted although other events are not; else it is all or none.',
    }),
  })
  .meta({ id: 'NewEventBatch' });

/** The batch around its items, which are checked one by one. */
export const batchFrame = z.strictObject({
  events: z.array(z.unknown()).min(1).max(MAX_BATCH_EVENTS),
  partial: z.boolean().optional(),
});

export const eventQuery = z.strictObject({
  event: eventTypeName.optional(),
  customer_id: customerId.optional(),
  after: instant.optional().meta({ description: 'Accepted at or after this time.' }),
  before: instant.optional().meta({ description: 'Accepted before this time.' }),
  data: dataFilterField,
  uid: ownId.optional().meta({ description: 'The one of this uid, or of each customer one.' }),
  idempotency_key: idempotencyKey.optional().meta({
    description: 'Accepted under this key, within the day that keys are kept.',
  }),
  reached: z
    .literal('none')
    .optional()
    .meta({ description: 'Only those that no endpoint got: none matched, or all were disabled.' }),
  include: z.literal('data').optional().meta({ description: 'Items have their data; pages may be shorter.' }),
  ...pageQuery,
});
export type EventQuery = z.output<typeof eventQuery>;

const time = z.string().meta({ format: 'date-time' });

export const acceptedEventView = z
  .object({
    id: z.string(),
    event: z.string(),
    customer_id: z.string().nullable(),
    created_at: time,
    deliver_at: time.nullable(),
    uid: z.string().nullable(),
    deliveries: z
      .int()
      .meta({ description: "How many endpoints it goes to; a customer's key counts that customer's." }),
    hint: z.string().optional().meta({ description: 'Why it reaches nobody, where it does not.' }),
  })
  .meta({ id: 'AcceptedEvent' });
export const acceptedBatchView = z
  .object({ events: z.array(acceptedEventView) })
  .meta({ id: 'AcceptedEventBatch' });

/** What became of each event of a partial batch: accepted, or refused for a reason of its own. */
export const partialBatchView = z
  .object({
    events: z.array(
      z.union([
        z.object({ status: z.literal(202), event: acceptedEventView }).meta({ id: 'AcceptedItem' }),
        z.object({ status: z.int(), problem: problemView }).meta({ id: 'RefusedItem' }),
      ]),
    ),
  })
  .meta({ id: 'PartialEventBatch' });
export type PartialBatch = z.output<typeof partialBatchView>;

export const eventView = acceptedEventView
  .omit({ hint: true })
  .extend({
    cancelled_at: time.nullable(),
    erased_at: time.nullable().meta({ description: 'Since when its data is gone for good.' }),
    occurred_at: time.nullable(),
    metadata: metadataField.nullable(),
    test: z.boolean(),
  })
  .meta({ id: 'Event' });
const eventData = z
  .instanceof(RawJson)
  .meta({ type: 'object', description: 'As it was published, token for token; empty once it is erased.' });
const listedEventView = eventView.extend({ data: eventData.optional() }).meta({ id: 'Event' });
export const eventList = z
  .object({
    items: z.array(listedEventView),
    next_cursor: z.string().nullable(),
  })
  .meta({ id: 'EventList' });
export const eventDetailView = eventView
  .extend({
    data: eventData,
    sensitive: z
      .array(z.string())
      .meta({ description: 'Members of the data whose values stand as "***" here; receivers get them.' }),
    deliveries_by_status: deliveryCounts,
  })
  .meta({ id: 'EventDetail' });

/** Shapes what publishing answers; a customer learns nothing of endpoints that are not its own. */
export function showAccepted(
  accepted: Omit<AcceptedEvent, 'replayed'>,
  caller: Caller,
): z.output<typeof acceptedEventView> {
  return {
    id: accepted.id,
    event: accepted.event,
    customer_id: accepted.customerId,
    created_at: accepted.createdAt.toISOString(),
    deliver_at: accepted.deliverAt?.toISOString() ?? null,
    uid: accepted.uid,
    deliveries: caller.kind === 'operator' ? accepted.deliveries : accepted.customerDeliveries,
  };
}

/** Whether a batch asks that each event is judged for itself. */
export function isPartial(body: unknown): boolean {
  return isPlainObject(body) && body.partial === true;
}

/** Shapes what became of one event of a partial batch. */
export function showItem(
  result: AcceptedEvent | Problem,
  {
    caller,
    origin,
    room,
  }: { readonly caller: Caller; readonly origin: ProblemOrigin; readonly room: AnswerRoom },
): PartialBatch['events'][number] {
  if (!(result instanceof Problem)) return { status: 202, event: showAccepted(result, caller) };
  const problem = room.fit(result.toBody(origin));
  return { status: problem.status, problem };
}

function showEvent(event: EventSummary, caller: Caller): z.output<typeof eventView> {
  return {
    ...showAccepted(event, caller),
    cancelled_at: event.cancelledAt?.toISOString() ?? null,
    erased_at: event.erasedAt?.toISOString() ?? null,
    occurred_at: event.occurredAt?.toISOString() ?? null,
    metadata: event.metadata,
    test: event.isTest,
  };
}

/** Shapes an event for a list, with its data where that was asked for. */
export function showListedEvent(
  event: ListedEvent,
  caller: Caller,
): z.output<typeof eventList>['items'][number] {
  const { dataText } = event;
  return { ...showEvent(event, caller), ...(dataText !== null && { data: new RawJson(dataText) }) };
}

/** Shapes an event with its data, of which these members are masked, and the standing of its deliveries. */
export function showEventDetail(
  event: EventDetail,
  { caller, sensitive }: { readonly caller: Caller; readonly sensitive: readonly string[] },
): z.output<typeof eventDetailView> {
  const counts = DELIVERY_STATUSES.map((status) => [status, Number(event.countsByStatus[status] ?? 0)]);
  return {
    ...showEvent(event, caller),
    data: new RawJson(event.dataText),
    sensitive: [...sensitive],
    deliveries_by_status: Object.fromEntries(counts) as Record<DeliveryStatus, number>,
  };
}
