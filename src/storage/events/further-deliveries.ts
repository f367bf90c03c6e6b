import type { PoolClient } from 'pg';
import { positionsFrom, takePositions } from '../open/line.ts';
import { noteAccepted } from '../open/note-outcomes.ts';
import { DELIVER_AGAIN } from '../open/transitions/replays.ts';
import { WAVE_ROLLS } from '../open/wave-lanes.ts';
import {
  type DraftDelivery,
  deliveryRow,
  draftDelivery,
  fromDeliveryRows,
  type TellableDeliveries,
  tellOf,
} from './draft-delivery.ts';
import { type MatchedEndpoint, matchEndpoints } from './match-endpoints.ts';
import type { DraftEvent } from './new-event.ts';

/** One more delivery of an event that was accepted before, wanted by a person or by a replay. */
export interface FurtherDelivery {
  readonly event: Pick<DraftEvent, 'id' | 'event' | 'customerId'>;
  readonly endpointId: string;
  readonly replay?: { readonly id: string; readonly sourceId: string };
}

/** What was made, in order; where the endpoint is disabled and no replay wants it, it is `skipped` and not kept. */
export interface InsertedDeliveries {
  readonly deliveries: readonly DraftDelivery[];
  readonly told: TellableDeliveries;
}

/**
 * Makes further deliveries, whatever their endpoints subscribe to, inside the caller's transaction, which shares the
 * dispatch lock and has locked the events. None is made to an endpoint that is deleted.
 */
export async function insertFurther(
  client: PoolClient,
  further: readonly FurtherDelivery[],
): Promise<InsertedDeliveries> {
  const pairs = await pair(client, further);
  const inLine = pairs.filter(({ endpoint }) => endpoint.ordered).map(({ endpoint }) => endpoint.id);
  const positionOf = positionsFrom(await takePositions(client, inLine));
  const made = pairs.map(({ wanted, endpoint }) => {
    const { replay } = wanted;
    const draft = draftDelivery({ ...wanted.event, deliverAt: null }, endpoint, positionOf(endpoint.id));
    const isKept = draft.status !== 'skipped' || replay !== undefined;
    const delivery: DraftDelivery =
      draft.status === 'skipped' && isKept ? { ...draft, status: 'held' } : draft;
    return { delivery, row: { ...deliveryRow(delivery), replay_id: replay?.id, source: replay?.sourceId } };
  });
  const kept = made.filter(({ delivery }) => delivery.status !== 'skipped');
  const { rows } = await client.query<{ waveRolls: boolean }>(INSERT_SQL, [
    JSON.stringify(kept.map(({ row }) => row)),
  ]);
  const waveRolls = rows[0]?.waveRolls ?? false;
  return {
    deliveries: made.map(({ delivery }) => delivery),
    told: { ...tellOf(kept.map(({ delivery }) => delivery)), waveRolls },
  };
}

async function pair(
  client: PoolClient,
  further: readonly FurtherDelivery[],
): Promise<readonly { readonly wanted: FurtherDelivery; readonly endpoint: MatchedEndpoint }[]> {
  const drafts = further.map(({ event, endpointId }): DraftEvent => {
    return { ...event, dataText: '', optIn: false, deliverAt: null, idempotency: null, test: { endpointId } };
  });
  const wantedOf = new Map(drafts.map((draft, index) => [draft, further[index]]));
  const matches = await matchEndpoints(client, drafts);
  return matches.flatMap(({ draft, endpoint }) => {
    const wanted = wantedOf.get(draft);
    return wanted === undefined ? [] : [{ wanted, endpoint }];
  });
}

const INSERT_SQL = `
  WITH further AS (${DELIVER_AGAIN} ${fromDeliveryRows('$1')} RETURNING id, event_id, endpoint_id, customer_id, event),
  of_event AS (
    SELECT event_id, array_agg(id ORDER BY id) AS ids, count(*) AS count, array_agg(customer_id) AS customer_ids
    FROM further GROUP BY event_id),
  counted AS (
    UPDATE events e SET deliveries = e.deliveries + o.count, delivery_ids = e.delivery_ids || o.ids,
      customer_deliveries = e.customer_deliveries + cardinality(array_positions(o.customer_ids, e.customer_id))
    FROM of_event o WHERE e.id = o.event_id),
  noted AS (${noteAccepted(`
    SELECT endpoint_id, customer_id, event, NULL::text AS became, count(*)::integer AS count,
      now() AS created_at FROM further
    GROUP BY endpoint_id, customer_id, event`)})
  SELECT ${WAVE_ROLLS} AS "waveRolls"`;
