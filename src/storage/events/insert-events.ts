import type { PoolClient } from 'pg';
import { DomainError } from '../../domain/errors.ts';
import { Pace } from '../../loop-turns.ts';
import { insertSearchKeys } from '../history/search-keys.ts';
import { positionsFrom, takePositions } from '../open/line.ts';
import { noteAccepted } from '../open/note-outcomes.ts';
import { accept, END_AT_ONCE } from '../open/transitions/waiting.ts';
import { WAVE_ROLLS } from '../open/wave-lanes.ts';
import {
  type DraftDelivery,
  deliveryRow,
  draftDelivery,
  fromDeliveryRows,
  type TellableDeliveries,
  tellOf,
} from './draft-delivery.ts';
import { type DividedDeliveries, divide, insertParts } from './event-parts.ts';
import { matchEndpoints } from './match-endpoints.ts';
import { charactersOf, type DraftEvent } from './new-event.ts';

/** What `insertEvents` wrote: when, how many deliveries each event has, and those that are due now. */
export interface InsertedEvents extends TellableDeliveries {
  readonly createdAt: Date;
  /** Whether `WideEvents` has to make deliveries of some of them yet; they are counted already. */
  readonly isToBeContinued: boolean;
  readonly countOf: (eventId: string) => number;
  /** Those to endpoints of the event's own customer. */
  readonly customerCountOf: (eventId: string) => number;
  readonly testDeliveryOf: (eventId: string) => string | undefined;
}

/** How events are inserted. */
interface InsertOptions {
  /** How long the start of a test may take before the reconciling loop looks after it; waves take no tests. */
  readonly recheckMs?: number;
  /** So many deliveries may several events be; one may have any number. */
  readonly mostTogether?: number;
}

/**
 * Inserts events and the deliveries of the endpoints that are to get them, inside the caller's transaction. Of an event
 * to very many the first are inserted, and the others written down to be made later.
 * @throws DomainError `invalid` where they are more than is wanted
 */
export async function insertEvents(
  client: PoolClient,
  drafts: readonly DraftEvent[],
  { recheckMs = 0, mostTogether = Number.POSITIVE_INFINITY }: InsertOptions = {},
): Promise<InsertedEvents> {
  const matches = await matchEndpoints(client, drafts);
  if (drafts.length > 1 && matches.length > mostTogether) throw tooWide(matches.length, mostTogether);
  const inLine = matches.filter(({ draft, endpoint }) => endpoint.ordered && draft.test === undefined);
  const positionOf = positionsFrom(
    await takePositions(
      client,
      inLine.map(({ endpoint }) => endpoint.id),
    ),
  );
  const pace = new Pace();
  const deliveries: DraftDelivery[] = [];
  for (const { draft, endpoint } of matches) {
    if (pace.isSliceUsedUp()) await pace.rest();
    const position = draft.test === undefined ? positionOf(endpoint.id) : null;
    deliveries.push(draftDelivery(draft, endpoint, position));
  }
  const all = groupByEvent(deliveries);
  const { now, later } = divideAll(all);
  let inserted: InsertedRow | undefined;
  for (const part of partsOf(drafts, all)) inserted = await insertPart(client, part, { all, now, recheckMs });
  await insertParts(client, later);
  return {
    createdAt: inserted?.now ?? new Date(),
    waveRolls: inserted?.waveRolls ?? false,
    isToBeContinued: later.size > 0,
    countOf: (eventId) => all.get(eventId)?.length ?? 0,
    customerCountOf: (eventId) => all.get(eventId)?.filter(isToOwnCustomer).length ?? 0,
    testDeliveryOf: (eventId) => all.get(eventId)?.find((delivery) => delivery.mark !== null)?.id,
    ...tellOf([...now.values()].flat()),
  };
}

/** @returns of which events what is inserted, and of which what follows */
function divideAll(all: DeliveriesByEvent): Readonly<Record<keyof DividedDeliveries, DeliveriesByEvent>> {
  const divided = [...all].map(([eventId, deliveries]) => ({ eventId, ...divide(deliveries) }));
  return {
    now: new Map(divided.map(({ eventId, now }) => [eventId, now])),
    later: new Map(
      divided.flatMap(({ eventId, later }) => (later.length > 0 ? [[eventId, later] as const] : [])),
    ),
  };
}

interface InsertedRow {
  readonly now: Date;
  readonly waveRolls: boolean;
}

type DeliveriesByEvent = ReadonlyMap<string, readonly DraftDelivery[]>;

/**
 * Cuts what is inserted into parts whose parameters are soon written, so that others have their turns in between.
 */
function partsOf(
  drafts: readonly DraftEvent[],
  deliveriesOf: DeliveriesByEvent,
): readonly (readonly DraftEvent[])[] {
  const parts: DraftEvent[][] = [[]];
  let characters = 0;
  for (const draft of drafts) {
    const further = charactersOf(draft) + (deliveriesOf.get(draft.id)?.length ?? 0) * DELIVERY_CHARACTERS;
    if (characters > 0 && characters + further > MOST_CHARACTERS_A_STATEMENT) {
      parts.push([]);
      characters = 0;
    }
    parts.at(-1)?.push(draft);
    characters += further;
  }
  return parts;
}

/** To be written as JSON and as a parameter takes some 5 ms. */
const MOST_CHARACTERS_A_STATEMENT = 1_048_576;
/** Of a delivery's row as JSON. */
const DELIVERY_CHARACTERS = 300;

async function insertPart(
  client: PoolClient,
  part: readonly DraftEvent[],
  {
    all,
    now,
    recheckMs,
  }: { readonly all: DeliveriesByEvent; readonly now: DeliveriesByEvent; readonly recheckMs: number },
): Promise<InsertedRow | undefined> {
  const deliveries = part.flatMap(({ id }) => now.get(id) ?? []);
  const { rows } = await client.query<InsertedRow>({
    name: 'insert-events',
    text: INSERT_SQL,
    values: [
      JSON.stringify(part.map((draft) => eventRow(draft, all.get(draft.id) ?? []))),
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
  return rows[0];
}

function tooWide(deliveries: number, most: number): DomainError {
  return new DomainError('invalid', 'publish_too_wide', {
    message: `The events would be ${deliveries} deliveries; ${most} are accepted together.`,
  });
}

function groupByEvent(deliveries: readonly DraftDelivery[]): DeliveriesByEvent {
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

const INSERT_SQL = `
  WITH new_events AS (
    INSERT INTO events (id, event, customer_id, data, is_test, deliver_at, deliveries, customer_deliveries,
      delivery_ids, uid,
      occurred_at, metadata, trace_parent, search_keys, created_at)
    SELECT id, event, customer_id, data, is_test, deliver_at, deliveries, customer_deliveries,
      string_to_array(delivery_ids, ' '), uid, occurred_at, metadata, trace_parent,
      CASE WHEN search_keys IS NOT NULL THEN ARRAY(SELECT decode(k, 'hex') FROM unnest(search_keys) AS k) END, now()
    FROM json_to_recordset($1::json) AS e(id text, event text, customer_id text, data text, is_test boolean,
      deliver_at timestamptz, deliveries integer, customer_deliveries integer, delivery_ids text, uid text,
      occurred_at timestamptz, metadata jsonb, trace_parent text, search_keys text[])),
  findable AS (${insertSearchKeys('json_to_recordset($1::json)')}),
  new_deliveries AS (
    ${accept('$3')}
    ${fromDeliveryRows('$2')} WHERE status <> 'skipped'),
  noted AS (${noteAccepted(`
    SELECT NULL::text AS endpoint_id, customer_id, event, NULL::text AS became, count(*)::integer AS count,
      now() AS created_at
    FROM json_to_recordset($1::json) AS e(customer_id text, event text, is_test boolean) WHERE NOT is_test
    GROUP BY customer_id, event
    UNION ALL
    SELECT endpoint_id, customer_id, event, CASE status WHEN 'skipped' THEN status END, count(*)::integer, now()
    FROM json_to_recordset($2::json) AS d(endpoint_id text, customer_id text, event text, is_test boolean, status text)
    WHERE NOT is_test GROUP BY endpoint_id, customer_id, event, status`)})
  SELECT now() AS now, ${WAVE_ROLLS} AS "waveRolls"`;

const SKIP_SQL = `${END_AT_ONCE} ${fromDeliveryRows('$1')}`;

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
    trace_parent: draft.traceParent,
    search_keys: draft.searchKeys?.map((key) => key.toString('hex')),
  };
}
