import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Claim } from '../../../src/storage/claims/claim.ts';
import { EndpointStore, type NewEndpoint } from '../../../src/storage/endpoints/endpoint-store.ts';
import { BreakerStore, type HealthResult } from '../../../src/storage/gates/breaker-store.ts';
import { type GateDrain, GateDrains, type GateLook } from '../../../src/storage/gates/gate-drain.ts';
import { GateUpkeep } from '../../../src/storage/gates/gate-upkeep.ts';
import { newEvent, openStorage, recordOf, type StorageUnderTest } from '../../support/storage/storage.ts';

let storage: StorageUnderTest;
let drains: GateDrains;
let upkeep: GateUpkeep;
let breakers: BreakerStore;

beforeAll(async () => {
  storage = await openStorage();
  drains = new GateDrains(storage.database, storage.secretBox);
  upkeep = new GateUpkeep(storage.database);
  breakers = new BreakerStore(storage.database);
});
afterAll(async () => await storage.close());

interface Gated extends GateDrain {
  readonly customerId: string;
  look(room?: number): Promise<GateLook>;
  publish(count: number): Promise<readonly string[]>;
}

/** An endpoint of a customer of its own, and a drain of its gate. */
async function gated(settings: Partial<NewEndpoint> = {}): Promise<Gated> {
  const customerId = randomUUID();
  const endpointId = await storage.endpoint({ customerId, ...settings });
  await storage.endpointSwitch.settle(endpointId);
  const drain = { endpointId, token: randomUUID() };
  await drains.begin(drain);
  return {
    ...drain,
    customerId,
    look: async (room = 100) => await drains.look(drain, { room, owner: 'gate' }),
    publish: async (count) => {
      const ids: string[] = [];
      for (let index = 0; index < count; index += 1) ids.push(...(await storage.publish({ customerId })));
      return ids;
    },
  };
}

async function letLeaseEnd({ endpointId }: GateDrain): Promise<void> {
  await storage.database.pool.query('UPDATE gate_drains SET lease_until = now() WHERE endpoint_id = $1', [
    endpointId,
  ]);
}

function claimsOf(look: GateLook): readonly Claim[] {
  if (look.kind !== 'draining') throw new Error(`the gate is ${look.kind}`);
  return look.calls.flatMap(({ outgoing }) => outgoing);
}

const idsOf = (look: GateLook): readonly string[] => claimsOf(look).map((claim) => claim.deliveryId);

function failure(endpointId: string, breakerEpoch: number): HealthResult {
  return {
    endpointId,
    breakerEpoch,
    trigger: 'automatic',
    isFailing: true,
    errorCode: 'http_503',
    retryAfterMs: null,
    isExcused: false,
  };
}

describe('GateDrains', () => {
  it('takes no more at a time than fits into memory, and the rest with the next look', async () => {
    const gate = await gated();
    await storage.endpointSwitch.pause(gate.endpointId, {});
    const ids = await gate.publish(8);
    await storage.database.pool.query(
      `UPDATE events SET data = '"' || repeat('x', 5000000) || '"' WHERE customer_id = $1`,
      [gate.customerId],
    );
    await storage.database.pool.query(`UPDATE endpoints SET status = 'enabled' WHERE id = $1`, [
      gate.endpointId,
    ]);
    const looks = [await gate.look(), await gate.look()];
    expect(looks).toMatchObject([{ waitMs: 0 }, { waitMs: null }]);
    expect(looks.map(idsOf)).toEqual([ids.slice(0, 6), ids.slice(6)]);
  });

  it('lets go what is held in its order, as far as there is room, and says when to look again', async () => {
    const gate = await gated();
    await storage.endpointSwitch.pause(gate.endpointId, {});
    const ids = await gate.publish(5);
    expect(await gate.look()).toEqual({ kind: 'shut', why: 'paused' });
    await storage.database.pool.query(`UPDATE endpoints SET status = 'enabled' WHERE id = $1`, [
      gate.endpointId,
    ]);
    expect(idsOf(await gate.look(2))).toEqual(ids.slice(0, 2));
    expect(await gate.look()).toMatchObject({ kind: 'draining', waitMs: null });
    expect((await storage.delivery(ids[4] ?? '')).status).toBe('sending');
  });

  it('claims nothing for a drain that was replaced', async () => {
    const gate = await gated({ maxConcurrency: 3 });
    await gate.publish(1);
    await drains.begin({ endpointId: gate.endpointId, token: 'next' });
    expect(await gate.look()).toEqual({ kind: 'replaced' });
  });

  it('counts every send under way against the cap, whoever began it', async () => {
    const gate = await gated({ maxConcurrency: 3 });
    await gate.publish(5);
    const [first] = claimsOf(await gate.look(2));
    expect(claimsOf(await gate.look())).toHaveLength(1);
    expect(claimsOf(await gate.look())).toEqual([]);
    if (first !== undefined) await storage.recorder.record(recordOf(first, { kind: 'delivered' }));
    expect(claimsOf(await gate.look())).toHaveLength(1);
  });

  it('charges the rate for what it takes, and tells when more may go', async () => {
    const gate = await gated({ rateLimit: { limit: 1, per: 'hour' } });
    await gate.publish(3);
    expect(claimsOf(await gate.look())).toHaveLength(1);
    expect(await gate.look()).toMatchObject({ calls: [], waitMs: expect.closeTo(3_600_000, -5) });
  });

  it('keeps the order: the next only after the one before is delivered or dead', async () => {
    const gate = await gated({ ordered: true });
    const ids = await gate.publish(3);
    const [head] = claimsOf(await gate.look());
    expect(head?.deliveryId).toBe(ids[0]);
    expect(claimsOf(await gate.look())).toEqual([]);
    if (head === undefined) return;
    await storage.recorder.record(recordOf(head, { kind: 'retry', delayMs: 60_000 }));
    expect(await gate.look()).toMatchObject({ calls: [], waitMs: expect.closeTo(60_000, -4) });
    await storage.database.pool.query('UPDATE open_deliveries SET due_at = now() WHERE id = $1', [ids[0]]);
    const [again] = claimsOf(await gate.look());
    expect(again).toMatchObject({ deliveryId: ids[0], attempt: 2 });
    if (again === undefined) return;
    await storage.recorder.record(recordOf(again, { kind: 'dead', reason: 'retries_exhausted' }));
    expect(idsOf(await gate.look())).toEqual([ids[1]]);
  });

  it('gives publishers side by side places of their own, in the order of their commits', async () => {
    const gate = await gated({ ordered: true });
    const events = Array.from({ length: 20 }, () => ({ ...newEvent(), customerId: gate.customerId }));
    await Promise.all(Array.from({ length: 10 }, async () => await storage.publisher.publishMany(events)));
    const { rows } = await storage.database.pool.query(
      `SELECT count(DISTINCT position)::integer AS places, max(position)::integer AS last FROM deliveries
        WHERE endpoint_id = $1`,
      [gate.endpointId],
    );
    expect(rows).toEqual([{ places: 200, last: 200 }]);
  });

  it('has what is given back looked at again where the gate opened meanwhile', async () => {
    const gate = await gated();
    await storage.endpointSwitch.shut(gate.endpointId);
    const [id = ''] = await gate.publish(1);
    const claims = claimsOf(await gate.look());
    await storage.endpointSwitch.enable(gate.endpointId);
    await storage.claims.release(...claims);
    await storage.database.pool.query(
      'UPDATE open_deliveries SET recheck_at = now() WHERE id = $1 AND recheck_at IS NOT NULL',
      [id],
    );
    await storage.overdue.settleHeld();
    expect(await storage.delivery(id)).toMatchObject({
      status: 'queued',
      attempts_made: 0,
      wave_at: expect.any(Date),
    });
  });

  it('sends one probe at a time once the cool-down is over, and none before', async () => {
    const gate = await gated({ maxConcurrency: 100 });
    await gate.publish(3);
    const results = Array.from({ length: 10 }, () => failure(gate.endpointId, 0));
    expect(await breakers.fold(results)).toMatchObject([{ change: 'opened' }]);
    expect(await gate.look()).toMatchObject({ kind: 'open', probeInMs: expect.closeTo(30_000, -4) });
    await storage.endpointSwitch.resume(gate.endpointId);
    const [probe] = claimsOf(await gate.look());
    expect(probe?.breakerEpoch).toBe(2);
    expect(claimsOf(await gate.look())).toEqual([]);
    expect(await breakers.fold([failure(gate.endpointId, 0)])).toEqual([]);
    expect(await breakers.fold([failure(gate.endpointId, 2)])).toMatchObject([{ change: 'reopened' }]);
    expect(await gate.look()).toMatchObject({ kind: 'open', probeInMs: expect.closeTo(60_000, -4) });
  });
});

describe('GateUpkeep', () => {
  it('opens a gate that nothing keeps shut, and leaves what waits for a retry to waves', async () => {
    const gate = await gated();
    await storage.endpointSwitch.shut(gate.endpointId);
    const [id = ''] = await gate.publish(1);
    await drains.begin(gate);
    expect(await upkeep.endDrain(gate)).toEqual({ kind: 'not_yet' });
    const [claim] = claimsOf(await gate.look());
    if (claim === undefined) throw new Error('nothing was let go');
    await storage.recorder.record(recordOf(claim, { kind: 'retry', delayMs: 60_000 }));
    expect(await upkeep.endDrain(gate)).toEqual({ kind: 'opened', released: 1 });
    expect(await storage.delivery(id)).toMatchObject({ status: 'retrying', wave_at: expect.any(Date) });
  });

  it('rests at a gate that is always shut, and has the next publish wake it', async () => {
    const gate = await gated({ maxConcurrency: 5 });
    storage.wakes.length = 0;
    expect(await upkeep.endDrain(gate)).toEqual({ kind: 'resting', nextDueInMs: null });
    await gate.publish(1);
    expect(storage.wakes).toEqual([gate.endpointId]);
    await drains.begin(gate);
    await gate.publish(1);
    expect(storage.wakes).toEqual([gate.endpointId]);
  });

  it('finds gates that nobody looks after', async () => {
    const gate = await gated({ maxConcurrency: 5 });
    await gate.publish(1);
    expect(await upkeep.listStray(100)).not.toContain(gate.endpointId);
    await letLeaseEnd(gate);
    expect(await upkeep.listStray(100)).toContain(gate.endpointId);
    await upkeep.careFor(gate.endpointId, 1_000);
    expect(await upkeep.listStray(100)).not.toContain(gate.endpointId);
  });

  it('finds gates whose workflow sleeps although something else has come due meanwhile', async () => {
    const gate = await gated({ maxConcurrency: 5 });
    expect(await upkeep.endDrain(gate)).toMatchObject({ kind: 'resting' });
    await upkeep.careFor(gate.endpointId, 3_600_000);
    const [id = ''] = await gate.publish(1);
    expect(await upkeep.listStray(100)).not.toContain(gate.endpointId);
    await storage.database.pool.query(
      "UPDATE open_deliveries SET due_at = now() - interval '4 s' WHERE id = $1",
      [id],
    );
    expect(await upkeep.listStray(100)).toContain(gate.endpointId);
    await storage.endpointSwitch.pause(gate.endpointId, {});
    expect(await upkeep.listStray(100)).not.toContain(gate.endpointId);
  });

  it('finds gates that were resumed when nobody could wake the run that waits for it', async () => {
    const gate = await gated({ maxConcurrency: 5 });
    await storage.endpointSwitch.pause(gate.endpointId, {});
    await drains.begin(gate);
    await upkeep.careFor(gate.endpointId, 3_600_000);
    await gate.publish(1);
    await storage.database.pool.query(
      "UPDATE open_deliveries SET due_at = now() - interval '4 s' WHERE endpoint_id = $1",
      [gate.endpointId],
    );
    expect(await upkeep.listStray(100)).not.toContain(gate.endpointId);
    await storage.endpointSwitch.resume(gate.endpointId);
    expect(await upkeep.listStray(100)).toContain(gate.endpointId);
  });

  it('looks after no half-open breaker that nothing can be tried with', async () => {
    const gate = await gated();
    await breakers.fold(Array.from({ length: 10 }, () => failure(gate.endpointId, 0)));
    await storage.endpointSwitch.shut(gate.endpointId);
    await letLeaseEnd(gate);
    expect(await upkeep.listStray(100)).toContain(gate.endpointId);
    await storage.endpointSwitch.resume(gate.endpointId);
    expect(await upkeep.endDrain(gate)).toEqual({ kind: 'resting', nextDueInMs: null });
    await letLeaseEnd(gate);
    expect(await upkeep.listStray(100)).not.toContain(gate.endpointId);
    await gate.publish(1);
    expect(storage.wakes).toContain(gate.endpointId);
    expect(await upkeep.listStray(100)).toContain(gate.endpointId);
  });

  it('finds breakers that opened and whose gate was not shut', async () => {
    const gate = await gated();
    await breakers.fold(Array.from({ length: 10 }, () => failure(gate.endpointId, 0)));
    expect(await upkeep.listUnshut()).toContain(gate.endpointId);
    await storage.endpointSwitch.shut(gate.endpointId);
    expect(await upkeep.listUnshut()).not.toContain(gate.endpointId);
  });

  it('finds endpoints that were given rules and whose gate was not shut', async () => {
    const { endpointId } = await gated();
    expect(await upkeep.listUnshut()).not.toContain(endpointId);
    await new EndpointStore(storage.database, storage.secretBox).update(endpointId, { ordered: true });
    expect(await upkeep.listUnshut()).toContain(endpointId);
    await storage.endpointSwitch.settle(endpointId);
    expect(await upkeep.listUnshut()).not.toContain(endpointId);
  });
});
