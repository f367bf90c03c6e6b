import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { DrainResult } from '../../activities/drain.ts';
import type { DeliveryStatus } from '../../src/domain/delivery.ts';
import type { DueRequest } from '../../src/storage/claims/wave-claims.ts';
import type { WaveDrain } from '../../src/storage/open/wave-lanes.ts';
import { eventually } from '../support/eventually.ts';
import { closeLanes } from '../support/rows/clock.ts';
import { countAllOf } from '../support/rows/counts.ts';
import { forgetWaves } from '../support/rows/empty.ts';
import { setPayloads } from '../support/rows/events.ts';
import { type DrainStage, setDrainStage } from '../support/storage/drain-stage.ts';
import { insertDue } from '../support/storage/rows.ts';
import { answered, openStorage, type StorageUnderTest } from '../support/storage/storage.ts';

let storage: StorageUnderTest;
let stage: DrainStage;
let endpointId: string;

beforeAll(async () => {
  storage = await openStorage();
});
afterAll(async () => await storage.close());

beforeEach(async () => {
  await forgetWaves(storage.database.pool);
  endpointId = await storage.endpoint();
  stage = setDrainStage(storage);
});
afterEach(async () => {
  stage.stopping.abort();
  await stage.sends.untilIdle();
  jest.restoreAllMocks();
});

async function due(count: number, options: { endpointId?: string; dueInMs?: number } = {}) {
  return await insertDue(storage.database.pool, { endpointId, count, ...options });
}

async function countOf(status: DeliveryStatus): Promise<number> {
  return await countAllOf(storage.database.pool, status);
}

/** Keeps every request under way until it is called. */
function keepUnderWay(isKept: (url: string) => boolean = () => true): () => void {
  let release = (): void => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  stage.answerWith(async (url) => {
    if (isKept(url)) await released;
    return answered(200);
  });
  return release;
}

/** The stores with one call done otherwise. */
function instead<T extends object>(store: T, methods: Partial<T>): T {
  const descriptors = Object.entries(methods).map(([name, value]) => [name, { value }]);
  const bound = new Proxy(store, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
  return Object.create(bound, Object.fromEntries(descriptors));
}

/** Runs the drain and counts how often it has looked around. */
function runCounted(): { readonly running: Promise<DrainResult>; readonly looks: () => number } {
  let looks = 0;
  const lanes = instead(storage.lanes, {
    renew: async (drain: WaveDrain) => {
      looks += 1;
      return await storage.lanes.renew(drain);
    },
  });
  // The stage's clock runs fast, and large payloads take their time.
  const timing = { ...storage.timing, claimToPostMs: 60_000 };
  return { running: stage.run({}, { lanes, timing }), looks: () => looks };
}

describe('drain', () => {
  it('sends what is due, each once, and ends when the load is low', async () => {
    await due(60);
    await due(5, { endpointId: await storage.endpoint() });
    expect(await stage.run()).toEqual({ kind: 'idle', claimed: 65, nextDueInMs: null });
    await stage.sends.untilIdle();
    expect(await countOf('delivered')).toBe(65);
    expect(stage.sent).toHaveLength(65);
    expect(await storage.lanes.isAlive()).toBe(false);
  });

  it('says when the next delivery without a run comes due, but on further lanes', async () => {
    await due(1, { dueInMs: 3_600_000 });
    const first = await stage.run();
    expect(first).toEqual({ kind: 'idle', claimed: 0, nextDueInMs: expect.any(Number) });
    expect(await stage.run({ lane: 1 })).toEqual({ kind: 'idle', claimed: 0, nextDueInMs: null });
  });

  it('takes what was left to it before it closed', async () => {
    const lanes = instead(storage.lanes, {
      close: async (drain: WaveDrain) => {
        await due(3);
        await storage.lanes.close(drain);
      },
    });
    expect(await stage.run({}, { lanes })).toMatchObject({ kind: 'idle', claimed: 3 });
  });

  it('ends its slice while there is more to do, and what is under way then is recorded', async () => {
    const release = keepUnderWay();
    await due(3);
    const running = stage.run();
    await eventually(() => stage.sent.length === 3);
    stage.putForward(30_000);
    expect(await running).toEqual({ kind: 'rolling', claimed: 3 });
    expect(await countOf('sending')).toBe(3);
    release();
    await stage.sends.untilIdle();
    expect(await countOf('delivered')).toBe(3);
  });

  it.each(['shutdown', 'cancellation'])('claims nothing more after a %s', async (why) => {
    const release = keepUnderWay();
    await due(2);
    const running = stage.run();
    await eventually(() => stage.sent.length === 2);
    if (why === 'shutdown') stage.stopping.abort();
    else stage.environment.cancel();
    await due(5);
    expect(await running).toEqual({ kind: 'rolling', claimed: expect.any(Number) });
    const claimed = stage.sent.length;
    release();
    await stage.sends.untilIdle();
    expect(await countOf('delivered')).toBe(claimed);
    expect(await countOf('queued')).toBe(7 - claimed);
  });

  it('is not over where it was shut down while it closed', async () => {
    const lanes = instead(storage.lanes, {
      close: async (drain: WaveDrain) => {
        await storage.lanes.close(drain);
        await due(3);
        stage.stopping.abort();
      },
    });
    expect(await stage.run({}, { lanes })).toEqual({ kind: 'rolling', claimed: 0 });
  });

  it('ends when another drain takes its lane, and closes nothing', async () => {
    const running = stage.run();
    await eventually(async () => await storage.lanes.isAlive());
    await storage.lanes.open({ lane: 0, token: 'successor' });
    expect(await running).toMatchObject({ kind: 'rolling' });
    expect(await storage.lanes.isAlive()).toBe(true);
  });

  it('opens its lane anew in the next slice where it was closed as abandoned', async () => {
    const running = stage.run();
    await eventually(async () => await storage.lanes.isAlive());
    await closeLanes(storage.database.pool);
    expect(await running).toMatchObject({ kind: 'rolling' });
  });

  it('goes on after an outage of Postgres, and gives up for any other fault', async () => {
    await due(3);
    let outages = 3;
    const flaky = instead(storage.waveClaims, {
      claim: async (request: DueRequest) => {
        outages -= 1;
        if (outages >= 0) throw new Error('Connection terminated unexpectedly');
        return await storage.waveClaims.claim(request);
      },
    });
    expect(await stage.run({}, { waveClaims: flaky })).toMatchObject({ kind: 'idle', claimed: 3 });
    const broken = instead(storage.waveClaims, {
      lookForAll: async () => {
        throw new Error('syntax error at or near "SELEC"');
      },
    });
    await expect(stage.run({}, { waveClaims: broken })).rejects.toThrow('syntax error');
  });

  it('gives back unsent what it was handed too late, and takes it again', async () => {
    const [id = ''] = await due(1);
    let isFirst = true;
    const slow = instead(storage.waveClaims, {
      claim: async (request: DueRequest) => {
        const claims = await storage.waveClaims.claim(request);
        if (isFirst) stage.putForward(6_000);
        isFirst = false;
        return claims;
      },
    });
    await stage.run({}, { waveClaims: slow });
    await stage.sends.untilIdle();
    expect(stage.sent).toHaveLength(1);
    expect(await storage.attempts(id)).toMatchObject([{ number: 1, status_code: 200 }]);
  });

  it('lets an endpoint that hangs hold nobody up, and goes on for as long as something of it waits', async () => {
    const other = await storage.endpoint({ url: 'https://healthy.example/' });
    const release = keepUnderWay((url) => !url.includes('healthy'));
    await due(30);
    await due(100, { endpointId: other, dueInMs: -1_000 });
    const running = stage.run();
    await eventually(async () => (await countOf('delivered')) === 100);
    expect(stage.sent.filter((url) => !url.includes('healthy'))).toHaveLength(8);
    release();
    expect(await running).toMatchObject({ kind: 'idle', claimed: 130 });
  });

  it('is not over while every place is taken', async () => {
    let end = (): void => {};
    const hanging = new Promise<void>((resolve) => {
      end = resolve;
    });
    const unsent = { endpointId, dataText: '{}' };
    for (let index = 0; index < 1_000; index += 1) stage.sends.begin([unsent], () => hanging);
    await due(2);
    const { running, looks } = runCounted();
    await eventually(() => looks() > 5);
    expect(stage.sent).toEqual([]);
    end();
    expect(await running).toEqual({ kind: 'idle', claimed: 2, nextDueInMs: null });
  });

  it('has no more payload under way than its places are meant for, and one claim beyond', async () => {
    jest.restoreAllMocks();
    stage = setDrainStage(storage, { places: 64 });
    for (let index = 0; index < 16; index += 1) await due(1, { endpointId: await storage.endpoint() });
    await setPayloads(storage.database.pool, 5_000_000);
    const release = keepUnderWay();
    const { running, looks } = runCounted();
    await eventually(() => looks() > 5);
    // 64 places are meant for 8 MiB, and one claim brings 32 at most.
    expect(stage.sent).toHaveLength(6);
    release();
    expect(await running).toMatchObject({ kind: 'idle', claimed: 16 });
  });

  it.each([
    [0, 1],
    [1, 0],
  ])('of lane %i wakes further lanes %i times in some seconds while it is busy', async (lane, wakes) => {
    jest.spyOn(performance, 'eventLoopUtilization').mockReturnValue({ utilization: 0.9, idle: 1, active: 9 });
    await stage.run({ lane });
    expect(stage.wakes()).toBe(wakes);
  });
});
