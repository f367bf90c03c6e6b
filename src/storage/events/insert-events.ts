import type { PoolClient } from 'pg';
import type { DeliveryStart } from '../../domain/delivery-start.ts';
import { newId } from '../../new-id.ts';
import { insertSearchKeys } from '../history/search-keys.ts';
import { positionsFrom, takePositions } from '../open/line.ts';
import { noteAccepted } from '../open/note-outcomes.ts';
import { accept, SKIP } from '../open/transitions/waiting.ts';
import { WAVE_ROLLS } from '../open/wave-lanes.ts';
import { type MatchedEndpoint, matchEndpoints } from './match-endpoints.ts';
import type { DraftEvent } from './new-event.ts';

/** What `insertEvents` wrote: when, how many deliveries each event has, and those that are due now. */
export interface InsertedEvents {
  readonly createdAt: Date;
  /** Whether a wave takes what is due, so that nothing needs to be started. */
  readonly waveRolls: boolean;
  readonly countOf: (eventId: string) => number;
  /** Those to endpoints of the event's own customer. */
  readonly customerCountOf: (eventId: string) => number;
  readonly testDeliveryOf: (eventId: string) => string | undefined;
  /** How many deliveries begin in which state. */
  readonly states: Readonly<Record<string, number>>;
  readonly starts: readonly DeliveryStart[];
  /** Endpoints at whose gates something is held now and nobody lets it go. */
  readonly gatesToWake: readonly string[];
}

interface DraftDelivery {
  readonly id: string;
  readonly draft: DraftEvent;
  readonly endpoint: MatchedEndpoint;
  readonly status: 'scheduled' | 'queued' | 'held' | 'skipped';
  readonly mark: string | null;
  readonly position: number | null;
}

/**
 * Inserts events and the deliveries of the endpoints that are to get them, inside the caller's transaction.
 * @param options.recheckMs how long the start of a test may take before the reconciling loop looks after it; waves take no tests
 */
export async function insertEvents(
  client: PoolClient,
  drafts: readonly DraftEvent[],
  { recheckMs = 0 }: { readonly recheckMs?: number } = {},
): Promise<InsertedEvents> {
  const matches = await matchEndpoints(client, drafts);
  const inLine = matches.filter(({ draft, endpoint }) => endpoint.ordered && draft.test === undefined);
  const positionOf = positionsFrom(
    await takePositions(
      client,
      inLine.map(({ endpoint }) => endpoint.id),
    ),
  );
  const deliveries = matches.map(({ draft, endpoint }): DraftDelivery => {
    const mark = draft.test === undefined ? null : newId('att');
    const position = draft.test === undefined ? positionOf(endpoint.id) : null;
    return { id: newId('del'), draft, endpoint, status: initialStatus(draft, endpoint), mark, position };
  });
  const counts = groupByEvent(deliveries);
  const { rows } = await client.query<{ now: Date; waveRolls: boolean }>({
    name: 'insert-events',
    text: INSERT_SQL,
    values: [
      JSON.stringify(drafts.map((draft) => eventRow(draft, counts.get(draft.id) ?? []))),
      JSON.stringify(deliveries.map(deliveryRow)),
      recheckMs,
    ],
  });
  const skipped = deliveries.filter(({ status }) => status === 'skipped');
  if (skipped.length > 0)
    await client.query({
      name: 'skip-deliveries',
      text: SKIP_SQL,
      values: [JSON.stringify(skipped.map(deliveryRow))],
    });
  return {
    createdAt: rows[0]?.now ?? new Date(),
    waveRolls: rows[0]?.waveRolls ?? false,
    countOf: (eventId) => counts.get(eventId)?.length ?? 0,
    customerCountOf: (eventId) => counts.get(eventId)?.filter(isToOwnCustomer).length ?? 0,
    testDeliveryOf: (eventId) => counts.get(eventId)?.find((delivery) => delivery.mark !== null)?.id,
    states: countStates(deliveries),
    starts: deliveries.filter((delivery) => delivery.status === 'queued').map(startOf),
    gatesToWake: [
      ...new Set(
        deliveries
          .filter(({ status, endpoint }) => status === 'held' && endpoint.needsWake)
          .map(({ endpoint }) => endpoint.id),
      ),
    ],
  };
}

function countStates(deliveries: readonly DraftDelivery[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { status } of deliveries) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

function groupByEvent(deliveries: readonly DraftDelivery[]): ReadonlyMap<string, readonly DraftDelivery[]> {
  const groups = new Map<string, DraftDelivery[]>();
  for (const delivery of deliveries) {
    const group = groups.get(delivery.draft.id);
    if (group === undefined) groups.set(delivery.draft.id, [delivery]);
    else group.push(delivery);
  }
  return groups;
}

function isToOwnCustomer({ draft, endpoint }: DraftDelivery): boolean {
  return endpoint.customerId !== null && endpoint.customerId === draft.customerId;
}

function initialStatus(draft: DraftEvent, endpoint: MatchedEndpoint): DraftDelivery['status'] {
  if (draft.test !== undefined) return 'queued';
  if (draft.deliverAt !== null) return 'scheduled';
  if (endpoint.status === 'disabled') return 'skipped';
  return endpoint.gateIsOpen ? 'queued' : 'held';
}

const INSERT_SQL = `
  WITH new_events AS (
    INSERT INTO events (id, event, customer_id, data, is_test, deliver_at, deliveries, customer_deliveries, delivery_ids, uid,
      occurred_at, metadata, search_keys, created_at)
    SELECT id, event, customer_id, data, is_test, deliver_at, deliveries, customer_deliveries, string_to_array(delivery_ids, ' '),
      uid, occurred_at, metadata,
      CASE WHEN search_keys IS NOT NULL THEN ARRAY(SELECT decode(k, 'hex') FROM unnest(search_keys) AS k) END, now()
    FROM json_to_recordset($1::json) AS e(id text, event text, customer_id text, data text, is_test boolean,
      deliver_at timestamptz, deliveries integer, customer_deliveries integer, delivery_ids text, uid text,
      occurred_at timestamptz, metadata jsonb, search_keys text[])),
  findable AS (${insertSearchKeys('json_to_recordset($1::json)')}),
  new_deliveries AS (
    ${accept('$3')}
    ${fromDeliveryRows('$2')} WHERE status <> 'skipped'),
  noted AS (${noteAccepted(`
    SELECT NULL::text AS endpoint_id, customer_id, event, NULL::text AS became, count(*)::integer AS count
    FROM json_to_recordset($1::json) AS e(customer_id text, event text, is_test boolean) WHERE NOT is_test GROUP BY customer_id, event
    UNION ALL
    SELECT endpoint_id, customer_id, event, CASE status WHEN 'skipped' THEN status END, count(*)::integer
    FROM json_to_recordset($2::json) AS d(endpoint_id text, customer_id text, event text, is_test boolean, status text)
    WHERE NOT is_test GROUP BY endpoint_id, customer_id, event, status`)})
  SELECT now() AS now, ${WAVE_ROLLS} AS "waveRolls"`;

function fromDeliveryRows(rows: string): string {
  return `FROM json_to_recordset(${rows}::json) AS d(id text, event_id text, endpoint_id text, customer_id text, event text,
      is_test boolean, status text, deliver_at timestamptz, mark text, position bigint)`;
}

const SKIP_SQL = `${SKIP} ${fromDeliveryRows('$1')}`;

function eventRow(draft: DraftEvent, deliveries: readonly DraftDelivery[]): object {
  return {
    id: draft.id,
    event: draft.event,
    customer_id: draft.customerId,
    data: draft.dataText,
    is_test: draft.test !== undefined,
    deliver_at: draft.deliverAt,
    deliveries: deliveries.length,
    customer_deliveries: deliveries.filter(isToOwnCustomer).length,
    delivery_ids: deliveries.map(({ id }) => id).join(' '),
    uid: draft.uid,
    occurred_at: draft.occurredAt,
    metadata: draft.metadata,
    search_keys: draft.searchKeys?.map((key) => key.toString('hex')),
  };
}

function deliveryRow(delivery: DraftDelivery): object {
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

function startOf({ id, draft, endpoint, mark }: DraftDelivery): DeliveryStart {
  return {
    deliveryId: id,
    eventId: draft.id,
    event: draft.event,
    endpointId: endpoint.id,
    customerId: endpoint.customerId,
    host: endpoint.host,
    attemptsMade: 0,
    dueInMs: 0,
    mark,
  };
}
