import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Claim } from '../../../src/storage/claims/claim.ts';
import { removeDelivery } from '../../support/storage/rows.ts';
import {
  answered,
  openStorage,
  recordOf,
  request,
  type StorageUnderTest,
} from '../../support/storage/storage.ts';

let storage: StorageUnderTest;

beforeAll(async () => {
  storage = await openStorage();
  await storage.endpoint();
});
afterAll(async () => await storage.close());

async function claimNew(): Promise<Claim> {
  const [id = ''] = await storage.publish();
  return await claimAgain(id);
}

async function claimAgain(id: string, mark: string | null = null): Promise<Claim> {
  const claim = await storage.claims.claim(request(id, mark));
  if (claim === null) throw new Error(`${id} could not be claimed`);
  return claim;
}

async function expire(id: string): Promise<void> {
  storage.database.watch.steadyForMs = () => 10_000;
  await storage.database.pool.query(
    "UPDATE open_deliveries SET lease_until = now() - interval '1 s', recheck_at = now() WHERE id = $1",
    [id],
  );
  await storage.expiredSends.closeExpired([id]);
}

describe('AttemptRecorder', () => {
  it('ends a delivery and keeps the answer byte for byte', async () => {
    const claim = await claimNew();
    expect(await storage.recorder.record(recordOf(claim, { kind: 'delivered' }))).toMatchObject({
      status: 'delivered',
      waitMs: null,
    });
    const [attempt] = await storage.attempts(claim.deliveryId);
    expect(attempt).toMatchObject({
      status_code: 200,
      response_body: Buffer.from([0, 0xff, 0x41]),
      response_headers: [['x', 'café']],
      resent: false,
    });
    expect(await storage.delivery(claim.deliveryId)).toMatchObject({
      finished_at: expect.any(Date),
      lease_until: null,
    });
  });

  it('keeps that an attempt went out twice', async () => {
    const claim = await claimNew();
    const record = recordOf(claim, { kind: 'delivered' });
    await storage.recorder.record({ ...record, outcome: { ...record.outcome, resent: true } });
    expect(await storage.attempts(claim.deliveryId)).toMatchObject([{ resent: true }]);
  });

  it('plans the retry and uses one of the budget', async () => {
    const claim = await claimNew();
    const recorded = await storage.recorder.record(recordOf(claim, { kind: 'retry', delayMs: 5_000 }));
    expect(recorded.status).toBe('retrying');
    expect(recorded.waitMs).toBeGreaterThan(0);
    expect(recorded.waitMs).toBeLessThanOrEqual(5_000);
    expect(await storage.delivery(claim.deliveryId)).toMatchObject({
      retries_used: 1,
      last_error_code: 'http_503',
    });
  });

  it('says the same when it is repeated', async () => {
    const record = recordOf(await claimNew(), { kind: 'dead', reason: 'retries_exhausted' });
    await storage.recorder.record(record);
    expect(await storage.recorder.record(record)).toMatchObject({
      status: 'dead',
      deadReason: 'retries_exhausted',
    });
    expect(await storage.attempts(record.claim.deliveryId)).toHaveLength(1);
  });

  it('fills only the attempt where the result comes after the lease was closed', async () => {
    const late = await claimNew();
    await expire(late.deliveryId);
    const recorded = await storage.recorder.record(recordOf(late, { kind: 'retry', delayMs: 60_000 }));
    expect(recorded.status).toBe('retrying');
    expect(await storage.delivery(late.deliveryId)).toMatchObject({ retries_used: 0 });
    expect(await storage.attempts(late.deliveryId)).toMatchObject([{ number: 1, error_code: 'http_503' }]);
  });

  it('delivers by a late success, even while another attempt is under way', async () => {
    const late = await claimNew();
    await expire(late.deliveryId);
    const second = await claimAgain(late.deliveryId);
    expect((await storage.recorder.record(recordOf(late, { kind: 'delivered' }))).status).toBe('delivered');
    expect((await storage.recorder.record(recordOf(second, { kind: 'retry', delayMs: 1 }))).status).toBe(
      'delivered',
    );
    expect(await storage.attempts(late.deliveryId)).toMatchObject([
      { status_code: 200 },
      { status_code: 503 },
    ]);
  });

  it('returns to the former state after a manual retry that failed', async () => {
    const first = await claimNew();
    const id = first.deliveryId;
    await storage.recorder.record(recordOf(first, { kind: 'retry', delayMs: 90_000 }));
    const dueBefore = (await storage.delivery(id)).due_at;
    const manual = await claimAgain(id, (await storage.actions.markRetry(id, 'm')).mark);
    expect((await storage.recorder.record(recordOf(manual, { kind: 'restored' }))).status).toBe('retrying');
    expect(await storage.delivery(id)).toMatchObject({
      due_at: dueBefore,
      retries_used: 1,
      attempts_made: 2,
    });
  });

  it('cancels after a failure whose endpoint is gone, and delivers a cancelled one that succeeded', async () => {
    const endpointId = await storage.endpoint({ customerId: 'gone' });
    const ids = [
      ...(await storage.publish({ customerId: 'gone' })),
      ...(await storage.publish({ customerId: 'gone' })),
    ];
    const [failing, succeeding] = await Promise.all(ids.map(async (id) => await claimAgain(id)));
    if (failing === undefined || succeeding === undefined) throw new Error('two claims were expected');
    expect([...(await storage.removal.remove(endpointId))].sort()).toEqual([...ids].sort());
    expect((await storage.recorder.record(recordOf(failing, { kind: 'retry', delayMs: 1 }))).status).toBe(
      'cancelled',
    );
    expect((await storage.recorder.record(recordOf(succeeding, { kind: 'delivered' }))).status).toBe(
      'delivered',
    );
  });

  it('holds what fails while its endpoint is disabled', async () => {
    const endpointId = await storage.endpoint({ customerId: 'off' });
    const [id = ''] = await storage.publish({ customerId: 'off' });
    const claim = await claimAgain(id);
    await storage.endpointSwitch.disable(endpointId, 'by_hand');
    expect((await storage.recorder.record(recordOf(claim, { kind: 'retry', delayMs: 1 }))).status).toBe(
      'held',
    );
    const [skipped = ''] = await storage.publish({ customerId: 'off' });
    expect(await storage.delivery(skipped)).toMatchObject({ status: 'skipped' });
    await storage.endpointSwitch.enable(endpointId);
    expect(await storage.delivery(id)).toMatchObject({ status: 'retrying' });
    expect(await storage.delivery(skipped)).toMatchObject({ status: 'skipped' });
  });

  it('takes a message that was cut in the middle of a character', async () => {
    const claim = await claimNew();
    const outcome = { ...answered(503), errorDetail: 'cut \ud83d' };
    await storage.recorder.record(recordOf(claim, { kind: 'retry', delayMs: 0 }, outcome));
    expect(await storage.attempts(claim.deliveryId)).toMatchObject([{ error_detail: 'cut \ufffd' }]);
  });

  it('counts what somebody deleted meanwhile as cancelled, without harming its neighbours', async () => {
    const [gone, neighbour] = [await claimNew(), await claimNew()];
    await removeDelivery(storage.database.pool, gone.deliveryId);
    const recorded = [gone, neighbour, gone].map(
      async (claim) => await storage.recorder.record(recordOf(claim, { kind: 'delivered' })),
    );
    expect((await Promise.all(recorded)).map(({ status }) => status)).toEqual([
      'cancelled',
      'delivered',
      'cancelled',
    ]);
  });
});
