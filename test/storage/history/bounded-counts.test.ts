import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EventStore } from '../../../src/storage/events/event-store.ts';
import { type DeliveryFilter, DeliveryStore } from '../../../src/storage/history/delivery-store.ts';
import { SearchKeys } from '../../../src/storage/history/search-keys.ts';
import { DeadLetters } from '../../../src/storage/replays/dead-letters.ts';
import type { ReplaySelection } from '../../../src/storage/replays/replay-selection.ts';
import { ReplayStore } from '../../../src/storage/replays/replay-store.ts';
import { watchReads } from '../../support/storage/plans.ts';
import { openStorage, type StorageUnderTest } from '../../support/storage/storage.ts';

const EVENTS = 60_000;
const PAGE = { beforeId: null, fetchLimit: 26 };
/** What a count may read: 10,001 rows, something of another table for each, and some to spare. */
const OF_A_COUNT = 25_000;
/** What a page of a list may, likewise. */
const OF_A_PAGE = 10_000;
/** What is found by an index alone. */
const FEW = 20;

let storage: StorageUnderTest;
let acme: string;
let zeta: string;
let keyOfAll: readonly Buffer[];
let keyOfOne: readonly Buffer[];

beforeAll(async () => {
  storage = await openStorage();
  acme = await storage.endpoint();
  zeta = await storage.endpoint({ customerId: 'zeta' });
  const keys = new SearchKeys(storage.database);
  keyOfAll = await keys.keysOf([{ member: 'kind', token: 'same' }]);
  keyOfOne = await keys.keysOf([{ member: 'job_id', token: 'J-7' }]);
  const { pool } = storage.database;
  await pool.query(FILL_SQL, [acme, EVENTS, keyOfAll[0], keyOfOne[0]]);
  await pool.query(ZETA_SQL, [zeta]);
  await pool.query('ANALYZE');
}, 60_000);
afterAll(async () => await storage.close());

/** Half are dead. The oldest and the newest have error codes of their own, the oldest is the only one of its type. */
const FILL_SQL = `
  WITH made AS (
    SELECT i, 'evt_' || to_char(i, 'FM00000000000000000000000000') AS id,
      'del_' || to_char(i, 'FM00000000000000000000000000') AS delivery_id
    FROM generate_series(1, $2::integer) AS i),
  new_events AS (
    INSERT INTO events (id, event, customer_id, data, deliveries, customer_deliveries, delivery_ids, created_at)
    SELECT id, 'job.completed', 'acme', '{}', 1, 1, ARRAY[delivery_id], now() FROM made),
  new_keys AS (
    INSERT INTO search_keys (key, event_id, customer_id) SELECT $3::bytea, id, 'acme' FROM made
    UNION ALL SELECT $4::bytea, id, 'acme' FROM made WHERE i = 7)
  INSERT INTO ended_deliveries (id, event_id, endpoint_id, customer_id, event, status, last_error_code, created_at,
    finished_at)
  SELECT delivery_id, id, $1, 'acme', CASE i WHEN 1 THEN 'job.first' ELSE 'job.completed' END,
    CASE WHEN i = 1 OR i % 2 = 0 THEN 'dead' ELSE 'delivered' END,
    CASE i WHEN 1 THEN 'tls_failed' WHEN $2::integer THEN 'dns_failed' END, now(), now() FROM made`;

const ZETA_SQL = `
  INSERT INTO ended_deliveries (id, event_id, endpoint_id, customer_id, event, status, created_at, finished_at)
  SELECT 'del_' || to_char(i, 'FM00000000000000000000000000'), 'evt', $1, 'zeta', 'job.completed', 'dead', now(), now()
  FROM generate_series(100001, 100003) AS i`;

describe(`a count among ${EVENTS} deliveries`, () => {
  it.each<[string, () => DeliveryFilter, number]>([
    ['an error code that only the newest has', () => ({ errorCode: 'dns_failed' }), 1],
    ['an error code that only the oldest has', () => ({ errorCode: 'tls_failed' }), 0],
    ['a rare event', () => ({ event: 'job.first' }), 0],
    ['that before a time', () => ({ event: 'job.first', before: new Date(Date.now() + 60_000) }), 0],
    ['that of a customer', () => ({ event: 'job.first', customerId: 'acme' }), 0],
    [
      'states of which some are rare',
      () => ({ statuses: ['dead', 'cancelled'], errorCode: 'dns_failed' }),
      1,
    ],
    ['a state that is hardly ever', () => ({ statuses: ['cancelled'] }), 0],
    ['a member that all have in common', () => ({ searchKeys: keyOfAll, errorCode: 'dns_failed' }), 1],
  ])('by %s looks at some only, and says so', async (_, filter, count) => {
    const { database, rowsRead } = watchReads(storage.database);
    expect(await new DeliveryStore(database).count(filter())).toEqual({ count, isCapped: true });
    expect(await rowsRead()).toBeLessThan(OF_A_COUNT);
  });

  it.each<[string, () => DeliveryFilter, number]>([
    ['an endpoint', () => ({ endpointId: zeta }), 3],
    ['a customer', () => ({ customerId: 'zeta', event: 'job.completed' }), 3],
    ['dead ones of a customer', () => ({ customerId: 'zeta', statuses: ['dead'], isTest: false }), 3],
    ['an endpoint of somebody else', () => ({ endpointId: acme, customerId: 'zeta' }), 0],
    ['a job', () => ({ searchKeys: [...keyOfAll, ...keyOfOne], customerId: 'acme' }), 1],
    ['an event', () => ({ eventId: `evt_${'5'.padStart(26, '0')}`, endpointId: acme }), 1],
    ['states on the way', () => ({ statuses: ['retrying', 'held'] }), 0],
  ])('by %s is exact and reads little', async (name, filter, count) => {
    const { database, rowsRead } = watchReads(storage.database);
    expect(await new DeliveryStore(database).count(filter())).toEqual({ count, isCapped: false });
    // That all have the other key is seen by as many as are few.
    expect(await rowsRead()).toBeLessThan(name === 'a job' ? 4_100 : FEW);
  });

  it.each<ReplaySelection>([
    { kind: 'dead_letters', filter: { errorCode: 'dns_failed' } },
    { kind: 'deliveries', filter: { errorCode: 'dns_failed' } },
  ])('that previews %j looks at some only', async (selection) => {
    const { database, rowsRead } = watchReads(storage.database);
    expect(await new ReplayStore(database).count(selection)).toEqual({ count: 1, isCapped: true });
    expect(await rowsRead()).toBeLessThan(OF_A_COUNT);
  });

  it('that previews a discard looks at some only, or is exact', async () => {
    const { database, rowsRead } = watchReads(storage.database);
    const letters = new DeadLetters(database);
    expect(await letters.count({ errorCode: 'tls_failed' })).toEqual({ count: 0, isCapped: true });
    expect(await letters.count({ customerId: 'zeta' })).toEqual({ count: 3, isCapped: false });
    expect(await rowsRead()).toBeLessThan(OF_A_COUNT);
  });
});

describe(`a page of a list of ${EVENTS}`, () => {
  it.each<[string, () => DeliveryFilter]>([
    ['an endpoint of somebody else', () => ({ endpointId: acme, customerId: 'zeta' })],
    ['dead ones of a customer', () => ({ customerId: 'zeta', statuses: ['dead'] })],
    ['states of which one is rare', () => ({ statuses: ['dead', 'retrying'], event: 'job.first' })],
    ['a member that all have in common', () => ({ searchKeys: keyOfAll, event: 'job.first' })],
  ])('by %s reads no more than it looks at', async (_, filter) => {
    const { database, rowsRead } = watchReads(storage.database);
    await new DeliveryStore(database).list(filter(), PAGE);
    expect(await rowsRead()).toBeLessThan(OF_A_PAGE);
  });

  it.each([
    ['a member that all have in common', () => ({ searchKeys: keyOfAll, event: 'job.first' })],
    ['whom they reached', () => ({ unreachedOf: 'acme' })],
  ])('of events by %s reads no more than it looks at', async (_, filter) => {
    const { database, rowsRead } = watchReads(storage.database);
    const { rows, lookedTo } = await new EventStore(database).list(filter(), PAGE);
    expect([rows, lookedTo]).toEqual([[], expect.any(String)]);
    expect(await rowsRead()).toBeLessThan(OF_A_PAGE);
  });
});
