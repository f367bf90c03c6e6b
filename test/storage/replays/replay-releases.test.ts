import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { REPLAY_WINDOW, REPLAY_WINDOW_OF_ENDPOINT } from '../../../src/domain/replay.ts';
import { WaveTurns } from '../../../src/sending/wave-turns.ts';
import { DeadLetters } from '../../../src/storage/replays/dead-letters.ts';
import { setGateStage } from '../../support/storage/gate-stage.ts';
import { openReplays, type Replays } from '../../support/storage/replay-stage.ts';
import { removeDelivery } from '../../support/storage/rows.ts';
import { newEvent, openStorage, recordOf, type StorageUnderTest } from '../../support/storage/storage.ts';

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

async function countOf(condition: string): Promise<number> {
  const { rows } = await storage.database.pool.query(
    `SELECT count(*)::integer AS count FROM deliveries WHERE ${condition}`,
  );
  return rows[0].count;
}

async function positionsOf(ids: readonly string[]): Promise<readonly unknown[]> {
  return await Promise.all(ids.map(async (id) => Number((await storage.delivery(id)).position)));
}

describe('ReplayReleases', () => {
  it('gives dead letters back to delivery, with their attempts and all of their retries', async () => {
    const stage = await replays.stage();
    const ids = await stage.dead(3);
    const { id: replayId } = await stage.retry();
    const step = await replays.releases.step(replayId);
    expect(step).toMatchObject({
      kind: 'released',
      released: { count: 3, waveRolls: false, gatesToWake: [] },
    });
    if (step.kind !== 'released') throw new Error('nothing was released');
    expect(step.released.starts.map((start) => [start.deliveryId, start.attemptsMade])).toEqual(
      ids.map((id) => [id, 4]),
    );
    expect(await storage.delivery(ids[0] ?? '')).toMatchObject({
      status: 'queued',
      retries_used: 0,
      priority: 1,
      replay_id: replayId,
      dead_reason: null,
      finished_at: null,
    });
    const claims = await replays.deliverDue();
    expect(claims.map(({ attempt, trigger }) => [attempt, trigger])).toEqual(ids.map(() => [5, 'automatic']));
    expect(await replays.stepThrough(replayId)).toEqual({
      released: [],
      last: { kind: 'over', status: 'completed' },
    });
    expect(await replays.read(replayId)).toMatchObject({
      status: 'completed',
      finishedAt: expect.any(Date),
      counts: { total: 3, released: 3, delivered: 3, dead: 0, passedOver: 0, remaining: 0 },
    });
  });

  it('keeps only a few of an endpoint under way, and releases more as they end', async () => {
    const stage = await replays.stage();
    const ids = await stage.dead(REPLAY_WINDOW_OF_ENDPOINT + 25);
    const { id: replayId } = await stage.retry();
    expect(await replays.stepThrough(replayId)).toEqual({
      released: [REPLAY_WINDOW_OF_ENDPOINT],
      last: { kind: 'full' },
    });
    const first = await replays.deliverDue();
    expect(new Set(first.map(({ deliveryId }) => deliveryId))).toEqual(
      new Set(ids.slice(0, REPLAY_WINDOW_OF_ENDPOINT)),
    );
    expect(await replays.stepThrough(replayId)).toEqual({ released: [25], last: { kind: 'waiting' } });
    await replays.deliverDue();
    expect((await replays.stepThrough(replayId)).last).toEqual({ kind: 'over', status: 'completed' });
  });

  it('goes on to other endpoints where one takes nothing more, and shares the window with other replays', async () => {
    const [slow, well, other] = [await replays.stage(), await replays.stage(), await replays.stage()];
    await slow.dead(REPLAY_WINDOW_OF_ENDPOINT * 2);
    await well.dead(5);
    await other.dead(REPLAY_WINDOW);
    const first = await replays.begin({ kind: 'dead_letters', filter: {} });
    await replays.stepThrough(first.id);
    expect(await countOf(`status = 'queued' AND endpoint_id = '${slow.endpointId}'`)).toBe(
      REPLAY_WINDOW_OF_ENDPOINT,
    );
    expect(await countOf(`status = 'queued' AND endpoint_id = '${well.endpointId}'`)).toBe(5);
    expect(await countOf("status = 'queued'")).toBe(2 * REPLAY_WINDOW_OF_ENDPOINT + 5);
    const third = await replays.stage();
    await third.dead(REPLAY_WINDOW);
    const second = await third.retry();
    expect(await replays.stepThrough(second.id)).toMatchObject({ last: { kind: 'full' } });
  });

  it('does not count what has waited for its own endpoint against others', async () => {
    const [hanging, well] = [await replays.stage(), await replays.stage()];
    await hanging.dead(REPLAY_WINDOW_OF_ENDPOINT * 2);
    await well.dead(REPLAY_WINDOW_OF_ENDPOINT);
    const hangingReplay = await hanging.retry();
    await replays.stepThrough(hangingReplay.id);
    await replays.claimDue(8);
    await storage.database.pool.query(
      "UPDATE open_deliveries SET wave_at = wave_at - interval '3 s' WHERE wave_at IS NOT NULL",
    );
    const step = await replays.releases.step((await well.retry()).id);
    expect(step).toMatchObject({ kind: 'released', released: { count: REPLAY_WINDOW_OF_ENDPOINT } });
    expect(await replays.releases.step(hangingReplay.id)).toEqual({ kind: 'full' });
  });

  it('does not count what gates send under their own rules, such as a batch, against others', async () => {
    const batch = { maxEvents: 2 * REPLAY_WINDOW, maxWaitMs: 100, maxBytes: 1_000_000 };
    const [batched, well] = [await replays.stage({ batch }), await replays.stage()];
    await batched.dead(batch.maxEvents);
    await well.dead(1);
    await replays.stepThrough((await batched.retry()).id);
    const gates = setGateStage(storage);
    const look = await gates.look(await gates.open(batched.endpointId), 1);
    expect(look).toMatchObject({ kind: 'draining', calls: [{ outgoing: { length: batch.maxEvents } }] });
    expect(await replays.releases.step((await well.retry()).id)).toMatchObject({
      kind: 'released',
      released: { count: 1 },
    });
  });

  it('puts everything among the held where the gate is shut, and has that woken', async () => {
    const stage = await replays.stage({ rateLimit: { limit: 1, per: 'second' } });
    await stage.dead(600);
    const { id: replayId } = await stage.retry();
    const step = await replays.releases.step(replayId);
    expect(step).toMatchObject({
      kind: 'released',
      released: { count: 500, starts: [], gatesToWake: [stage.endpointId] },
    });
    expect(await replays.stepThrough(replayId)).toEqual({ released: [100], last: { kind: 'waiting' } });
    expect(await countOf("status = 'held' AND wave_at IS NULL AND due_at <= now()")).toBe(600);
  });

  it('leaves a gate alone that waits for a person', async () => {
    const stage = await replays.stage();
    await storage.endpointSwitch.pause(stage.endpointId, {});
    await stage.missed(2);
    const step = await replays.releases.step((await stage.recover()).id);
    expect(step).toMatchObject({ kind: 'released', released: { count: 2, starts: [], gatesToWake: [] } });
  });

  it('keeps the place in line of what was missed, and puts what is dead at the end', async () => {
    const stage = await replays.stage({ ordered: true });
    await storage.endpointSwitch.disable(stage.endpointId, 'by_hand');
    const missed: string[] = [];
    for (let count = 0; count < 3; count += 1)
      missed.push(...(await storage.publish({ customerId: stage.customerId })));
    await storage.endpointSwitch.enable(stage.endpointId);
    const dead = await stage.dead(2, { position: 1 });
    const [live = ''] = await storage.publish({ customerId: stage.customerId });
    await replays.stepThrough((await stage.recover()).id);
    await replays.stepThrough((await stage.retry()).id);
    expect(await positionsOf([...missed, live, ...dead])).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('passes over what is gone or something else by now, and says so', async () => {
    const stage = await replays.stage();
    const ids = await stage.dead(5);
    const { id: replayId } = await stage.retry();
    await removeDelivery(storage.database.pool, ids[1] ?? '');
    await new DeadLetters(storage.database).discard({ ids: ids.slice(3, 4) });
    expect((await replays.stepThrough(replayId)).released).toEqual([3]);
    await replays.deliverDue();
    await replays.stepThrough(replayId);
    expect((await replays.read(replayId)).counts).toMatchObject({
      total: 5,
      released: 3,
      delivered: 3,
      passedOver: 2,
      remaining: 0,
    });
  });

  it('passes over what belongs to an endpoint that was deleted', async () => {
    const [gone, there] = [await replays.stage(), await replays.stage()];
    await gone.dead(2);
    await there.dead(1);
    const { id: replayId } = await replays.begin({ kind: 'dead_letters', filter: {} });
    await storage.removal.remove(gone.endpointId);
    await replays.stepThrough(replayId);
    await replays.deliverDue();
    expect((await replays.stepThrough(replayId)).last).toEqual({ kind: 'over', status: 'completed' });
    expect((await replays.read(replayId)).counts).toMatchObject({ total: 3, delivered: 1, passedOver: 2 });
  });

  it('sends nothing twice when it is asked for twice, or steps side by side', async () => {
    const stage = await replays.stage();
    await stage.dead(30);
    const [one, other] = [await stage.retry(), await stage.retry()];
    await Promise.all([one, one, other, other].map(async ({ id }) => await replays.releases.step(id)));
    expect(await countOf("status = 'queued'")).toBe(30);
    expect(await replays.deliverDue()).toHaveLength(30);
    for (const { id } of [one, other]) await replays.stepThrough(id);
    const counts = [await replays.read(one.id), await replays.read(other.id)].map((replay) => replay.counts);
    expect(counts.map(({ total }) => total)).toEqual([30, 30]);
    expect(counts.reduce((sum, { delivered }) => sum + delivered, 0)).toBe(30);
    expect(counts.reduce((sum, { passedOver }) => sum + passedOver, 0)).toBe(30);
    expect((await stage.retry()).counts.total).toBe(0);
  });

  it('takes what dies in it no second time, and leaves it to the next replay', async () => {
    const stage = await replays.stage();
    await stage.dead(2);
    const { id: first } = await stage.retry();
    await replays.stepThrough(first);
    for (const claim of await replays.claimDue())
      await storage.recorder.record(recordOf(claim, { kind: 'dead', reason: 'endpoint_gone' }));
    expect((await replays.stepThrough(first)).last).toEqual({ kind: 'over', status: 'completed' });
    const { id: second } = await stage.retry();
    expect((await replays.stepThrough(second)).released).toEqual([2]);
    await replays.deliverDue();
    expect((await replays.read(first)).counts).toMatchObject({ delivered: 0, dead: 2, remaining: 0 });
    expect((await replays.read(second)).counts).toMatchObject({ delivered: 2, dead: 0, remaining: 0 });
  });

  it('takes along what a cancelled replay gives back meanwhile, and counts it', async () => {
    const stage = await replays.stage();
    await stage.dead(3);
    const { id: cancelled } = await stage.retry();
    await replays.stepThrough(cancelled);
    await replays.store.cancel(cancelled);
    await stage.dead(1);
    const { id: replayId, counts } = await stage.retry();
    expect(counts.total).toBe(1);
    await replays.releases.step(cancelled);
    expect((await replays.stepThrough(replayId)).released).toEqual([4]);
    expect((await replays.read(replayId)).counts).toMatchObject({ total: 4, released: 4, remaining: 4 });
  });

  it('leaves what came after it was asked for', async () => {
    const stage = await replays.stage();
    await stage.missed(1);
    const { id: replayId } = await stage.recover();
    await stage.missed(1, { finished_at: new Date(Date.now() + 60_000) });
    expect((await replays.stepThrough(replayId)).released).toEqual([1]);
  });

  it('holds nothing that a wave rolls for', async () => {
    const stage = await replays.stage();
    await stage.dead(1);
    await storage.lanes.open({ lane: 0, token: 'token' });
    const step = await replays.releases.step((await stage.retry()).id);
    expect(step).toMatchObject({ kind: 'released', released: { waveRolls: true } });
    await storage.lanes.close({ lane: 0, token: 'token' });
  });

  it('knows when there is no such replay', async () => {
    expect(await replays.releases.step('rpl_none')).toEqual({ kind: 'over', status: null });
  });
});

describe('an endpoint that is busy', () => {
  it('has live deliveries sent before those of a replay that have waited longer', async () => {
    const stage = await replays.stage();
    await stage.dead(20);
    await replays.stepThrough((await stage.retry()).id);
    const [live = ''] = await storage.publish({ ...newEvent(), customerId: stage.customerId });
    const turns = new WaveTurns();
    const { found, lookedAt } = await storage.waveClaims.lookForAll();
    turns.noteDue(found);
    const next = turns.next(10, lookedAt, () => ({ room: 1, within: 10 }));
    const { claims } = await storage.waveClaims.claim({ owner: 'wave/0/1', turns: next });
    expect(claims.map(({ deliveryId }) => deliveryId)).toEqual([live]);
  });
});
