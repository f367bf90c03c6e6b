import type { PoolClient } from 'pg';
import { noteAccepted } from '../open/note-outcomes.ts';
import { accept, END_AT_ONCE } from '../open/transitions/waiting.ts';
import { WAVE_ROLLS } from '../open/wave-lanes.ts';
import type { Database } from '../postgres/database.ts';
import { withDispatchShared } from '../postgres/locks.ts';
import { ENDED } from '../postgres/statuses.ts';
import {
  type DraftDelivery,
  deliveryRow,
  fromDeliveryRows,
  type TellableDeliveries,
  tellOf,
} from './draft-delivery.ts';
import type { MatchedEndpoint } from './match-endpoints.ts';

/** What else has to be done by whoever makes parts does not wait for more of them. */
const PARTS_PER_PASS = 5;

/**
 * Makes the deliveries of wide events that were not made when these were accepted, part by part, each in a transaction
 * of its own: whatever dies, each is made once. Events take turns.
 */
export class WideEvents {
  readonly #database: Database;
  readonly #onMade: (made: TellableDeliveries) => void;
  #lastEventId = '';

  /** @param onMade is told of each part that was committed */
  constructor(database: Database, onMade: (made: TellableDeliveries) => void) {
    this.#database = database;
    this.#onMade = onMade;
  }

  /**
   * Makes some parts. @returns whether there may be more to make at once
   * @throws what kept a part from being made, once others were tried
   */
  async makeSome(): Promise<boolean> {
    let made = 0;
    const failures: unknown[] = [];
    for (let tries = 0; tries < PARTS_PER_PASS; tries += 1) {
      const eventId = (await this.#nextAfter(this.#lastEventId)) ?? (await this.#nextAfter(''));
      if (eventId === null) return false;
      this.#lastEventId = eventId;
      const isMade = await this.#makePart(eventId).catch((error: unknown) => {
        failures.push(error);
        return false;
      });
      if (isMade) made += 1;
    }
    if (failures.length > 0) throw failures[0];
    return made > 0;
  }

  async #nextAfter(eventId: string): Promise<string | null> {
    const { rows } = await this.#database.pool.query<{ id: string }>(
      'SELECT event_id AS id FROM event_parts WHERE event_id > $1 ORDER BY event_id LIMIT 1',
      [eventId],
    );
    return rows[0]?.id ?? null;
  }

  /** @returns false where somebody else has the event at this moment, such as who erases it */
  async #makePart(eventId: string): Promise<boolean> {
    const made = await withDispatchShared(
      this.#database,
      async (client) => await makeNextPart(client, eventId),
    );
    if (made !== null) this.#onMade(made);
    return made !== null;
  }
}

interface WideEvent {
  readonly id: string;
  readonly event: string;
  readonly customerId: string | null;
  readonly deliverAt: Date | null;
  readonly isCancelled: boolean;
  /** To the microsecond. */
  readonly createdAt: string;
}

interface TakenPart {
  readonly isSkipped: boolean;
  readonly deliveryIds: readonly string[];
  readonly endpointIds: readonly string[];
}

interface EndpointNow extends MatchedEndpoint {
  readonly isDeleted: boolean;
}

async function makeNextPart(client: PoolClient, eventId: string): Promise<TellableDeliveries | null> {
  const event = (await client.query<WideEvent>(LOCK_EVENT_SQL, [eventId])).rows[0];
  if (event === undefined) return null;
  const part = (await client.query<TakenPart>(TAKE_PART_SQL, [eventId])).rows[0];
  if (part === undefined) return null;
  const endpoints = await readEndpoints(client, part.endpointIds);
  const deliveries = part.deliveryIds.flatMap((id, index): readonly DraftDelivery[] => {
    const endpoint = endpoints.get(part.endpointIds[index] ?? '');
    if (endpoint === undefined) return [];
    const status = statusOf(endpoint, { event, part });
    return [{ id, draft: event, endpoint, status, mark: null, position: null }];
  });
  const rows = deliveries.map((delivery) => ({ ...deliveryRow(delivery), created_at: event.createdAt }));
  const { rows: inserted } = await client.query<{ waveRolls: boolean }>({
    name: 'make-part',
    text: MAKE_SQL,
    values: [JSON.stringify(rows)],
  });
  return { ...tellOf(deliveries), waveRolls: inserted[0]?.waveRolls ?? false };
}

/** Where the delivery would be now if it had been made when the event was accepted. */
function statusOf(
  endpoint: EndpointNow,
  { event, part }: { readonly event: WideEvent; readonly part: TakenPart },
): DraftDelivery['status'] {
  if (part.isSkipped) return 'skipped';
  if (event.isCancelled || endpoint.isDeleted) return 'cancelled';
  if (event.deliverAt !== null) return 'scheduled';
  return endpoint.gateIsOpen ? 'queued' : 'held';
}

async function readEndpoints(
  client: PoolClient,
  ids: readonly string[],
): Promise<ReadonlyMap<string, EndpointNow>> {
  const { rows } = await client.query<EndpointNow>(ENDPOINTS_SQL, [ids]);
  return new Map(rows.map((row) => [row.id, row]));
}

/** Who cancels or erases it locks it first; nobody waits here while others want to open gates. */
const LOCK_EVENT_SQL = `
  SELECT id, event, customer_id AS "customerId", deliver_at AS "deliverAt", cancelled_at IS NOT NULL AS "isCancelled",
    to_json(created_at) AS "createdAt"
  FROM events WHERE id = $1 FOR UPDATE SKIP LOCKED`;

const TAKE_PART_SQL = `
  DELETE FROM event_parts WHERE event_id = $1 AND part = (SELECT min(part) FROM event_parts WHERE event_id = $1)
  RETURNING is_skipped AS "isSkipped", delivery_ids AS "deliveryIds", endpoint_ids AS "endpointIds"`;

const ENDPOINTS_SQL = `
  SELECT e.id, e.customer_id AS "customerId", e.status, e.url, e.ordered, e.deleted_at IS NOT NULL AS "isDeleted",
    g.is_open AS "gateIsOpen", g.needs_wake AND NOT g.is_open AND e.status = 'enabled' AS "needsWake"
  FROM endpoints e JOIN gates g ON g.endpoint_id = e.id WHERE e.id = ANY ($1)`;

const MAKE_SQL = `
  WITH new_deliveries AS (${accept('0')} ${fromDeliveryRows('$1')} WHERE status NOT IN (${ENDED})),
  ended AS (${END_AT_ONCE} ${fromDeliveryRows('$1')} WHERE status IN (${ENDED})),
  noted AS (${noteAccepted(`
    SELECT endpoint_id, customer_id, event, CASE WHEN status IN (${ENDED}) THEN status END AS became,
      count(*)::integer AS count, created_at
    ${fromDeliveryRows('$1')} GROUP BY endpoint_id, customer_id, event, status, created_at`)})
  SELECT ${WAVE_ROLLS} AS "waveRolls"`;
