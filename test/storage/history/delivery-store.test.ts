import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLogger } from '../../../src/logger.ts';
import { newId } from '../../../src/new-id.ts';
import { AttemptStore } from '../../../src/storage/history/attempt-store.ts';
import { type DeliveryFilter, DeliveryStore } from '../../../src/storage/history/delivery-store.ts';
import { type Database, openDatabase } from '../../../src/storage/postgres/database.ts';
import { createDatabase, type TestDatabase } from '../../support/storage/database.ts';
import { insertAttempt, insertDelivery } from '../../support/storage/rows.ts';

const endpointId = newId('ep');
const otherEndpointId = newId('ep');
const eventId = newId('evt');

describe('DeliveryStore', () => {
  let testDatabase: TestDatabase;
  let database: Database;
  let store: DeliveryStore;
  const ids: string[] = [];

  beforeAll(async () => {
    testDatabase = await createDatabase();
    database = openDatabase(testDatabase.url, { logger: createLogger('silent') });
    store = new DeliveryStore(database);
    const rows = [
      { created_at: new Date('2024-01-01T00:00:00Z') },
      { status: 'dead', dead_reason: 'retries_exhausted', last_error_code: 'http_503' },
      { status: 'retrying', last_error_code: 'timeout', event_id: eventId },
      { customer_id: 'zeta', endpoint_id: otherEndpointId, event: 'job.failed' },
      { is_test: true },
    ];
    for (const row of rows) {
      ids.push(await insertDelivery(database.pool, { endpoint_id: endpointId, data: '{"a":1}', ...row }));
    }
  });
  afterAll(async () => {
    await database.close();
    await testDatabase.drop();
  });

  const cases: readonly (readonly [DeliveryFilter, readonly number[]])[] = [
    [{}, [4, 3, 2, 1, 0]],
    [{ customerId: 'acme' }, [4, 2, 1, 0]],
    [{ endpointId: otherEndpointId }, [3]],
    [{ event: 'job.failed' }, [3]],
    [{ eventId }, [2]],
    [{ statuses: ['dead', 'retrying'] }, [2, 1]],
    [{ errorCode: 'http_503' }, [1]],
    [{ reason: 'retries_exhausted' }, [1]],
    [{ before: new Date('2024-01-01T00:00:00.001Z') }, [0]],
    [{ before: new Date('2024-01-01T00:00:00Z') }, []],
    [{ after: new Date('2024-01-01T00:00:00Z'), isTest: false, customerId: 'acme' }, [2, 1, 0]],
  ];
  it.each(cases)('lists what the filter %j selects, newest first', async (filter, expected) => {
    const { rows } = await store.list(filter, { beforeId: null, fetchLimit: 10 });
    expect(rows.map(({ id }) => ids.indexOf(id))).toEqual(expected);
  });

  it('fetches one page of a list', async () => {
    const { rows } = await store.list({}, { beforeId: ids[3] ?? '', fetchLimit: 2 });
    expect(rows.map(({ id }) => ids.indexOf(id))).toEqual([2, 1]);
  });

  it('reads one with the data of its event, or null', async () => {
    const [id = ''] = ids;
    expect(await store.read(id)).toMatchObject({ id, dataText: '{"a":1}', status: 'delivered', dueAt: null });
    expect(await store.read(newId('del'))).toBeNull();
  });

  it('reads a delivery whose event is gone', async () => {
    const id = await insertDelivery(database.pool, { endpoint_id: endpointId });
    await database.pool.query(
      'DELETE FROM events e USING deliveries d WHERE e.id = d.event_id AND d.id = $1',
      [id],
    );
    expect(await store.read(id)).toMatchObject({ id, dataText: null });
  });

  it('gives the newest attempts of a delivery, the newest one first (AttemptStore)', async () => {
    const id = await insertDelivery(database.pool, { endpoint_id: endpointId });
    const body = Buffer.from([0xff, 0x00, 0x41]);
    const of = { delivery_id: id, endpoint_id: endpointId };
    await insertAttempt(database.pool, { ...of, number: 2, response_body: body });
    await insertAttempt(database.pool, { ...of, response_headers: JSON.stringify([['a', 'b']]) });
    const store = new AttemptStore(database);
    const attempts = await store.listOf(id, { fetchLimit: 100 });
    expect(attempts.map(({ number }) => number)).toEqual([2, 1]);
    expect(attempts[1]?.responseHeaders).toEqual([['a', 'b']]);
    expect(attempts[0]?.responseBody).toEqual(body);
    expect(await store.listOf(id, { fetchLimit: 1 })).toEqual([attempts[0]]);
    expect(await store.listOf(id, { fetchLimit: 1, beforeNumber: 2 })).toEqual([attempts[1]]);
  });
});
