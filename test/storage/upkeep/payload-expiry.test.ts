import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PayloadExpiry } from '../../../src/storage/upkeep/payload-expiry.ts';
import { insertAttempt, insertDelivery } from '../../support/storage/rows.ts';
import { openStorage, type StorageUnderTest } from '../../support/storage/storage.ts';

const CANARY = 'canary-4711';
const DAY_MS = 86_400_000;

let storage: StorageUnderTest;
let endpointId: string;

beforeAll(async () => {
  storage = await openStorage();
  endpointId = await storage.endpoint();
});
afterAll(async () => await storage.close());

/** A delivery with an answer, of an event that was accepted so long ago. */
async function insertAgo(days: number, given: object = {}): Promise<string> {
  const id = await insertDelivery(storage.database.pool, {
    endpoint_id: endpointId,
    data: JSON.stringify({ note: CANARY }),
    created_at: new Date(Date.now() - days * DAY_MS),
    ...given,
  });
  await insertAttempt(storage.database.pool, {
    delivery_id: id,
    endpoint_id: endpointId,
    response_body: Buffer.from(CANARY),
  });
  return id;
}

async function carries(deliveryId: string): Promise<boolean> {
  const { rows } = await storage.database.pool.query(
    `SELECT e.data, e.erased_at, convert_from(a.response_body, 'UTF8') AS answer
     FROM deliveries d JOIN events e ON e.id = d.event_id JOIN attempts a ON a.delivery_id = d.id WHERE d.id = $1`,
    [deliveryId],
  );
  const isThere = JSON.stringify(rows).includes(CANARY);
  expect(rows[0].erased_at === null).toBe(isThere);
  return isThere;
}

async function walk(days: number): Promise<void> {
  const expiry = new PayloadExpiry(storage.database, days);
  while (await expiry.step());
}

describe('PayloadExpiry', () => {
  it('erases what old events carried and what was answered, and nothing of newer ones', async () => {
    const [old, other, newer] = [await insertAgo(9), await insertAgo(8), await insertAgo(6)];
    await walk(7);
    expect([await carries(old), await carries(other), await carries(newer)]).toEqual([false, false, true]);
    expect(await storage.delivery(old)).toMatchObject({ status: 'delivered' });
  });

  it.each(['queued', 'held', 'dead', 'skipped'])(
    'keeps what a delivery that is %s would be sent with',
    async (status) => {
      const id = await insertAgo(9, { status });
      await walk(7);
      expect(await carries(id)).toBe(true);
    },
  );

  it('keeps what is scheduled for later, and counts its age from then', async () => {
    const id = await insertAgo(9);
    await storage.database.pool.query(
      `UPDATE events SET deliver_at = now() - interval '6 days' WHERE id = (SELECT event_id FROM deliveries
        WHERE id = $1)`,
      [id],
    );
    await walk(7);
    expect(await carries(id)).toBe(true);
    await walk(5);
    expect(await carries(id)).toBe(false);
  });

  it('goes on where it was, and meets what could not be erased when it begins anew', async () => {
    const id = await insertAgo(9, { status: 'dead' });
    const expiry = new PayloadExpiry(storage.database, 7);
    while (await expiry.step());
    await storage.database.pool.query("UPDATE ended_deliveries SET status = 'delivered' WHERE id = $1", [id]);
    await expiry.step();
    expect(await carries(id)).toBe(true);
    expiry.beginAnew();
    await expiry.step();
    expect(await carries(id)).toBe(false);
  });
});
