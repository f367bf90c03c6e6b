import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { CustomerStore } from '../../../src/storage/customers/customer-store.ts';
import { WideEvents } from '../../../src/storage/events/wide-events.ts';
import { Erasures } from '../../../src/storage/upkeep/erasures.ts';
import { PayloadExpiry } from '../../../src/storage/upkeep/payload-expiry.ts';
import { Retention } from '../../../src/storage/upkeep/retention.ts';
import { copyEndpoint } from '../../support/storage/copy-endpoint.ts';
import { newEvent, openStorage, type StorageUnderTest } from '../../support/storage/storage.ts';

const ENDPOINTS = 1_600;

let storage: StorageUnderTest;
let customers: CustomerStore;
let erasures: Erasures;
let eventId: string;

beforeAll(async () => {
  storage = await openStorage();
  customers = new CustomerStore(storage.database);
  erasures = new Erasures(storage.database, { customers, removal: storage.removal });
  const first = await storage.endpoint({ customerId: null });
  await copyEndpoint(storage.database.pool, first, ENDPOINTS - 1);
});
afterAll(async () => await storage.close());

beforeEach(async () => {
  ({ id: eventId } = await storage.publisher.publish(newEvent()));
});

async function makeAll(): Promise<void> {
  const wideEvents = new WideEvents(storage.database, storage.publisher.tell);
  while (await wideEvents.makeSome());
}

async function count(from: string): Promise<number> {
  const { rows } = await storage.database.pool.query<{ count: number }>(
    `SELECT count(*)::integer AS count FROM ${from} event_id = $1`,
    [eventId],
  );
  return rows[0]?.count ?? Number.NaN;
}

/** How many deliveries the event has, and how many parts of it are still to be made. */
async function made(): Promise<{ readonly deliveries: number; readonly parts: number }> {
  return { deliveries: await count('deliveries WHERE'), parts: await count('event_parts WHERE') };
}

async function ageEvent(): Promise<void> {
  await storage.database.pool.query(
    "UPDATE events SET created_at = created_at - interval '40 days' WHERE id = $1",
    [eventId],
  );
}

async function expire(): Promise<void> {
  const expiry = new PayloadExpiry(storage.database, 0);
  while (await expiry.step());
}

async function dataText(): Promise<string | undefined> {
  const { rows } = await storage.database.pool.query<{ data: string }>(
    'SELECT data FROM events WHERE id = $1',
    [eventId],
  );
  return rows[0]?.data;
}

describe('Erasures', () => {
  it('leaves no part of an erased event, so that nothing more is made', async () => {
    expect(await erasures.eraseEvent(eventId)).toHaveLength(1_000);
    expect(await made()).toEqual({ deliveries: 1_000, parts: 0 });
    await makeAll();
    expect(await made()).toEqual({ deliveries: 1_000, parts: 0 });
  });

  it('leaves none of what a customer published who is erased', async () => {
    await customers.note('acme');
    await customers.beginErasing('acme');
    while (await erasures.step());
    await makeAll();
    expect(await made()).toEqual({ deliveries: 1_000, parts: 0 });
    expect(await dataText()).toBe('{}');
  });
});

describe('PayloadExpiry', () => {
  it('keeps what an event carries until all its deliveries were made', async () => {
    await storage.database.pool.query('DELETE FROM open_deliveries WHERE event_id = $1', [eventId]);
    await expire();
    expect(await dataText()).toBe(newEvent().dataText);
    await makeAll();
    await storage.database.pool.query('DELETE FROM open_deliveries WHERE event_id = $1', [eventId]);
    await expire();
    expect(await dataText()).toBe('{}');
  });
});

describe('Retention', () => {
  it('keeps an event until all its deliveries were made', async () => {
    await ageEvent();
    await storage.database.pool.query('DELETE FROM open_deliveries WHERE event_id = $1', [eventId]);
    await new Retention(storage.database).sweep(30);
    await makeAll();
    expect(await made()).toEqual({ deliveries: ENDPOINTS - 1_000, parts: 0 });
  });
});
