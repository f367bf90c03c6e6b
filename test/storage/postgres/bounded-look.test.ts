import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '../../../src/new-id.ts';
import { DeliveryStore } from '../../../src/storage/history/delivery-store.ts';
import { openStorage, type StorageUnderTest } from '../../support/storage/storage.ts';

let storage: StorageUnderTest;
beforeAll(async () => {
  storage = await openStorage();
});
afterAll(async () => await storage.close());

describe('lookFor', () => {
  it('looks at so many rows at a time and says how far it came', async () => {
    const endpointId = newId('ep');
    await storage.database.pool.query(
      `INSERT INTO ended_deliveries (id, event_id, endpoint_id, customer_id, event, status, created_at, finished_at)
       SELECT $1 || to_char(i, 'FM0000'), 'evt', $2, 'acme', CASE i WHEN 1 THEN 'rare.one' ELSE 'common.one' END,
         'delivered', now(), now() FROM generate_series(1, 5000) i`,
      [newId('del').slice(0, -4), endpointId],
    );
    const store = new DeliveryStore(storage.database);
    const looks: number[] = [];
    let beforeId: string | null = null;
    do {
      const { rows, lookedTo } = await store.list({ event: 'rare.one' }, { beforeId, fetchLimit: 26 });
      looks.push(rows.length);
      beforeId = lookedTo;
    } while (beforeId !== null);
    expect(looks).toEqual([0, 0, 1]);
    const page = await store.list({ endpointId }, { beforeId: null, fetchLimit: 26 });
    expect([page.rows.length, page.lookedTo]).toEqual([26, null]);
  });
});
