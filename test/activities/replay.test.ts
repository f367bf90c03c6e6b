import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { MockActivityEnvironment } from '@temporalio/testing';
import { createCancelReplay } from '../../activities/cancel-replay.ts';
import { createReplay, type ReplayActivityInput, type ReplaySlice } from '../../activities/replay.ts';
import { REPLAY_WINDOW_OF_ENDPOINT } from '../../src/domain/replay.ts';
import { PRODUCTION_TIMING } from '../../src/domain/timing.ts';
import type { ReplayReleases } from '../../src/storage/replays/replay-releases.ts';
import type { Released } from '../../src/storage/replays/replay-step.ts';
import { isReplayCaredFor } from '../support/rows/clock.ts';
import { forgetReplays } from '../support/rows/empty.ts';
import { openReplays, type Replays } from '../support/storage/replay-stage.ts';
import { openStorage, type StorageUnderTest } from '../support/storage/storage.ts';

let storage: StorageUnderTest;
let replays: Replays;

beforeAll(async () => {
  storage = await openStorage();
  replays = openReplays(storage);
});
afterAll(async () => await storage.close());
beforeEach(async () => {
  await forgetReplays(storage.database.pool);
});

interface SliceOptions {
  readonly input: ReplayActivityInput;
  readonly onReleased?: (released: Released) => void;
  readonly releases?: Pick<ReplayReleases, 'step'>;
  readonly stopping?: AbortController;
}

async function runSlice(options: SliceOptions): Promise<ReplaySlice> {
  const { input, onReleased = () => {}, releases = replays.releases } = options;
  const stopping = (options.stopping ?? new AbortController()).signal;
  const replay = createReplay({
    releases,
    replays: replays.store,
    onReleased,
    stopping,
    timing: PRODUCTION_TIMING,
  });
  return (await new MockActivityEnvironment().run(replay, input)) as ReplaySlice;
}

/** Delivers what was released, as a wave would; the failures of that are the test's. */
function deliverer(): { readonly deliver: () => void; readonly done: () => Promise<void> } {
  const deliveries: Promise<unknown>[] = [];
  return {
    deliver: () => void deliveries.push(replays.deliverDue()),
    done: async () => void (await Promise.all(deliveries)),
  };
}

describe('replay', () => {
  it('releases all, a window at a time, tells each time what is to be sent, and ends with the last', async () => {
    const stage = await replays.stage();
    const total = REPLAY_WINDOW_OF_ENDPOINT * 2 + 5;
    await stage.dead(total);
    const { id: replayId } = await stage.retry();
    const { deliver, done } = deliverer();
    const released: number[] = [];
    const slice = await runSlice({
      input: { replayId, waits: 0 },
      onReleased: ({ count }) => {
        released.push(count);
        deliver();
      },
    });
    await done();
    expect(slice).toEqual({
      kind: 'over',
      status: 'completed',
      counts: expect.objectContaining({ total, released: total, delivered: total, remaining: 0 }),
    });
    expect(released.reduce((sum, count) => sum + count, 0)).toBe(total);
    expect(Math.max(...released)).toBe(REPLAY_WINDOW_OF_ENDPOINT);
  });

  it('leaves waiting to the run, longer each time, and has nobody else look after it meanwhile', async () => {
    const stage = await replays.stage();
    await storage.endpointSwitch.pause(stage.endpointId, {});
    await stage.dead(2);
    const { id: replayId } = await stage.retry();
    await runSlice({ input: { replayId, waits: 1 } });
    const waits = [1, 2, 3, 9].map(async (count) => await runSlice({ input: { replayId, waits: count } }));
    expect(await Promise.all(waits)).toEqual(
      [4_000, 8_000, 16_000, 30_000].map((waitMs) => ({
        kind: 'waiting',
        waitMs,
        counts: expect.objectContaining({ released: 2, remaining: 2 }),
      })),
    );
    expect(await isReplayCaredFor(storage.database.pool, 15)).toBe(true);
  });

  it('takes back what a cancelled replay released', async () => {
    const stage = await replays.stage({ maxConcurrency: 1 });
    await stage.dead(3);
    const { id: replayId } = await stage.retry();
    await replays.stepThrough(replayId);
    const cancelled: string[] = [];
    const cancel = createCancelReplay(replays.store, async (id) => void cancelled.push(id));
    expect(await cancel({ replayId, closeRun: false })).toBe(true);
    expect(await cancel({ replayId, closeRun: true })).toBe(true);
    expect(cancelled).toEqual([replayId]);
    expect(await runSlice({ input: { replayId, waits: 0 } })).toMatchObject({
      kind: 'over',
      status: 'cancelled',
      counts: { released: 0, remaining: 0 },
    });
    expect((await stage.retry()).counts.total).toBe(3);
  });

  it('says that a completed one was not cancelled', async () => {
    const { id: replayId } = await (await replays.stage()).retry();
    const cancel = createCancelReplay(replays.store, async () => {});
    expect(await cancel({ replayId, closeRun: true })).toBe(false);
  });

  it('goes on when Postgres is back, and does nothing once the process stops', async () => {
    const stage = await replays.stage();
    await stage.dead(1);
    const { id: replayId } = await stage.retry();
    const outage = Object.assign(new Error('gone'), { code: '57P01' });
    let failures = 2;
    const step: ReplayReleases['step'] = async (id) => {
      failures -= 1;
      if (failures >= 0) throw outage;
      return await replays.releases.step(id);
    };
    const stopping = new AbortController();
    const slice = await runSlice({
      input: { replayId, waits: 0 },
      releases: { step },
      onReleased: () => stopping.abort(),
      stopping,
    });
    expect(slice).toMatchObject({ kind: 'rolling', counts: { released: 1 } });
    expect(await runSlice({ input: { replayId, waits: 0 }, stopping })).toMatchObject({ kind: 'rolling' });
  });

  it('knows when the replay is gone', async () => {
    expect(await runSlice({ input: { replayId: 'rpl_none', waits: 0 } })).toEqual({
      kind: 'over',
      status: null,
      counts: null,
    });
  });
});
