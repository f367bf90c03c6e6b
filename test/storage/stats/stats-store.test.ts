import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { listenerUrl } from '../../../src/domain/listener.ts';
import { createLogger } from '../../../src/logger.ts';
import { newId } from '../../../src/new-id.ts';
import { type Database, openDatabase } from '../../../src/storage/postgres/database.ts';
import { StatsStore } from '../../../src/storage/stats/stats-store.ts';
import { countAllOutcomes } from '../../support/storage/count-outcomes.ts';
import { createDatabase, type TestDatabase } from '../../support/storage/database.ts';
import { insertDelivery, insertOutcome } from '../../support/storage/rows.ts';

const at = new Date('2024-05-01T12:00:00Z');
const span = { after: at, before: new Date('2024-05-01T13:00:00Z') };

describe('StatsStore', () => {
  let testDatabase: TestDatabase;
  let database: Database;
  let store: StatsStore;
  const mine = newId('ep');
  const foreign = newId('ep');
  const listener = newId('ep');

  beforeAll(async () => {
    testDatabase = await createDatabase();
    database = openDatabase(testDatabase.url, { logger: createLogger('silent') });
    store = new StatsStore(database);
    await note(mine, { duration_ms: 100 });
    await note(mine, { duration_ms: 300, status_code: 503, error_code: 'http_503', became: 'dead' });
    await note(mine, { duration_ms: 200 });
    await note(mine, { duration_ms: 9_000, status_code: null, error_code: 'timeout', became: null });
    await note(mine, { started_at: span.before });
    await note(foreign, { duration_ms: 50, customer_id: 'zeta' });
    await insertListener(database.pool, listener);
    await note(listener, { duration_ms: 70, status_code: 500, error_code: 'http_500', became: null });
    await insertDelivery(database.pool, { endpoint_id: listener, status: 'retrying', created_at: at });
    await insertDelivery(database.pool, { endpoint_id: mine, status: 'retrying', created_at: at });
    const before_replay = JSON.stringify({ status: 'dead' });
    await insertDelivery(database.pool, {
      endpoint_id: mine,
      status: 'queued',
      created_at: at,
      before_replay,
    });
  });
  afterAll(async () => {
    await database.close();
    await testDatabase.drop();
  });

  async function note(endpoint_id: string, fact: object): Promise<void> {
    await insertOutcome(database.pool, {
      delivery_id: newId('del'),
      endpoint_id,
      started_at: at,
      ...fact,
    });
  }

  const expected = {
    total: 4,
    succeeded: 2,
    latencies: expect.arrayContaining([{ class: expect.any(Number), count: 1 }]),
    byStatusCode: [
      { statusCode: 200, count: 2 },
      { statusCode: 503, count: 1 },
    ],
    byErrorCode: [
      { errorCode: 'http_503', count: 1 },
      { errorCode: 'timeout', count: 1 },
    ],
  };

  describe.each(['not rolled up yet', 'rolled up'])('of outcomes that are %s', (state) => {
    beforeAll(async () => {
      if (state === 'rolled up') await countAllOutcomes(database);
    });

    it.each([
      ['an endpoint', { endpointIds: [mine] }],
      ['a customer', { customerId: 'acme' }],
    ])('counts the attempts of %s within the span', async (_, scope) => {
      expect(await store.ofAttempts({ ...span, ...scope })).toEqual(expected);
    });

    it('counts where deliveries stand now: what is replayed as what it is, not as what it was', async () => {
      expect(await store.ofDeliveries({ ...span, endpointIds: [mine] })).toEqual(
        new Map([
          ['delivered', 2],
          ['retrying', 1],
          ['queued', 1],
        ]),
      );
    });

    it('counts everything where nothing restricts it', async () => {
      expect(await store.ofAttempts(span)).toMatchObject({ total: 5, succeeded: 3 });
      expect((await store.ofDeliveries(span)).get('delivered')).toBe(3);
    });

    it('leaves listeners out, unless they are asked for', async () => {
      expect((await store.ofAttempts({ ...span, customerId: 'acme' })).byErrorCode).toEqual(
        expected.byErrorCode,
      );
      expect((await store.ofDeliveries(span)).get('retrying')).toBe(1);
      const { total, succeeded } = await store.ofAttempts({ ...span, endpointIds: [listener] });
      expect([total, succeeded]).toEqual([1, 0]);
      expect((await store.ofDeliveries({ ...span, endpointIds: [listener] })).get('retrying')).toBe(1);
    });

    it('has no latencies where nothing was answered', async () => {
      const empty = { total: 0, succeeded: 0, latencies: [], byStatusCode: [], byErrorCode: [] };
      expect(await store.ofAttempts({ ...span, endpointIds: [newId('ep')] })).toEqual(empty);
    });
  });
});

async function insertListener(pool: Database['pool'], id: string): Promise<void> {
  await pool.query(
    `INSERT INTO endpoints (id, url, description, events, headers, timeout_ms, retry, breaker)
     VALUES ($1, $2, '', '{*}', '[]', 1000, '{}', '{}')`,
    [id, listenerUrl(id)],
  );
}
