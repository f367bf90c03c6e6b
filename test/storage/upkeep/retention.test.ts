import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Retention } from '../../../src/storage/upkeep/retention.ts';
import { ageDelivery } from '../../support/storage/rows.ts';
import { openStorage, recordOf, request, type StorageUnderTest } from '../../support/storage/storage.ts';

let storage: StorageUnderTest;

beforeAll(async () => {
  storage = await openStorage();
});
afterAll(async () => await storage.close());

describe('Retention', () => {
  it('removes what ended long ago with its attempts and payload, and never an open delivery', async () => {
    await storage.endpoint();
    const [ended = '', open = ''] = [...(await storage.publish()), ...(await storage.publish())];
    const claim = await storage.claims.claim(request(ended));
    if (claim === null) throw new Error('could not be claimed');
    await storage.recorder.record(recordOf(claim, { kind: 'delivered' }));
    for (const id of [ended, open]) await ageDelivery(storage.database.pool, id, 40);
    await storage.database.pool.query("UPDATE events SET created_at = now() - interval '40 d'");
    const swept = await new Retention(storage.database).sweep(30);
    expect(swept).toMatchObject({ deliveries: 1, events: 1, expired: 0 });
    expect(await storage.delivery(ended)).toEqual({});
    expect(await storage.attempts(ended)).toEqual([]);
    expect((await storage.claims.claim(request(open)))?.dataText).toBe('{"job_id":"j1"}');
  });

  it('lets held deliveries of a disabled endpoint die when they are too old', async () => {
    const endpointId = await storage.endpoint({ customerId: 'held' });
    const [id = ''] = await storage.publish({ customerId: 'held' });
    await storage.endpointSwitch.disable(endpointId, 'by_hand');
    await storage.database.pool.query(
      "UPDATE open_deliveries SET created_at = now() - interval '40 d' WHERE id = $1",
      [id],
    );
    expect(await new Retention(storage.database).sweep(30)).toMatchObject({ expired: 1 });
    expect(await storage.delivery(id)).toMatchObject({ status: 'dead', dead_reason: 'expired' });
  });
});
