import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { SelectionFilter } from '../../../src/storage/replays/replay-selection.ts';
import type { Replay } from '../../../src/storage/replays/replay-store.ts';
import { openReplays, type ReplayStage, type Replays } from '../../support/storage/replay-stage.ts';
import { openStorage, recordOf, type StorageUnderTest } from '../../support/storage/storage.ts';

let storage: StorageUnderTest;
let replays: Replays;

beforeAll(async () => {
  storage = await openStorage();
  replays = openReplays(storage);
});
afterAll(async () => await storage.close());
beforeEach(async () => {
  await storage.database.pool.query('TRUNCATE open_deliveries, ended_deliveries, events, replays CASCADE');
});

interface Target {
  readonly endpointId?: string;
  readonly isNewDelivery?: boolean;
}

async function begin(
  stage: ReplayStage,
  filter: SelectionFilter,
  { endpointId, isNewDelivery }: Target = {},
): Promise<Replay> {
  const target = endpointId === undefined ? undefined : { endpointId, customerId: stage.customerId };
  const selection = { customerId: stage.customerId, ...filter };
  return await replays.begin({ kind: 'deliveries', filter: selection, target, isNewDelivery });
}

/** Goes on until all is released and everything that waits was delivered. @returns ids of what was sent, in order */
async function deliverAll(replayId: string): Promise<readonly string[]> {
  const sent: string[] = [];
  for (;;) {
    await replays.stepThrough(replayId);
    const claims = await replays.deliverDue();
    if (claims.length === 0) return sent;
    sent.push(...claims.map(({ deliveryId }) => deliveryId));
  }
}

async function eventsOf(ids: readonly string[]): Promise<readonly unknown[]> {
  return await Promise.all(ids.map(async (id) => (await storage.delivery(id)).event_id));
}

describe('a replay of any selection', () => {
  it('sends delivered, dead and skipped ones once more under their ids', async () => {
    const stage = await replays.stage();
    const ids = [...(await stage.delivered(2)), ...(await stage.dead(1)), ...(await stage.missed(1))];
    const replay = await begin(stage, {});
    expect(replay.counts.total).toBe(4);
    expect([...(await deliverAll(replay.id))].sort()).toEqual([...ids].sort());
    expect(await replays.read(replay.id)).toMatchObject({ status: 'completed', counts: { delivered: 4 } });
  });

  it('selects by states', async () => {
    const stage = await replays.stage();
    await stage.delivered(2);
    const dead = await stage.dead(1);
    const replay = await begin(stage, { statuses: ['dead', 'skipped'] });
    expect(await deliverAll(replay.id)).toEqual(dead);
  });

  it('leaves what was delivered delivered where it fails now, and counts it as failed', async () => {
    const stage = await replays.stage();
    const [id = ''] = await stage.delivered(1);
    const replay = await begin(stage, {});
    await replays.stepThrough(replay.id);
    const [claim] = await replays.claimDue();
    if (claim === undefined) throw new Error('nothing was claimed');
    await storage.recorder.record(recordOf(claim, { kind: 'dead', reason: 'retries_exhausted' }));
    expect(await storage.delivery(id)).toMatchObject({
      status: 'delivered',
      dead_reason: null,
      attempts_made: 2,
    });
    await replays.stepThrough(replay.id);
    expect(await replays.read(replay.id)).toMatchObject({
      status: 'completed',
      counts: { delivered: 0, dead: 1, remaining: 0 },
    });
  });

  it('leaves what was delivered delivered where somebody cancels it, or its endpoint is deleted', async () => {
    const stage = await replays.stage();
    const [first = '', second = ''] = await stage.delivered(2);
    const replay = await begin(stage, {});
    await replays.stepThrough(replay.id);
    await storage.actions.cancel(first);
    await storage.removal.remove(stage.endpointId);
    expect((await storage.delivery(first)).status).toBe('delivered');
    expect((await storage.delivery(second)).status).toBe('delivered');
  });

  it('looks for what is rare at 2,000 deliveries a step', async () => {
    const stage = await replays.stage();
    const [first = ''] = await stage.delivered(1);
    await storage.database.pool.query(
      `INSERT INTO ended_deliveries (id, event_id, endpoint_id, customer_id, event, status, attempts_made,
        created_at, finished_at)
       SELECT $1 || to_char(i, 'FM0000'), 'evt_' || i, endpoint_id, customer_id, event, status, 1, created_at,
         finished_at
       FROM ended_deliveries, generate_series(1, 4500) AS i WHERE id = $1`,
      [first],
    );
    const rare = await stage.delivered(2, { event: 'job.failed' });
    const replay = await begin(stage, { endpointId: stage.endpointId, event: 'job.failed' });
    expect(replay.counts.total).toBe(2);
    const kinds = [];
    for (let step = 0; step < 3; step += 1) kinds.push((await replays.releases.step(replay.id)).kind);
    expect(kinds).toEqual(['counting', 'counting', 'released']);
    expect(await deliverAll(replay.id)).toEqual(rare);
    expect(await replays.read(replay.id)).toMatchObject({ status: 'completed', counts: { passedOver: 0 } });
  });

  it('leaves out what was erased', async () => {
    const stage = await replays.stage();
    const [erased = ''] = await stage.delivered(2);
    await storage.database.pool.query('UPDATE events SET erased_at = now() WHERE delivery_ids[1] = $1', [
      erased,
    ]);
    const replay = await begin(stage, {});
    expect(replay.counts.total).toBe(1);
    expect(await deliverAll(replay.id)).not.toContain(erased);
  });

  it('sends to another endpoint in the order of acceptance, each event once', async () => {
    const stage = await replays.stage();
    const sources = [...(await stage.delivered(60)), ...(await stage.dead(60))];
    const endpointId = await storage.endpoint({
      customerId: stage.customerId,
      events: ['job.failed'],
      ordered: true,
    });
    await storage.endpointSwitch.settle(endpointId);
    const replay = await begin(stage, {}, { endpointId });
    expect(replay).toMatchObject({ toEndpointId: endpointId, counts: { total: 120 } });
    await replays.stepThrough(replay.id);
    const { rows } = await storage.database.pool.query<{ id: string; event_id: string }>(
      'SELECT id, event_id FROM deliveries WHERE endpoint_id = $1 ORDER BY position',
      [endpointId],
    );
    expect(rows.map(({ event_id }) => event_id)).toEqual(await eventsOf(sources));
    expect(rows.map(({ id }) => id)).toEqual(rows.map(({ id }) => id).sort());
  });

  it("sends no other customer's events there", async () => {
    const [stage, other] = [await replays.stage(), await replays.stage()];
    await stage.delivered(1);
    await other.delivered(1);
    const target = { endpointId: stage.endpointId, customerId: stage.customerId };
    expect((await replays.begin({ kind: 'deliveries', filter: {}, target })).counts.total).toBe(1);
  });

  it('makes new deliveries at their own endpoints where asked to, once an event', async () => {
    const stage = await replays.stage();
    const ids = await stage.delivered(3);
    const first = await begin(stage, {}, { isNewDelivery: true });
    const made = await deliverAll(first.id);
    expect(made).toHaveLength(3);
    expect(await eventsOf(made)).toEqual(await eventsOf(ids));
    expect(made.filter((id) => ids.includes(id))).toEqual([]);
    const second = await begin(stage, {}, { isNewDelivery: true });
    expect(second.counts.total).toBe(6);
    expect(await deliverAll(second.id)).toHaveLength(3);
    expect((await replays.read(second.id)).counts).toMatchObject({
      delivered: 3,
      passedOver: 3,
      remaining: 0,
    });
  });
});

describe('ReplayStore.goOn', () => {
  it.each([
    ['to another endpoint', true],
    ['to their own', false],
  ])('sends each once %s, cancelled half-way', async (_where, isElsewhere) => {
    const stage = await replays.stage();
    const sources = await stage.delivered(200);
    const endpointId = isElsewhere ? await storage.endpoint({ customerId: stage.customerId }) : undefined;
    const replay = await begin(stage, {}, endpointId === undefined ? {} : { endpointId });
    const sent: string[] = [];
    for (let round = 0; round < 2; round += 1) {
      await replays.stepThrough(replay.id);
      sent.push(...(await replays.deliverDue()).map(({ deliveryId }) => deliveryId));
    }
    await replays.stepThrough(replay.id);
    await expect(replays.store.goOn(replay.id)).resolves.toBe(false);
    await replays.store.cancel(replay.id);
    await expect(replays.store.goOn(replay.id)).rejects.toMatchObject({ code: 'replay_being_cancelled' });
    await replays.stepThrough(replay.id);
    expect((await replays.read(replay.id)).counts).toMatchObject({ released: sent.length, remaining: 0 });
    await expect(replays.store.goOn(replay.id)).resolves.toBe(true);
    sent.push(...(await deliverAll(replay.id)));
    expect(sent.length).toBe(200);
    expect([...(await eventsOf(sent))].sort()).toEqual([...(await eventsOf(sources))].sort());
    expect(await replays.read(replay.id)).toMatchObject({
      status: 'completed',
      counts: { total: 200, released: 200, delivered: 200, passedOver: 0, remaining: 0 },
    });
    await expect(replays.store.goOn(replay.id)).rejects.toMatchObject({ code: 'replay_completed' });
  });

  it('goes on with what a paused endpoint held', async () => {
    const stage = await replays.stage();
    await stage.delivered(30);
    const endpointId = await storage.endpoint({ customerId: stage.customerId });
    await storage.endpointSwitch.pause(endpointId, { by: 'operator' });
    const replay = await begin(stage, {}, { endpointId });
    await replays.stepThrough(replay.id);
    await replays.store.cancel(replay.id);
    await replays.stepThrough(replay.id);
    const held = async () =>
      (await storage.database.pool.query('SELECT FROM open_deliveries WHERE endpoint_id = $1', [endpointId]))
        .rowCount;
    expect(await held()).toBe(0);
    await replays.store.goOn(replay.id);
    await replays.stepThrough(replay.id);
    expect(await held()).toBe(30);
  });
});

describe('counting', () => {
  it('goes on while the replay is under way', async () => {
    const stage = await replays.stage();
    await storage.database.pool.query(
      `INSERT INTO ended_deliveries (id, event_id, endpoint_id, customer_id, event, status, created_at, finished_at)
       SELECT 'del_' || to_char(i, 'FM00000'), 'evt_' || i, $1, $2, 'job.completed', 'delivered', now(), now()
       FROM generate_series(1, 15000) AS i`,
      [stage.endpointId, stage.customerId],
    );
    const selection = { kind: 'deliveries', filter: { customerId: stage.customerId } } as const;
    expect(await replays.store.count(selection)).toEqual({ count: 10_000, isCapped: true });
    const replay = await replays.begin(selection);
    expect(replay).toMatchObject({ isCounted: false, counts: { total: 10_000 } });
    await replays.releases.step(replay.id);
    expect(await replays.read(replay.id)).toMatchObject({ isCounted: true, counts: { total: 15_000 } });
  });
});
