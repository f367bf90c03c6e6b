import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Claim } from '../../../src/storage/claims/claim.ts';
import { DeliveryStore } from '../../../src/storage/history/delivery-store.ts';
import { openStorage, recordOf, request, type StorageUnderTest } from '../../support/storage/storage.ts';

const ROUTE = {
  minTlsVersion: '1.2',
  clientCertificate: 'the certificate',
  clientKey: 'the key',
  egressAddress: null,
} as const;

let storage: StorageUnderTest;
let endpointId: string;

beforeAll(async () => {
  storage = await openStorage();
  endpointId = await storage.endpoint({
    headers: [{ name: 'Authorization', value: 'Bearer s3cret', sensitive: true }],
    route: ROUTE,
  });
});
afterAll(async () => await storage.close());

async function published(): Promise<string> {
  const [id] = await storage.publish();
  if (id === undefined) throw new Error('no delivery was made');
  return id;
}

async function claimed(id: string, mark: string | null = null): Promise<Claim> {
  const claim = await storage.claims.claim(request(id, mark));
  if (claim === null) throw new Error(`${id} could not be claimed`);
  return claim;
}

describe('RunClaims', () => {
  it('hands out payload, settings and secrets in clear with the next attempt number', async () => {
    const claim = await claimed(await published());
    expect(claim).toMatchObject({
      attempt: 1,
      trigger: 'automatic',
      dataText: '{"job_id":"j1"}',
      endpointId,
      timeoutMs: 1_000,
    });
    expect(claim.headers).toEqual([{ name: 'Authorization', value: 'Bearer s3cret', sensitive: true }]);
    expect(claim.route).toEqual(ROUTE);
    expect(claim.secrets[0]).toMatch(/^whsec_/);
  });

  it('gives one delivery to one of many claimants', async () => {
    const id = await published();
    const claims = await Promise.all(
      Array.from({ length: 20 }, async () => await storage.claims.claim(request(id))),
    );
    expect(claims.filter((claim) => claim !== null)).toHaveLength(1);
    expect(await storage.delivery(id)).toMatchObject({
      status: 'sending',
      attempts_made: 1,
      owner: 'run/activity',
    });
  });

  it('takes a manual attempt only under its mark, and only once', async () => {
    const id = await published();
    await storage.recorder.record(recordOf(await claimed(id), { kind: 'retry', delayMs: 60_000 }));
    expect(await storage.claims.claim(request(id))).toBeNull();
    const { mark } = await storage.actions.markRetry(id, 'm1');
    expect((await storage.actions.markRetry(id, 'm2')).mark).toBe('m1');
    expect(await storage.claims.claim(request(id, 'other'))).toBeNull();
    expect(await claimed(id, mark)).toMatchObject({ trigger: 'manual', attempt: 2 });
    expect(await storage.claims.claim(request(id, mark))).toBeNull();
  });

  it('tells of a dead letter that is sent again that it is sent, not how it had ended', async () => {
    const id = await published();
    const shown = async () => await new DeliveryStore(storage.database).read(id);
    const death = { status: 'dead', deadReason: 'retries_exhausted', finishedAt: expect.any(Date) };
    await storage.recorder.record(recordOf(await claimed(id), { kind: 'dead', reason: 'retries_exhausted' }));
    expect(await shown()).toMatchObject(death);
    const again = await claimed(id, (await storage.actions.markRetry(id, 'again')).mark);
    expect(await shown()).toMatchObject({ status: 'sending', deadReason: null, finishedAt: null });
    await storage.recorder.record(recordOf(again, { kind: 'dead', reason: 'retries_exhausted' }));
    expect(await shown()).toMatchObject(death);
  });

  it('gives a claim back with its number', async () => {
    const id = await published();
    await storage.claims.release(await claimed(id));
    expect(await storage.delivery(id)).toMatchObject({ status: 'queued', attempts_made: 0 });
    expect((await claimed(id)).attempt).toBe(1);
  });

  it('takes nothing whose gate is shut, and holds it', async () => {
    const own = await storage.endpoint({ customerId: 'shut' });
    const [id = ''] = await storage.publish({ customerId: 'shut' });
    await storage.endpointSwitch.disable(own, 'by_hand');
    expect(await storage.claims.claim(request(id))).toBeNull();
    expect(await storage.claims.standingOf(id)).toMatchObject({ status: 'held', gateIsOpen: false });
    await storage.endpointSwitch.enable(own);
    expect((await claimed(id)).attempt).toBe(1);
  });

  it('gives back what it cannot open, and harms no other claim for it', async () => {
    const healthy = await Promise.all(
      Array.from({ length: 3 }, async () => (await storage.publish())[0] ?? ''),
    );
    const keyless = await storage.endpoint({ customerId: 'keyless' });
    const [broken = ''] = await storage.publish({ customerId: 'keyless' });
    await storage.database.pool.query('DELETE FROM endpoint_secrets WHERE endpoint_id = $1', [keyless]);
    const claims = await Promise.allSettled(
      [...healthy, broken].map(async (id) => await storage.claims.claim(request(id))),
    );
    expect(claims).toMatchObject([
      ...healthy.map((deliveryId) => ({ status: 'fulfilled', value: { deliveryId } })),
      { status: 'rejected' },
    ]);
    expect(await storage.delivery(broken)).toMatchObject({ status: 'queued', attempts_made: 0 });
  });
});

describe('ExpiredSends', () => {
  it('closes what a dead sender held as outcome_unknown, without taking a retry from the budget', async () => {
    const id = await published();
    await claimed(id);
    await storage.database.pool.query(
      "UPDATE open_deliveries SET lease_until = now() - interval '1 s', recheck_at = now() WHERE id = $1",
      [id],
    );
    expect(await storage.expiredSends.closeExpired([id])).toEqual([]);
    storage.database.watch.steadyForMs = () => 10_000;
    expect(await storage.expiredSends.closeExpired([id])).toEqual([id]);
    expect(await storage.delivery(id)).toMatchObject({
      status: 'retrying',
      retries_used: 0,
      attempts_made: 1,
    });
    expect(await storage.attempts(id)).toMatchObject([{ number: 1, error_code: 'outcome_unknown' }]);
    expect((await claimed(id)).attempt).toBe(2);
  });

  it('leaves living leases alone and asks again for a manual attempt', async () => {
    storage.database.watch.steadyForMs = () => 10_000;
    const id = await published();
    await storage.recorder.record(recordOf(await claimed(id), { kind: 'dead', reason: 'retries_exhausted' }));
    await claimed(id, (await storage.actions.markRetry(id, 'm')).mark);
    expect(await storage.expiredSends.closeExpired([id])).toEqual([]);
    await storage.database.pool.query(
      "UPDATE open_deliveries SET lease_until = now() - interval '1 s', recheck_at = now() WHERE id = $1",
      [id],
    );
    expect(await storage.expiredSends.closeExpired([id])).toEqual([id]);
    expect(await storage.delivery(id)).toMatchObject({ status: 'dead', retry_mark: expect.any(String) });
  });
});

describe('EndpointSwitch', () => {
  it('is not caught in a deadlock with claims and records of the same deliveries', async () => {
    const own = await storage.endpoint({ customerId: 'busy' });
    const work = async (): Promise<void> => {
      const [id = ''] = await storage.publish({ customerId: 'busy' });
      const claim = await storage.claims.claim(request(id));
      if (claim !== null) await storage.recorder.record(recordOf(claim, { kind: 'retry', delayMs: 0 }));
    };
    const toggle = async (): Promise<void> => {
      await storage.endpointSwitch.disable(own, 'by_hand');
      await storage.endpointSwitch.enable(own);
    };
    await Promise.all([...Array.from({ length: 60 }, work), toggle(), toggle(), toggle()]);
    const { rows } = await storage.database.pool.query(
      'SELECT DISTINCT status FROM deliveries WHERE endpoint_id = $1',
      [own],
    );
    expect(['retrying', 'queued', 'skipped']).toEqual(expect.arrayContaining(rows.map((row) => row.status)));
  });

  it('keeps a manual retry that was asked for before it shut', async () => {
    const own = await storage.endpoint({ customerId: 'marked' });
    const [id = ''] = await storage.publish({ customerId: 'marked' });
    const { mark } = await storage.actions.markRetry(id, 'm');
    await storage.endpointSwitch.disable(own, 'by_hand');
    expect(await storage.delivery(id)).toMatchObject({
      status: 'held',
      retry_mark: mark,
      recheck_at: expect.any(Date),
    });
    expect(await claimed(id, mark)).toMatchObject({ trigger: 'manual' });
  });
});
