import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '../../../src/new-id.ts';
import { EventStore } from '../../../src/storage/events/event-store.ts';
import { DeliveryStore } from '../../../src/storage/history/delivery-store.ts';
import { ExplanationStore } from '../../../src/storage/history/explanation-store.ts';
import { SearchKeys } from '../../../src/storage/history/search-keys.ts';
import { watchReads } from '../../support/storage/plans.ts';
import { openStorage, type StorageUnderTest } from '../../support/storage/storage.ts';

const EVENTS = 50_000;
const PAGE = { beforeId: null, fetchLimit: 26 };
/** What a question about one event may read, however many there are. */
const FEW = 60;

let storage: StorageUnderTest;
let wanted: string;
let keys: readonly Buffer[];

beforeAll(async () => {
  storage = await openStorage();
  const endpointId = await storage.endpoint();
  await storage.endpoint({ events: ['job.failed'] });
  keys = await new SearchKeys(storage.database).keysOf([{ member: 'job_id', token: 'J-7' }]);
  wanted = newId('evt');
  const { pool } = storage.database;
  await pool.query(FILL_SQL, [endpointId, EVENTS, wanted, keys[0]]);
  await pool.query(
    'ANALYZE events, event_uids, idempotency_keys, search_keys, ended_deliveries, endpoints, endpoint_versions',
  );
}, 60_000);
afterAll(async () => await storage.close());

/** Every event has a key of its own, as if each were of another job; the one that is wanted lies in the middle. */
const FILL_SQL = `
  WITH made AS (
    SELECT CASE WHEN i = $2::integer / 2 THEN $3 ELSE 'evt_' || to_char(i, 'FM00000000000000000000000000') END AS id,
      'del_' || to_char(i, 'FM00000000000000000000000000') AS delivery_id,
      CASE WHEN i = $2::integer / 2 THEN $4::bytea ELSE decode(md5(i::text), 'hex') END AS key
    FROM generate_series(1, $2::integer) AS i),
  new_events AS (
    INSERT INTO events (id, event, customer_id, data, deliveries, customer_deliveries, delivery_ids, search_keys,
      created_at)
    SELECT id, 'job.completed', 'acme', '{}', 1, 1, ARRAY[delivery_id], ARRAY[key], now() FROM made),
  new_uids AS (
    INSERT INTO event_uids (scope, uid, event_id)
    SELECT 'customer:' || id, CASE id WHEN $3 THEN 'order-7' ELSE id END, id FROM made),
  new_requests AS (
    INSERT INTO idempotency_keys (scope, key, request_hash, event_id)
    SELECT 'customer:' || id, CASE id WHEN $3 THEN 'request-7' ELSE id END, '', id FROM made),
  new_keys AS (INSERT INTO search_keys (key, event_id, customer_id) SELECT key, id, 'acme' FROM made)
  INSERT INTO ended_deliveries (id, event_id, endpoint_id, customer_id, event, status, attempts_made, created_at,
    finished_at)
  SELECT delivery_id, id, $1, 'acme', 'job.completed', 'delivered', 1, now(), now() FROM made`;

describe(`an event of one job among ${EVENTS}`, () => {
  it('is found by a few rows', async () => {
    const { database, rowsRead } = watchReads(storage.database);
    const found = await new EventStore(database).list({ searchKeys: keys, customerId: 'acme' }, PAGE);
    expect(found.rows.map(({ id }) => id)).toEqual([wanted]);
    expect(await rowsRead()).toBeLessThan(FEW);
  });

  it.each([{ uid: 'order-7' }, { idempotencyKey: 'request-7' }])(
    'is found by %j, whoever’s it is, in a few blocks',
    async (filter) => {
      const { database, blocksRead } = watchReads(storage.database);
      const found = await new EventStore(database).list(filter, PAGE);
      expect(found.rows.map(({ id }) => id)).toEqual([wanted]);
      expect(await blocksRead()).toBeLessThan(FEW);
    },
  );

  it('has its deliveries found by a few rows', async () => {
    const { database, rowsRead } = watchReads(storage.database);
    const found = await new DeliveryStore(database).list({ searchKeys: keys, customerId: 'acme' }, PAGE);
    expect(found.rows.map(({ eventId }) => eventId)).toEqual([wanted]);
    expect(await rowsRead()).toBeLessThan(FEW);
  });

  it('is explained by a few rows', async () => {
    const { database, rowsRead } = watchReads(storage.database);
    const event = { id: wanted, customerId: 'acme', createdAt: new Date() };
    const found = await new ExplanationStore(database).of(event, { seenBy: 'acme', after: null, limit: 500 });
    expect(found.map(({ delivery }) => delivery?.status)).toEqual(['delivered', undefined]);
    expect(await rowsRead()).toBeLessThan(FEW);
  });
});
