import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DomainError } from '../../../src/domain/errors.ts';
import type { Claim } from '../../../src/storage/claims/claim.ts';
import {
  answered,
  openStorage,
  recordOf,
  request,
  type StorageUnderTest,
} from '../../support/storage/storage.ts';

const DEAD = { kind: 'dead', reason: 'endpoint_gone' } as const;

let storage: StorageUnderTest;

beforeAll(async () => {
  storage = await openStorage();
});
afterAll(async () => await storage.close());

async function claimNew(): Promise<Claim> {
  const customerId = randomUUID();
  await storage.endpoint({ customerId });
  const [id = ''] = await storage.publish({ customerId });
  return claimOf(await storage.claims.claim(request(id)));
}

function claimOf(claim: Claim | null): Claim {
  if (claim === null) throw new Error('there was nothing to claim');
  return claim;
}

/** In which table the delivery is, and how many attempts stand by themselves. */
async function placeOf(id: string): Promise<{ open: number; ended: number; apart: number }> {
  const { rows } = await storage.database.pool.query(
    `SELECT (SELECT count(*)::integer FROM open_deliveries WHERE id = $1) AS open,
       (SELECT count(*)::integer FROM ended_deliveries WHERE id = $1) AS ended,
       (SELECT count(*)::integer FROM further_attempts WHERE delivery_id = $1) AS apart`,
    [id],
  );
  return rows[0];
}

describe('a delivery that ended', () => {
  it('is one row, with its attempt where it had only one', async () => {
    const claim = await claimNew();
    await storage.recorder.record(recordOf(claim, { kind: 'delivered' }));
    expect(await placeOf(claim.deliveryId)).toEqual({ open: 0, ended: 1, apart: 0 });
    expect(await storage.attempts(claim.deliveryId)).toMatchObject([
      { number: 1, status_code: 200, trigger: 'automatic', response_body: Buffer.from([0, 0xff, 0x41]) },
    ]);
  });

  it('keeps several attempts apart', async () => {
    const claim = await claimNew();
    await storage.recorder.record(recordOf(claim, { kind: 'retry', delayMs: 0 }));
    const second = claimOf(await storage.claims.claim(request(claim.deliveryId)));
    await storage.recorder.record(recordOf(second, { kind: 'delivered' }));
    expect(await placeOf(claim.deliveryId)).toEqual({ open: 0, ended: 1, apart: 2 });
    expect(await storage.attempts(claim.deliveryId)).toMatchObject([
      { status_code: 503 },
      { status_code: 200 },
    ]);
  });

  it('is recorded once, however often its attempt is', async () => {
    const claim = await claimNew();
    const record = recordOf(claim, { kind: 'delivered' });
    for (let time = 0; time < 2; time += 1)
      expect(await storage.recorder.record(record)).toMatchObject({ status: 'delivered' });
    expect(await placeOf(claim.deliveryId)).toEqual({ open: 0, ended: 1, apart: 0 });
  });

  it('comes back with its attempt where it is to be sent again, and ends with both', async () => {
    const claim = await claimNew();
    await storage.recorder.record(recordOf(claim, DEAD, answered(410)));
    const { mark } = await storage.actions.markRetry(claim.deliveryId, 'again');
    expect(await placeOf(claim.deliveryId)).toEqual({ open: 1, ended: 0, apart: 1 });
    expect(await storage.delivery(claim.deliveryId)).toMatchObject({
      status: 'dead',
      dead_reason: DEAD.reason,
    });
    const again = claimOf(await storage.claims.claim(request(claim.deliveryId, mark)));
    await storage.recorder.record(recordOf(again, { kind: 'restored' }, answered(500)));
    expect(await placeOf(claim.deliveryId)).toEqual({ open: 0, ended: 1, apart: 2 });
    expect(await storage.delivery(claim.deliveryId)).toMatchObject({ status: 'dead', attempts_made: 2 });
    expect(await storage.attempts(claim.deliveryId)).toMatchObject([
      { status_code: 410 },
      { status_code: 500 },
    ]);
  });

  it('stays where it is when the wish is refused', async () => {
    const claim = await claimNew();
    await storage.recorder.record(recordOf(claim, DEAD));
    await storage.removal.remove(claim.endpointId);
    await expect(storage.actions.markRetry(claim.deliveryId, 'again')).rejects.toThrow(DomainError);
    expect(await placeOf(claim.deliveryId)).toEqual({ open: 0, ended: 1, apart: 0 });
  });

  it('is delivered by a late success, and its earlier attempt stays what it was', async () => {
    const claim = await claimNew();
    await storage.recorder.record(recordOf(claim, DEAD, answered(410)));
    expect(await storage.recorder.record(recordOf(claim, { kind: 'delivered' }))).toMatchObject({
      status: 'delivered',
      waitMs: null,
      deadReason: null,
    });
    expect(await storage.delivery(claim.deliveryId)).toMatchObject({
      status: 'delivered',
      last_status_code: 200,
    });
    expect(await storage.attempts(claim.deliveryId)).toMatchObject([{ status_code: 410 }]);
  });

  it('gets the attempt of one that was cancelled while it was sent', async () => {
    const claim = await claimNew();
    await storage.actions.cancel(claim.deliveryId);
    expect(await storage.recorder.record(recordOf(claim, { kind: 'retry', delayMs: 0 }))).toMatchObject({
      status: 'cancelled',
    });
    expect(await storage.attempts(claim.deliveryId)).toMatchObject([{ number: 1, status_code: 503 }]);
  });

  it('is found by its event', async () => {
    const claim = await claimNew();
    await storage.recorder.record(recordOf(claim, { kind: 'delivered' }));
    const { rows } = await storage.database.pool.query(
      'SELECT delivery_ids, customer_deliveries FROM events WHERE id = $1',
      [claim.eventId],
    );
    expect(rows).toEqual([{ delivery_ids: [claim.deliveryId], customer_deliveries: 1 }]);
  });
});
