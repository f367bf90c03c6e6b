import type { DeliveryStart } from '../../domain/delivery-start.ts';
import { newId } from '../../new-id.ts';
import type { MatchedEndpoint } from './match-endpoints.ts';
import type { DraftEvent } from './new-event.ts';

/** A delivery that is about to be inserted. */
export interface DraftDelivery {
  readonly id: string;
  readonly draft: DeliverableEvent;
  readonly endpoint: MatchedEndpoint;
  readonly status: 'scheduled' | 'queued' | 'held' | 'skipped' | 'cancelled';
  readonly mark: string | null;
  readonly position: number | null;
}

/** What a delivery has to know of its event. */
export type DeliverableEvent = Pick<DraftEvent, 'id' | 'event' | 'deliverAt' | 'test' | 'customerId'>;

/** What has to be told of deliveries once they are committed. */
export interface TellableDeliveries {
  /** Whether a wave takes what is due, so that nothing needs to be started. */
  readonly waveRolls: boolean;
  /** How many deliveries begin in which state. */
  readonly states: Readonly<Record<string, number>>;
  readonly starts: readonly DeliveryStart[];
  /** Endpoints at whose gates something is held now and nobody lets it go. */
  readonly gatesToWake: readonly string[];
}

/** A delivery of an event to an endpoint, as publish makes it now. */
export function draftDelivery(
  draft: DeliverableEvent,
  endpoint: MatchedEndpoint,
  position: number | null,
): DraftDelivery {
  const mark = draft.test === undefined ? null : newId('att');
  return { id: newId('del'), draft, endpoint, status: initialStatus(draft, endpoint), mark, position };
}

function initialStatus(draft: DeliverableEvent, endpoint: MatchedEndpoint): DraftDelivery['status'] {
  if (draft.test !== undefined) return 'queued';
  if (draft.deliverAt !== null) return 'scheduled';
  if (endpoint.status === 'disabled') return 'skipped';
  return endpoint.gateIsOpen ? 'queued' : 'held';
}

/**
 * SQL: the rows of a JSON parameter of `deliveryRow`s, as the statements that accept deliveries read them; with
 * `created_at` where their event was accepted before.
 */
export function fromDeliveryRows(rows: string): string {
  return `FROM json_to_recordset(${rows}::json) AS d(id text, event_id text, endpoint_id text, customer_id text,
    event text,
      is_test boolean, status text, deliver_at timestamptz, mark text, position bigint, replay_id text, source text,
      created_at timestamptz)`;
}

/** A row for `fromDeliveryRows`. */
export function deliveryRow(delivery: DraftDelivery): object {
  return {
    id: delivery.id,
    event_id: delivery.draft.id,
    endpoint_id: delivery.endpoint.id,
    customer_id: delivery.endpoint.customerId,
    event: delivery.draft.event,
    is_test: delivery.draft.test !== undefined,
    status: delivery.status,
    deliver_at: delivery.draft.deliverAt,
    mark: delivery.mark,
    position: delivery.position,
  };
}

/** What has to be told of these, beside whether a wave rolls. */
export function tellOf(deliveries: readonly DraftDelivery[]): Omit<TellableDeliveries, 'waveRolls'> {
  const held = deliveries.filter(({ status, endpoint }) => status === 'held' && endpoint.needsWake);
  return {
    states: countStates(deliveries),
    starts: deliveries.filter(({ status }) => status === 'queued').map(startOf),
    gatesToWake: [...new Set(held.map(({ endpoint }) => endpoint.id))],
  };
}

function countStates(deliveries: readonly DraftDelivery[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { status } of deliveries) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

function startOf({ id, draft, endpoint, mark }: DraftDelivery): DeliveryStart {
  return {
    deliveryId: id,
    eventId: draft.id,
    event: draft.event,
    endpointId: endpoint.id,
    customerId: endpoint.customerId,
    host: new URL(endpoint.url).host,
    attemptsMade: 0,
    dueInMs: 0,
    mark,
  };
}
