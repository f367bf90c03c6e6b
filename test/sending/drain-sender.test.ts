import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { DeliveryStart } from '../../src/domain/delivery-start.ts';
import { createLogger } from '../../src/logger.ts';
import { createDrainSender, type DrainSenderDependencies } from '../../src/sending/drain-sender.ts';
import type { Claim } from '../../src/storage/claims/claim.ts';
import { countRetriesByTaker } from '../support/rows/counts.ts';
import { forgetDeliveries } from '../support/rows/empty.ts';
import { answerTo } from '../support/storage/answer-to.ts';
import { claimDue } from '../support/storage/claim-due.ts';
import { insertDue } from '../support/storage/rows.ts';
import { answered, openStorage, type StorageUnderTest } from '../support/storage/storage.ts';

let storage: StorageUnderTest;
let endpointId: string;
let started: DeliveryStart[];

beforeAll(async () => {
  storage = await openStorage();
});
afterAll(async () => await storage.close());

beforeEach(async () => {
  await forgetDeliveries(storage.database.pool);
  endpointId = await storage.endpoint();
  started = [];
});

async function claims(count: number): Promise<readonly Claim[]> {
  await insertDue(storage.database.pool, { endpointId, count });
  return (await claimDue(storage.waveClaims, { most: count })).claims;
}

async function claimOne(): Promise<Claim> {
  const [claim] = await claims(1);
  if (claim === undefined) throw new Error('nothing was claimed');
  return claim;
}

/** The sender of a drain, with a receiver that answers so. */
function senderOf(statusCode: number, instead: Partial<DrainSenderDependencies> = {}) {
  return createDrainSender({
    ...storage,
    send: async () => answered(statusCode),
    startRun: async (start) => void started.push(start),
    returnToWaves: async (claim) => await storage.overdue.returnToWaves(claim),
    onLeft: () => {},
    logger: createLogger('silent'),
    userAgent: 'Posthorn/test',
    headerPrefix: 'X-Webhook-',
    ...instead,
  });
}

const REFUSED = async (): Promise<never> => {
  throw new Error('14 UNAVAILABLE');
};

describe('createDrainSender', () => {
  it('sends, records and tells that the receiver took it', async () => {
    const claim = await claimOne();
    expect(await answerTo(senderOf(200), [claim])).toBe(true);
    expect(await storage.delivery(claim.deliveryId)).toMatchObject({ status: 'delivered', run_id: null });
    expect(started).toEqual([]);
  });

  it('gives a delivery that failed a run of its own, which begins with waiting', async () => {
    const claim = await claimOne();
    expect(await answerTo(senderOf(503), [claim])).toBe(false);
    expect(started).toMatchObject([
      { deliveryId: claim.deliveryId, attemptsMade: 1, mark: null, host: 'receiver.example' },
    ]);
    expect(started[0]?.dueInMs).toBeGreaterThan(0);
    expect(await storage.delivery(claim.deliveryId)).toMatchObject({
      status: 'retrying',
      wave_at: null,
      recheck_at: expect.any(Date),
    });
  });

  it('leaves to waves, due at their exact times, what fails beyond the budget', async () => {
    const sendClaimed = senderOf(503);
    const all = await claims(60);
    await Promise.all(all.map(async (claim) => await sendClaimed([claim], () => {})));
    expect(started.length).toBeGreaterThanOrEqual(20);
    expect(started.length).toBeLessThan(60);
    const retries = await countRetriesByTaker(storage.database.pool);
    expect(retries).toEqual({ waves: 60 - started.length, runs: started.length });
  });

  it('returns to waves what cannot be started', async () => {
    const claim = await claimOne();
    expect(await answerTo(senderOf(503, { startRun: REFUSED }), [claim])).toBe(false);
    const row = await storage.delivery(claim.deliveryId);
    expect(row).toMatchObject({ status: 'retrying', recheck_at: null });
    expect(row.wave_at).toEqual(row.due_at);
  });

  it('leaves to the reconciling loop what nobody can be told of', async () => {
    const claim = await claimOne();
    const sendClaimed = senderOf(503, { startRun: REFUSED, returnToWaves: REFUSED });
    expect(await answerTo(sendClaimed, [claim])).toBe(false);
    expect(await storage.delivery(claim.deliveryId)).toMatchObject({ recheck_at: expect.any(Date) });
  });

  it.each([
    [410, 'dead'],
    [200, 'delivered'],
  ])('starts nothing where %i ends the delivery as %s', async (answer, status) => {
    const claim = await claimOne();
    await senderOf(answer)([claim], () => {});
    expect(await storage.delivery(claim.deliveryId)).toMatchObject({ status, wave_at: null });
    expect(started).toEqual([]);
  });

  it('starts nothing where the endpoint was disabled meanwhile', async () => {
    const claim = await claimOne();
    await storage.endpointSwitch.disable(endpointId, 'by_hand');
    await senderOf(503)([claim], () => {});
    expect(await storage.delivery(claim.deliveryId)).toMatchObject({ status: 'held', wave_at: null });
    expect(started).toEqual([]);
  });

  it('never rejects, and leaves to its lease what broke off', async () => {
    const claim = await claimOne();
    expect(await answerTo(senderOf(200, { send: REFUSED }), [claim])).toBeUndefined();
    expect(await storage.delivery(claim.deliveryId)).toMatchObject({ status: 'sending' });
  });
});

describe('OverdueDeliveries.returnToWaves', () => {
  it('changes nothing once another attempt was made or a person wants one', async () => {
    const claim = await claimOne();
    await senderOf(503)([claim], () => {});
    const { deliveryId, attempt } = claim;
    await storage.overdue.returnToWaves({ deliveryId, attempt: attempt + 1 });
    await storage.actions.markRetry(deliveryId, 'mark');
    await storage.overdue.returnToWaves(claim);
    expect(await storage.delivery(deliveryId)).toMatchObject({ wave_at: null, recheck_at: expect.any(Date) });
  });
});
