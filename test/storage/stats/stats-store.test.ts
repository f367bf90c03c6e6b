import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLogger } from '../../../src/logger.ts';
import { newId } from '../../../src/new-id.ts';
import { type Database, openDatabase } from '../../../src/storage/postgres/database.ts';
import { StatsStore } from '../../../src/storage/stats/stats-store.ts';
import { createDatabase, type TestDatabase } from '../../support/storage/database.ts';
import { insertAttempt, insertDelivery } from '../../support/storage/rows.ts';

const at = new Date('2024-05-01T12:00:00Z');
const span = { after: at, before: new Date('2024-05-01T13:00:00Z') };

describe('StatsStore', () => {
  let testDatabase: TestDatabase;
  let database: Database;
  let store: StatsStore;
  const mine = newId('ep');
  const foreign = newId('ep');

  beforeAll(async () => {
    testDatabase = await createDatabase();
    database = openDatabase(testDatabase.url, { logger: createLogger('silent') });
    store = new StatsStore(database);
    for (const [id, customer] of [
      [mine, 'acme'],
      [foreign, 'zeta'],
    ]) {
      await database.pool.query(
        `INSERT INTO endpoints (id, customer_id, url, description, events, headers, timeout_ms, retry)
         VALUES ($1, $2, 'https://example.com', '', '{*}', '[]', 1000, '{}')`,
        [id, customer],
      );
    }
    await seed(mine, { duration_ms: 100 });
    await seed(mine, { duration_ms: 300, status_code: 503, error_code: 'http_503' }, { status: 'dead' });
    await seed(mine, { duration_ms: 200 });
    await seed(
      mine,
      { duration_ms: 9_000, status_code: null, error_code: 'timeout' },
      { status: 'retrying' },
    );
    await seed(mine, { trigger: 'test' }, { is_test: true });
    await seed(mine, { trigger: 'manual' }, { is_test: true });
    await seed(mine, { started_at: span.before }, { created_at: span.before });
    await seed(foreign, { duration_ms: 50 }, { customer_id: 'zeta' });
  });
  afterAll(async () => {
    await database.close();
    await testDatabase.drop();
  });

  async function seed(endpointId: string, attempt: object, delivery: object = {}): Promise<void> {
    const id = await insertDelivery(database.pool, { endpoint_id: endpointId, created_at: at, ...delivery });
    await insertAttempt(database.pool, {
      delivery_id: id,
      endpoint_id: endpointId,
      started_at: at,
      ...attempt,
    });
  }

  it.each([
    ['an endpoint', { endpointId: mine }],
    ['a customer', { customerId: 'acme' }],
  ])('counts the attempts of %s within the span, tests left out', async (_, scope) => {
    expect(await store.ofAttempts({ ...span, ...scope })).toEqual({
      total: 4,
      succeeded: 2,
      latencyMs: { p50: 200, p95: 290, p99: 298 },
      byStatusCode: [
        { statusCode: 200, count: 2 },
        { statusCode: 503, count: 1 },
      ],
      byErrorCode: [
        { errorCode: 'http_503', count: 1 },
        { errorCode: 'timeout', count: 1 },
      ],
    });
    expect(await store.ofDeliveries({ ...span, ...scope })).toEqual(
      new Map([
        ['delivered', 2],
        ['dead', 1],
        ['retrying', 1],
      ]),
    );
  });

  it('counts everything where nothing restricts it', async () => {
    expect(await store.ofAttempts(span)).toMatchObject({ total: 5, succeeded: 3 });
    expect((await store.ofDeliveries(span)).get('delivered')).toBe(3);
  });

  it('has no latencies where nothing was answered', async () => {
    const empty = { total: 0, succeeded: 0, latencyMs: null, byStatusCode: [], byErrorCode: [] };
    expect(await store.ofAttempts({ ...span, endpointId: newId('ep') })).toEqual(empty);
  });
});
