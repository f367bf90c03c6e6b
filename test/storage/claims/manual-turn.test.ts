import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Claim } from '../../../src/storage/claims/claim.ts';
import type { NewEndpoint } from '../../../src/storage/endpoints/endpoint-store.ts';
import { type GateStage, setGateStage } from '../../support/storage/gate-stage.ts';
import { openStorage, recordOf, request, type StorageUnderTest } from '../../support/storage/storage.ts';

let storage: StorageUnderTest;
let stage: GateStage;

beforeAll(async () => {
  storage = await openStorage();
  stage = setGateStage(storage);
});
afterAll(async () => await storage.close());

/** An endpoint of a customer of its own, with so many deliveries. */
async function endpointWith(
  settings: Partial<NewEndpoint>,
  count: number,
): Promise<{ readonly endpointId: string; readonly ids: readonly string[] }> {
  const customerId = randomUUID();
  const endpointId = await storage.endpoint({ customerId, ...settings });
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1) ids.push(...(await storage.publish({ customerId })));
  return { endpointId, ids };
}

async function byHand(id = '') {
  const { mark } = await storage.actions.markRetry(id, randomUUID());
  return await storage.claims.claimByHand({ ...request(id), mark });
}

function asClaim(claim: Awaited<ReturnType<typeof byHand>>): Claim {
  if (claim === null || 'why' in claim) throw new Error(`no claim but ${JSON.stringify(claim)}`);
  return claim;
}

async function takeByDrain(endpointId: string, room = 100): Promise<number> {
  const look = await stage.look(await stage.open(endpointId), room);
  return look.kind === 'draining' ? look.calls.length : 0;
}

describe('RunClaims.claimByHand', () => {
  it('passes a pause, and takes the endpoint’s rate from what the gate lets go', async () => {
    const { endpointId, ids } = await endpointWith({ rateLimit: { limit: 1, per: 'hour' } }, 4);
    await storage.endpointSwitch.pause(endpointId, {});
    expect(await byHand(ids[3])).toMatchObject({ deliveryId: ids[3], trigger: 'manual', attempt: 1 });
    await storage.endpointSwitch.resume(endpointId);
    expect(await takeByDrain(endpointId)).toBe(0);
  });

  it('may use the burst that the gate leaves unused, and no more', async () => {
    const { endpointId, ids } = await endpointWith({ rateLimit: { limit: 1, per: 'hour' } }, 4);
    expect(await takeByDrain(endpointId)).toBe(1);
    expect(await byHand(ids[1])).toMatchObject({ deliveryId: ids[1] });
    const wait = await byHand(ids[2]);
    expect(wait).toMatchObject({ why: 'rate', waitMs: expect.closeTo(3_600_000, -5) });
    expect(await storage.delivery(ids[2] ?? '')).toMatchObject({ status: 'held', attempts_made: 0 });
  });

  it('charges nothing where there is nothing to take', async () => {
    const { endpointId, ids } = await endpointWith({ rateLimit: { limit: 1, per: 'hour' } }, 1);
    const without = { ...request(ids[0] ?? ''), mark: 'not mine' };
    expect(await storage.claims.claimByHand(without)).toBeNull();
    expect(await takeByDrain(endpointId)).toBe(1);
  });

  it('waits for a place under the cap, which the gate leaves to it', async () => {
    const { endpointId, ids } = await endpointWith({ maxConcurrency: 2 }, 5);
    const drain = await stage.open(endpointId);
    const look = await stage.look(drain, 100);
    const [first] = look.kind === 'draining' ? (look.calls[0]?.outgoing ?? []) : [];
    expect(await byHand(ids[4])).toMatchObject({ why: 'concurrency' });
    if (first !== undefined) await storage.recorder.record(recordOf(first, { kind: 'delivered' }));
    expect(await stage.look(drain, 100)).toMatchObject({ kind: 'draining', calls: [] });
    expect(await byHand(ids[4])).toMatchObject({ deliveryId: ids[4] });
  });

  it('never brings more calls than the cap on their way together with drains', async () => {
    const { endpointId, ids } = await endpointWith({ maxConcurrency: 3 }, 30);
    const drains = Array.from({ length: 10 }, async () => await takeByDrain(endpointId));
    await Promise.all([...drains, ...ids.slice(10).map(async (id) => await byHand(id).catch(() => null))]);
    const { rows } = await storage.database.pool.query(
      "SELECT count(*)::integer AS sending FROM deliveries WHERE endpoint_id = $1 AND status = 'sending'",
      [endpointId],
    );
    expect(rows).toEqual([{ sending: 3 }]);
  });

  it('keeps the order: refuses what is not the first in line, and sends one at a time', async () => {
    const { endpointId, ids } = await endpointWith({ ordered: true }, 3);
    await expect(byHand(ids[1])).rejects.toMatchObject({ code: 'not_first_in_line' });
    const first = asClaim(await byHand(ids[0]));
    await storage.recorder.record(recordOf(first, { kind: 'delivered' }));
    expect(await takeByDrain(endpointId)).toBe(1);
    expect(await byHand(ids[0])).toMatchObject({ why: 'order' });
  });

  it('forgets the wish of one that something came before meanwhile', async () => {
    const { ids } = await endpointWith({ ordered: true }, 2);
    const { mark } = await storage.actions.markRetry(ids[0] ?? '', 'mine');
    await storage.database.pool.query(
      'UPDATE open_deliveries SET position = position * CASE WHEN id = $1 THEN 10 ELSE 1 END WHERE id = ANY($2)',
      [ids[0], ids],
    );
    expect(await storage.claims.claimByHand({ ...request(ids[0] ?? ''), mark })).toBeNull();
    expect(await storage.delivery(ids[0] ?? '')).toMatchObject({ status: 'held', retry_mark: null });
  });

  it('lets tests go whatever the rules say', async () => {
    const { endpointId } = await endpointWith({ rateLimit: { limit: 1, per: 'hour' }, maxConcurrency: 1 }, 2);
    expect(await takeByDrain(endpointId)).toBe(1);
    const [id = ''] = await storage.publish({ test: { endpointId } });
    const mark = String((await storage.delivery(id)).retry_mark);
    expect(await storage.claims.claimByHand({ ...request(id), mark })).toMatchObject({ trigger: 'test' });
  });
});
