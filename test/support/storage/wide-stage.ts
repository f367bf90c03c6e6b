import type { DeliveryStatus } from '../../../src/domain/delivery.ts';
import { EventStore } from '../../../src/storage/events/event-store.ts';
import type { NewEvent } from '../../../src/storage/events/new-event.ts';
import type { AcceptedEvent } from '../../../src/storage/events/publisher.ts';
import { WideEvents } from '../../../src/storage/events/wide-events.ts';
import { copyEndpoint } from './copy-endpoint.ts';
import { newEvent, openStorage, type StorageUnderTest } from './storage.ts';

/** A delivery as it was made. */
export interface Made {
  readonly id: string;
  readonly endpoint_id: string;
  readonly status: DeliveryStatus;
}

/** Stores with customers of very many endpoints, and what makes deliveries to these. */
export interface WideStage {
  readonly storage: StorageUnderTest;
  readonly wideEvents: WideEvents;
  /** Makes so many endpoints of a customer. @returns their ids */
  endpointsOf(customerId: string, count: number): Promise<readonly string[]>;
  accept(customerId: string | null, event?: Partial<NewEvent>): Promise<AcceptedEvent>;
  /** Makes all that is still to be made. */
  makeAll(): Promise<void>;
  /** How many rows there are. @param from what follows FROM */
  count(from: string, ...values: readonly unknown[]): Promise<number>;
  /** How many deliveries of an event there are, and how many parts of it are still to be made. */
  madeOf(eventId: string): Promise<{ readonly deliveries: number; readonly parts: number }>;
  deliveriesOf(eventId: string): Promise<readonly Made[]>;
  /** How many deliveries of an event its endpoints have: 1 where all is well. */
  perEndpoint(eventId: string): Promise<ReadonlySet<number>>;
  /** How many deliveries of an event stand so, as the API tells it. */
  countsOf(eventId: string): Promise<Readonly<Partial<Record<DeliveryStatus, number>>> | undefined>;
}

/** Opens the stage over a database of its own. */
export async function openWideStage(): Promise<WideStage> {
  const storage = await openStorage();
  const { pool } = storage.database;
  const wideEvents = new WideEvents(storage.database, storage.publisher.tell);
  const count: WideStage['count'] = async (from, ...values) => {
    const { rows } = await pool.query<{ count: number }>(`SELECT count(*)::integer AS count FROM ${from}`, [
      ...values,
    ]);
    return rows[0]?.count ?? Number.NaN;
  };
  const deliveriesOf: WideStage['deliveriesOf'] = async (eventId) =>
    (
      await pool.query<Made>(
        'SELECT id, endpoint_id, status FROM deliveries WHERE event_id = $1 ORDER BY id',
        [eventId],
      )
    ).rows;
  return {
    storage,
    wideEvents,
    count,
    deliveriesOf,
    endpointsOf: async (customerId, most) => {
      const first = await storage.endpoint({ customerId });
      return [first, ...(await copyEndpoint(pool, first, most - 1))];
    },
    accept: async (customerId, event = {}) =>
      await storage.publisher.publish({ ...newEvent(), customerId, ...event }),
    makeAll: async () => {
      while (await wideEvents.makeSome());
    },
    madeOf: async (eventId) => ({
      deliveries: await count('deliveries WHERE event_id = $1', eventId),
      parts: await count('event_parts WHERE event_id = $1', eventId),
    }),
    perEndpoint: async (eventId) => {
      const counts = new Map<string, number>();
      for (const { endpoint_id: id } of await deliveriesOf(eventId))
        counts.set(id, (counts.get(id) ?? 0) + 1);
      return new Set(counts.values());
    },
    countsOf: async (eventId) => (await new EventStore(storage.database).find(eventId, null))?.countsByStatus,
  };
}
