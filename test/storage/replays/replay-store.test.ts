import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { newId } from '../../../src/new-id.ts';
import { Retention } from '../../../src/storage/upkeep/retention.ts';
import { openReplays, type Replays } from '../../support/storage/replay-stage.ts';
import { openStorage, recordOf, request, type StorageUnderTest } from '../../support/storage/storage.ts';

const PAGE = { fetchLimit: 10, beforeId: null };

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

async function rowsOf(ids: readonly string[]): Promise<readonly object[]> {
  return await Promise.all(ids.map(async (id) => await storage.delivery(id)));
}

async function ageBy(days: number): Promise<void> {
  await storage.database.pool.query(
    'UPDATE ended_deliveries SET created_at = created_at - make_interval(days => ' +
      '$1), finished_at = finished_at - make_interval(days => $1)',
    [days],
  );
}

describe('ReplayStore.create', () => {
  it('counts what it selects of each endpoint, and belongs to the customer of the only one', async () => {
    const stage = await replays.stage();
    await stage.dead(3);
    await stage.dead(1, { is_test: true });
    await stage.missed(2);
    expect(await stage.retry()).toMatchObject({
      status: 'running',
      kind: 'dead_letters',
      customerId: stage.customerId,
      endpointId: stage.endpointId,
      finishedAt: null,
      counts: { total: 3, released: 0, remaining: 3 },
    });
    expect(await stage.recover()).toMatchObject({ kind: 'missed', counts: { total: 2 } });
    expect(await replays.begin({ kind: 'dead_letters', filter: {} })).toMatchObject({
      customerId: null,
      endpointId: null,
      counts: { total: 3 },
    });
  });

  it('is completed at once where it selects nothing, and needs no run', async () => {
    const stage = await replays.stage();
    expect(await stage.recover()).toMatchObject({
      status: 'completed',
      finishedAt: expect.any(Date),
      counts: { total: 0, delivered: 0, remaining: 0 },
    });
    await storage.database.pool.query("UPDATE replays SET recheck_at = now() - interval '1 s'");
    expect(await replays.store.listStray(10)).toEqual([]);
  });

  it('selects by when deliveries were created', async () => {
    const stage = await replays.stage();
    const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute));
    for (const minute of [1, 2, 3])
      await stage.missed(1, { created_at: at(minute), finished_at: at(minute) });
    const totals = [{ after: at(2) }, { before: at(2) }, { after: at(2), before: at(3) }].map(
      async (filter) => (await stage.recover(filter)).counts.total,
    );
    expect(await Promise.all(totals)).toEqual([2, 1, 1]);
    const { id: replayId } = await stage.recover({ after: at(2), before: at(3) });
    expect((await replays.stepThrough(replayId)).released).toEqual([1]);
  });
});

describe('ReplayStore.list', () => {
  it('lists newest first by customer, endpoint and status', async () => {
    const [one, other] = [await replays.stage(), await replays.stage()];
    await one.dead(1);
    const [first, second, third] = [await one.retry(), await one.recover(), await other.recover()];
    const ids = async (filter: Parameters<typeof replays.store.list>[0]) =>
      (await replays.store.list(filter, PAGE)).map(({ id }) => id);
    expect(await ids({})).toEqual([third.id, second.id, first.id]);
    expect(await ids({ customerId: one.customerId })).toEqual([second.id, first.id]);
    expect(await ids({ endpointId: other.endpointId })).toEqual([third.id]);
    expect(await ids({ status: 'running' })).toEqual([first.id]);
  });
});

describe('ReplayStore.cancel', () => {
  it('makes everything what it was before, but for what was attempted', async () => {
    const stage = await replays.stage();
    const ids = await stage.dead(4, { position: 7 });
    const before = await rowsOf(ids);
    const { id: replayId } = await stage.retry();
    await replays.stepThrough(replayId);
    const [delivered, underWay] = [ids[0] ?? '', ids[1] ?? ''];
    const claims = [
      await storage.claims.claim(request(delivered)),
      await storage.claims.claim(request(underWay)),
    ];
    const [claim] = claims;
    if (claim === undefined || claim === null) throw new Error('nothing was claimed');
    await storage.recorder.record(recordOf(claim, { kind: 'delivered' }));
    expect(await replays.store.cancel(replayId)).toBe(true);
    expect((await replays.read(replayId)).status).toBe('cancelled');
    expect((await replays.stepThrough(replayId)).last).toEqual({ kind: 'over', status: 'cancelled' });
    expect(await rowsOf(ids.slice(2))).toEqual(before.slice(2));
    expect(await storage.delivery(underWay)).toMatchObject({ status: 'sending', replay_id: replayId });
    expect((await replays.read(replayId)).counts).toEqual({
      total: 4,
      released: 2,
      delivered: 1,
      dead: 0,
      cancelled: 0,
      passedOver: 0,
      remaining: 1,
    });
  });

  it('takes held ones back too, by the thousand, and what a retry waits for stays', async () => {
    const stage = await replays.stage({ maxConcurrency: 1 });
    await stage.missed(1_050);
    const { id: replayId } = await stage.recover();
    await replays.stepThrough(replayId);
    await storage.database.pool.query(
      'UPDATE open_deliveries SET attempts_made = 1 WHERE id IN (SELECT id FROM deliveries ORDER BY id LIMIT 10)',
    );
    await replays.store.cancel(replayId);
    expect(await replays.releases.step(replayId)).toEqual({ kind: 'returned' });
    expect(await replays.releases.step(replayId)).toEqual({ kind: 'over', status: 'cancelled' });
    const { rows } = await storage.database.pool.query(
      'SELECT status, count(*)::integer AS count FROM deliveries GROUP BY status ORDER BY status',
    );
    expect(rows).toEqual([
      { status: 'held', count: 10 },
      { status: 'skipped', count: 1_040 },
    ]);
  });

  it('takes back what a drain claimed and gave back unsent', async () => {
    const stage = await replays.stage();
    const [id = ''] = await stage.dead(1);
    const { id: replayId } = await stage.retry();
    await replays.stepThrough(replayId);
    const [claim] = await replays.claimDue();
    if (claim === undefined) throw new Error('nothing was claimed');
    await storage.claims.release(claim);
    await replays.store.cancel(replayId);
    await replays.stepThrough(replayId);
    expect(await storage.delivery(id)).toMatchObject({
      status: 'dead',
      dead_reason: 'retries_exhausted',
      attempts_made: 4,
      wave_at: null,
      recheck_at: null,
      replay_id: null,
    });
  });

  it('is the same asked for twice, and refused once the replay is completed', async () => {
    const stage = await replays.stage();
    await stage.dead(1);
    const { id: replayId } = await stage.retry();
    expect(await replays.store.cancel(replayId)).toBe(true);
    expect(await replays.store.cancel(replayId)).toBe(false);
    const completed = await stage.recover();
    await expect(replays.store.cancel(completed.id)).rejects.toMatchObject({ code: 'replay_completed' });
    await expect(replays.store.cancel(newId('rpl'))).rejects.toMatchObject({ kind: 'not_found' });
  });

  it('releases nothing more, whoever steps on', async () => {
    const stage = await replays.stage();
    await stage.dead(3);
    const { id: replayId } = await stage.retry();
    await replays.store.cancel(replayId);
    expect(await replays.stepThrough(replayId)).toEqual({
      released: [],
      last: { kind: 'over', status: 'cancelled' },
    });
    expect(await stage.retry()).toMatchObject({ counts: { total: 3 } });
  });
});

describe('ReplayStore.listStray', () => {
  it('finds unfinished replays that nobody looks after, cancelled ones with something to take back too', async () => {
    const stage = await replays.stage();
    await stage.dead(1);
    const [one, other] = [await stage.retry(), await stage.retry()];
    expect(await replays.store.listStray(10)).toEqual([]);
    await replays.store.cancel(other.id);
    await storage.database.pool.query("UPDATE replays SET recheck_at = now() - interval '1 s'");
    expect((await replays.store.listStray(10)).map(({ replayId }) => replayId).sort()).toEqual(
      [one.id, other.id].sort(),
    );
    await replays.store.careFor(one.id, 1_000);
    await replays.stepThrough(other.id);
    expect(await replays.store.listStray(10)).toEqual([]);
  });
});

describe('Retention', () => {
  it('keeps what a replay is to release, with its payload, and removes it once the replay is cancelled', async () => {
    const stage = await replays.stage();
    await stage.dead(2);
    await stage.missed(1);
    await ageBy(40);
    await storage.database.pool.query("UPDATE events SET created_at = now() - interval '40 d'");
    const { id: replayId } = await stage.retry();
    const retention = new Retention(storage.database);
    expect(await retention.sweep(30)).toMatchObject({ deliveries: 1, events: 1, replays: 0 });
    await replays.store.cancel(replayId);
    await replays.stepThrough(replayId);
    expect(await retention.sweep(30)).toMatchObject({ deliveries: 2, events: 2 });
  });

  it('removes replays that finished long ago', async () => {
    const stage = await replays.stage();
    await stage.recover();
    await storage.database.pool.query("UPDATE replays SET finished_at = now() - interval '40 d'");
    expect(await new Retention(storage.database).sweep(30)).toMatchObject({ replays: 1 });
  });
});
