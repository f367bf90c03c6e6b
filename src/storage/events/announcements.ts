import type { PoolClient } from 'pg';
import { filterEntriesSelecting } from '../../domain/event-filter.ts';
import type { OperationalEventData, OperationalEventName } from '../../domain/operational-event.ts';
import { newId } from '../../new-id.ts';
import { type InsertedEvents, insertEvents } from './insert-events.ts';

/** Something that operators are told of: an operational event and its data. */
export type Announcement = {
  readonly [Name in OperationalEventName]: {
    readonly event: Name;
    readonly data: OperationalEventData[Name];
  };
}[OperationalEventName];

/** Hears of announcements that were committed, so that their deliveries get going. It must not throw. */
export type OnAnnounced = (inserted: InsertedEvents) => void;

/**
 * Inserts operational events with their deliveries, in the transaction of what they tell, which holds the dispatch
 * lock: what happens once is told once, whatever dies. They belong to no customer. Nothing is written of what nobody
 * subscribes to.
 */
export async function insertAnnouncements(
  client: PoolClient,
  announcements: readonly Announcement[],
): Promise<InsertedEvents | null> {
  if (announcements.length === 0) return null;
  const heard = await namesHeard(client, [...new Set(announcements.map(({ event }) => event))]);
  const drafts = announcements
    .filter(({ event }) => heard.has(event))
    .map(({ event, data }) => ({
      id: newId('evt'),
      event,
      customerId: null,
      dataText: JSON.stringify(data),
      optIn: false,
      deliverAt: null,
      idempotency: null,
    }));
  return drafts.length === 0 ? null : await insertEvents(client, drafts);
}

/** Which of these operational events any endpoint of the operator subscribes to. */
export async function namesHeard(
  client: Pick<PoolClient, 'query'>,
  names: readonly OperationalEventName[],
): Promise<ReadonlySet<string>> {
  const asked = names.map((name) => ({
    name,
    selecting: filterEntriesSelecting(name, { optIn: false }).join(' '),
  }));
  const { rows } = await client.query<{ name: string }>({
    name: 'names-heard',
    text: `SELECT n.name FROM json_to_recordset($1::json) AS n(name text, selecting text) WHERE EXISTS (
             SELECT FROM endpoints e WHERE e.customer_id IS NULL AND e.deleted_at IS NULL
               AND e.events && string_to_array(n.selecting, ' '))`,
    values: [JSON.stringify(asked)],
  });
  return new Set(rows.map((row) => row.name));
}
