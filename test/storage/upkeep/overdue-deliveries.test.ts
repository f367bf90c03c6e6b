import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Claim } from '../../../src/storage/claims/claim.ts';
import {
  answered,
  openStorage,
  recordOf,
  request,
  type StorageUnderTest,
} from '../../support/storage/storage.ts';
import { untilSomebodyWaits } from '../../support/storage/until-somebody-waits.ts';

let storage: StorageUnderTest;
let endpointId: string;

beforeAll(async () => {
  storage = await openStorage();
});

afterAll(async () => {
  await storage.close();
});

async function newDelivery(customerId: string): Promise<string> {
  endpointId = await storage.endpoint({ customerId });
  const [id = ''] = await storage.publish({ customerId });
  return id;
}

async function claimed(id: string, mark: string | null = null): Promise<Claim> {
  const claim = await storage.claims.claim(request(id, mark));
  if (claim === null) throw new Error('there was nothing to claim');
  return claim;
}

async function letRecheckCome(id: string): Promise<void> {
  await storage.database.pool.query('UPDATE open_deliveries SET recheck_at = now() WHERE id = $1', [id]);
}

async function overdueIds(): Promise<readonly string[]> {
  return (await storage.overdue.list(100)).map((start) => start.deliveryId);
}

describe('OverdueDeliveries.settleHeld', () => {
  it('lets go what was held by somebody who saw the gate before it opened', async () => {
    const id = await newDelivery('late');
    const claim = await claimed(id);
    await storage.endpointSwitch.disable(endpointId, 'by_hand');
    const blocker = await storage.database.pool.connect();
    await blocker.query('BEGIN');
    await blocker.query('SELECT FROM open_deliveries WHERE id = $1 FOR UPDATE', [id]);
    const recorded = storage.recorder.record(recordOf(claim, { kind: 'retry', delayMs: 0 }, answered(503)));
    await untilSomebodyWaits(storage.database);
    await storage.endpointSwitch.enable(endpointId);
    await blocker.query('COMMIT');
    blocker.release();
    expect((await recorded).status).toBe('held');
    await letRecheckComeIfEver(id);
    expect(await storage.overdue.settleHeld()).toBe(1);
    expect(await storage.delivery(id)).toMatchObject({ status: 'retrying', wave_at: expect.any(Date) });
  });

  it('looks once at what a shut gate holds, and keeps it', async () => {
    const id = await newDelivery('shut');
    const claim = await claimed(id);
    await storage.endpointSwitch.disable(endpointId, 'by_hand');
    await storage.recorder.record(recordOf(claim, { kind: 'retry', delayMs: 60_000 }));
    await letRecheckCome(id);
    expect(await storage.overdue.settleHeld()).toBe(1);
    expect(await storage.delivery(id)).toMatchObject({ status: 'held', recheck_at: null });
    expect(await storage.overdue.settleHeld()).toBe(0);
  });

  it('leaves a wish for a manual attempt in sight', async () => {
    const id = await newDelivery('wished');
    await storage.endpointSwitch.disable(endpointId, 'by_hand');
    await storage.actions.markRetry(id, 'mark');
    await letRecheckCome(id);
    expect(await storage.overdue.settleHeld()).toBe(0);
    expect(await overdueIds()).toContain(id);
  });
});

describe('OverdueDeliveries.moveScheduled', () => {
  it('moves more than one statement takes, and looks no more after what is skipped', async () => {
    const customerId = 'scheduled';
    endpointId = await storage.endpoint({ customerId });
    const many = Array.from({ length: 1_001 }, () => ({
      event: 'job.completed',
      customerId,
      dataText: '{}',
      optIn: false,
      deliverAt: new Date(Date.now() - 1_000),
      idempotency: null,
    }));
    await storage.publisher.publishMany(many);
    await storage.endpointSwitch.disable(endpointId, 'by_hand');
    expect(await storage.scheduled.moveDue(() => {})).toBe(1_001);
    const { rows } = await storage.database.pool.query(
      'SELECT DISTINCT status, recheck_at FROM deliveries WHERE endpoint_id = $1',
      [endpointId],
    );
    expect(rows).toEqual([{ status: 'skipped', recheck_at: null }]);
  });
});

async function letRecheckComeIfEver(id: string): Promise<void> {
  await storage.database.pool.query(
    'UPDATE open_deliveries SET recheck_at = now() WHERE id = $1 AND recheck_at IS NOT NULL',
    [id],
  );
}
