import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Claim } from '../../../src/storage/claims/claim.ts';
import { Retention } from '../../../src/storage/upkeep/retention.ts';
import { claimDue } from '../../support/storage/claim-due.ts';
import { insertDue } from '../../support/storage/rows.ts';
import { openStorage, recordOf, request, type StorageUnderTest } from '../../support/storage/storage.ts';

let storage: StorageUnderTest;
let endpointId: string;

beforeAll(async () => {
  storage = await openStorage();
});
afterAll(async () => await storage.close());

beforeEach(async () => {
  await storage.database.pool.query('TRUNCATE open_deliveries, ended_deliveries, events');
  endpointId = await storage.endpoint();
});

async function waiting(): Promise<string> {
  const [id = ''] = await insertDue(storage.database.pool, { endpointId, count: 1 });
  return id;
}

async function claimAll(): Promise<readonly Claim[]> {
  return (await claimDue(storage.waveClaims)).claims;
}

async function claimedByWave(): Promise<Claim> {
  await waiting();
  const [claim] = await claimAll();
  if (claim === undefined) throw new Error('nothing was claimed');
  return claim;
}

async function claimedByRun(mark: string | null = null): Promise<Claim> {
  const id = await waiting();
  if (mark !== null) await storage.actions.markRetry(id, mark);
  const claim = await storage.claims.claim(request(id, mark));
  if (claim === null) throw new Error('nothing was claimed');
  return claim;
}

async function shutGate(): Promise<void> {
  await storage.database.pool.query('UPDATE gates SET is_open = false WHERE endpoint_id = $1', [endpointId]);
}

async function letLeaseEnd(): Promise<void> {
  storage.database.watch.steadyForMs = () => 10_000;
  await storage.database.pool.query(
    "UPDATE open_deliveries SET lease_until = now() - interval '1 s', recheck_at = now() - interval '1 s'",
  );
  await storage.expiredSends.closeExpired();
}

describe('a delivery that waits for a wave', () => {
  const endings: readonly (readonly [what: string, status: string, end: (id: string) => Promise<unknown>])[] =
    [
      ['it is cancelled', 'cancelled', async (id) => await storage.actions.cancel(id)],
      [
        'its endpoint is disabled',
        'held',
        async () => await storage.endpointSwitch.disable(endpointId, 'by_hand'),
      ],
      ['its endpoint is deleted', 'cancelled', async () => await storage.removal.remove(endpointId)],
      [
        'a run finds its gate shut',
        'held',
        async (id) => {
          await shutGate();
          await storage.claims.hold(id);
        },
      ],
      ['a run claims it', 'sending', async (id) => await storage.claims.claim(request(id))],
      [
        'a person has it sent',
        'sending',
        async (id) => {
          const { mark } = await storage.actions.markRetry(id, 'mark');
          await storage.claims.claim(request(id, mark));
        },
      ],
      ['it got a run', 'queued', async (id) => await storage.overdue.markStarted([id])],
    ];

  it.each(endings)('waits no more once %s', async (_what, status, end) => {
    const id = await waiting();
    await end(id);
    expect(await storage.delivery(id)).toMatchObject({ status, wave_at: null });
    expect(await claimAll()).toEqual([]);
  });

  it('waits again from its time on when its endpoint is enabled', async () => {
    const id = await waiting();
    await storage.endpointSwitch.disable(endpointId, 'by_hand');
    await storage.endpointSwitch.enable(endpointId);
    expect(await storage.delivery(id)).toMatchObject({ status: 'queued', wave_at: expect.any(Date) });
    expect(await claimAll()).toMatchObject([{ deliveryId: id }]);
  });

  it('dies of age only while it is held', async () => {
    const [queued, held] = [await waiting(), await waiting()];
    await storage.database.pool.query("UPDATE open_deliveries SET created_at = now() - interval '40 days'");
    await storage.database.pool.query(
      "UPDATE open_deliveries SET status = 'held', wave_at = NULL WHERE id = $1",
      [held],
    );
    await storage.database.pool.query("UPDATE endpoints SET status = 'disabled' WHERE id = $1", [endpointId]);
    await new Retention(storage.database).sweep(30);
    expect(await storage.delivery(queued)).toMatchObject({ status: 'queued', wave_at: expect.any(Date) });
    expect(await storage.delivery(held)).toMatchObject({ status: 'dead', dead_reason: 'expired' });
  });

  it('can be in no state from which nothing is sent', async () => {
    const id = await waiting();
    await expect(
      storage.database.pool.query("UPDATE open_deliveries SET status = 'delivered' WHERE id = $1", [id]),
    ).rejects.toThrow('deliveries_waiting');
  });
});

describe('what a wave claimed', () => {
  it('waits for a wave at its exact time where that is to make the next attempt', async () => {
    const claim = await claimedByWave();
    await storage.recorder.record({ ...recordOf(claim, { kind: 'retry', delayMs: 60_000 }), next: 'wave' });
    const row = await storage.delivery(claim.deliveryId);
    expect(row).toMatchObject({ status: 'retrying', recheck_at: null, due_at: expect.any(Date) });
    expect(row.wave_at).toEqual(row.due_at);
    expect(await claimAll()).toEqual([]);
  });

  it('is held where the gate shut meanwhile', async () => {
    const claim = await claimedByWave();
    await shutGate();
    await storage.recorder.record({ ...recordOf(claim, { kind: 'retry', delayMs: 1 }), next: 'wave' });
    expect(await storage.delivery(claim.deliveryId)).toMatchObject({ status: 'held', wave_at: null });
  });

  it('is due for a wave again when its lease ends', async () => {
    const { deliveryId } = await claimedByWave();
    await letLeaseEnd();
    expect(await storage.delivery(deliveryId)).toMatchObject({
      status: 'retrying',
      recheck_at: null,
      wave_at: expect.any(Date),
    });
    expect(await claimAll()).toMatchObject([{ deliveryId, attempt: 2 }]);
  });

  it('is held when its lease ends behind a shut gate', async () => {
    const { deliveryId } = await claimedByWave();
    await shutGate();
    await letLeaseEnd();
    expect(await storage.delivery(deliveryId)).toMatchObject({ status: 'held', wave_at: null });
  });
});

describe('what a run claimed', () => {
  it.each([
    ['its claim is released', async (claim: Claim) => await storage.claims.release(claim)],
    ['its lease ends', async () => await letLeaseEnd()],
  ])('is left to runs when %s, although it waited for a wave before', async (_what, end) => {
    const claim = await claimedByRun();
    await end(claim);
    expect(await storage.delivery(claim.deliveryId)).toMatchObject({
      wave_at: null,
      recheck_at: expect.any(Date),
    });
  });

  it('is left to its run when an attempt by hand failed', async () => {
    const claim = await claimedByRun('mark');
    await storage.recorder.record(recordOf(claim, { kind: 'restored' }));
    expect(await storage.delivery(claim.deliveryId)).toMatchObject({
      status: 'queued',
      wave_at: null,
      recheck_at: expect.any(Date),
    });
  });
});
