import type { PoolClient } from 'pg';
import { Pace } from '../../loop-turns.ts';
import type { DraftDelivery } from './draft-delivery.ts';

/** So many deliveries of one event are made in one transaction. */
export const DELIVERIES_PER_PART = 1_000;

/** SQL: whether all deliveries of the event `e` are made. */
export const IS_WHOLE = 'NOT EXISTS (SELECT FROM event_parts p WHERE p.event_id = e.id)';

/** The deliveries of one event: those that are made as it is accepted, and those that follow. */
export interface DividedDeliveries {
  readonly now: readonly DraftDelivery[];
  readonly later: readonly DraftDelivery[];
}

/**
 * Divides the deliveries of one event. All that have a position in line are made at once, however many they are: who
 * comes later in line may not find them missing. What nobody gets comes last.
 */
export function divide(deliveries: readonly DraftDelivery[]): DividedDeliveries {
  if (deliveries.length <= DELIVERIES_PER_PART) return { now: deliveries, later: [] };
  const inLine = deliveries.filter(({ position }) => position !== null);
  const others = deliveries.filter(({ position }) => position === null);
  const room = Math.max(0, DELIVERIES_PER_PART - inLine.length);
  const inOrder = [...others.filter(isSent), ...others.filter((delivery) => !isSent(delivery))];
  return { now: [...inLine, ...inOrder.slice(0, room)], later: inOrder.slice(room) };
}

function isSent({ status }: DraftDelivery): boolean {
  return status !== 'skipped';
}

/** Statements stay below a megabyte of parameters. */
const PARTS_PER_STATEMENT = 15;

/** Keeps for each event what follows, inside the transaction that accepts it. */
export async function insertParts(
  client: PoolClient,
  later: ReadonlyMap<string, readonly DraftDelivery[]>,
): Promise<void> {
  const parts = [...later].flatMap(([eventId, deliveries]) => partsOf(eventId, deliveries));
  const pace = new Pace();
  for (let index = 0; index < parts.length; index += PARTS_PER_STATEMENT) {
    await pace.rest();
    const some = parts.slice(index, index + PARTS_PER_STATEMENT).map(partRow);
    await client.query({ name: 'insert-parts', text: INSERT_SQL, values: [JSON.stringify(some)] });
  }
}

interface Part {
  readonly eventId: string;
  readonly number: number;
  readonly isSkipped: boolean;
  readonly deliveries: readonly DraftDelivery[];
}

/** What is skipped is in parts of its own. */
function partsOf(eventId: string, deliveries: readonly DraftDelivery[]): readonly Part[] {
  const cuts = [false, true].flatMap((isSkipped) => {
    const some = deliveries.filter(({ status }) => (status === 'skipped') === isSkipped);
    return cut(some).map((part) => ({ isSkipped, deliveries: part }));
  });
  return cuts.map((part, number) => ({ eventId, number, ...part }));
}

function cut(deliveries: readonly DraftDelivery[]): readonly (readonly DraftDelivery[])[] {
  const count = Math.ceil(deliveries.length / DELIVERIES_PER_PART);
  return Array.from({ length: count }, (_, index) =>
    deliveries.slice(index * DELIVERIES_PER_PART, (index + 1) * DELIVERIES_PER_PART),
  );
}

function partRow({ eventId, number, isSkipped, deliveries }: Part): object {
  return {
    event_id: eventId,
    part: number,
    is_skipped: isSkipped,
    delivery_ids: deliveries.map(({ id }) => id).join(' '),
    endpoint_ids: deliveries.map(({ endpoint }) => endpoint.id).join(' '),
  };
}

const INSERT_SQL = `
  INSERT INTO event_parts (event_id, part, is_skipped, delivery_ids, endpoint_ids)
  SELECT event_id, part, is_skipped, string_to_array(delivery_ids, ' '), string_to_array(endpoint_ids, ' ')
  FROM json_to_recordset($1::json) AS p(event_id text, part integer, is_skipped boolean, delivery_ids text,
    endpoint_ids text)`;
