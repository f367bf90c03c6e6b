import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Reconciler, type ReconcilerOptions } from '../../src/dispatch/reconciler.ts';
import type { DeliveryStart } from '../../src/domain/delivery-start.ts';
import type { ReplayStart } from '../../src/domain/replay.ts';
import { PRODUCTION_TIMING } from '../../src/domain/timing.ts';
import { createLogger } from '../../src/logger.ts';
import { deliveryStart } from '../support/storage/delivery-start.ts';

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  jest.useRealTimers();
});

/** A reconciler over a list of overdue deliveries, and what it did with them. */
function reconcilerOf(overdue: DeliveryStart[], options: Partial<ReconcilerOptions> = {}) {
  const seen = { rounds: 0, started: [] as string[], left: [] as string[], wakes: 0 };
  const reconciler = new Reconciler({
    endPauses: async () => 0,
    exclusively: async (work) => {
      seen.rounds += 1;
      await work();
      return true;
    },
    closeExpiredLeases: async () => [],
    moveScheduled: async () => 0,
    makeMore: async () => false,
    settleHeld: async () => 0,
    nextScheduledInMs: async () => null,
    listOverdue: async (limit) => overdue.slice(0, limit),
    listWaiting: async () => [],
    leaveToWaves: async (ids) => {
      seen.left.push(...ids);
      overdue.splice(0, overdue.length, ...overdue.filter((start) => !ids.includes(start.deliveryId)));
    },
    waveIsAlive: async () => false,
    closeAbandonedWaves: async () => 0,
    wakeWave: async () => {
      seen.wakes += 1;
    },
    shutUnshutGates: async () => {},
    listStrayGates: async () => [],
    wakeGate: async () => {},
    listStrayReplays: async () => [],
    startReplay: async () => {},
    mode: 'auto',
    roundMs: PRODUCTION_TIMING.roundMs,
    markStarted: async (ids) => {
      overdue.splice(0, overdue.length, ...overdue.filter((start) => !ids.includes(start.deliveryId)));
    },
    start: async (start) => {
      seen.started.push(start.deliveryId);
    },
    ensureTemporal: async () => {},
    logger: createLogger('silent'),
    ...options,
  });
  return { reconciler, seen };
}

const UNREACHABLE = async (): Promise<never> => {
  throw new Error('UNAVAILABLE');
};

describe('Reconciler', () => {
  it('begins at once, and again every five seconds', async () => {
    const { reconciler, seen } = reconcilerOf([]);
    reconciler.start();
    await jest.advanceTimersByTimeAsync(0);
    expect(seen.rounds).toBe(1);
    await jest.advanceTimersByTimeAsync(10_000);
    expect(seen.rounds).toBe(3);
  });

  it('starts everything that is overdue, each once, where each has a run of its own', async () => {
    const ids = Array.from({ length: 450 }, (_, index) => `del_${index}`);
    const { reconciler, seen } = reconcilerOf(ids.map(deliveryStart), { mode: 'each' });
    reconciler.start();
    await jest.advanceTimersByTimeAsync(5_000);
    expect(seen).toMatchObject({ started: ids, left: [], wakes: 0 });
  });

  it('leaves many to a wave, but for those that a person marked', async () => {
    const ids = Array.from({ length: 450 }, (_, index) => `del_${index}`);
    const marked = { ...deliveryStart('marked'), mark: 'att_1' };
    const { reconciler, seen } = reconcilerOf([...ids.map(deliveryStart), marked]);
    reconciler.start();
    await jest.advanceTimersByTimeAsync(5_000);
    expect(seen.left).toEqual(ids);
    expect(seen.started).toEqual(['marked']);
    expect(seen.wakes).toBeGreaterThan(0);
  });

  const few = ['a', 'b', 'c'].map(deliveryStart);
  const waiting: readonly (readonly [string, readonly DeliveryStart[], boolean, object])[] = [
    [
      'starts a few that wait for a wave that does not come',
      few,
      false,
      { started: ['a', 'b', 'c'], wakes: 0 },
    ],
    [
      'wakes a wave for many',
      Array.from({ length: 21 }, () => deliveryStart('d')),
      false,
      { started: [], wakes: 1 },
    ],
    ['leaves them to the wave that rolls', few, true, { started: [], wakes: 0 }],
  ];

  it.each(waiting)('%s', async (_what, starts, isAlive, expected) => {
    const { reconciler, seen } = reconcilerOf([], {
      listWaiting: async (limit) => starts.slice(0, limit),
      waveIsAlive: async () => isAlive,
    });
    reconciler.start();
    await jest.advanceTimersByTimeAsync(0);
    expect(seen).toMatchObject(expected);
  });

  it('comes back to what could not be started', async () => {
    const { reconciler, seen } = reconcilerOf([deliveryStart('del_1')], {
      markStarted: UNREACHABLE,
    });
    reconciler.start();
    await jest.advanceTimersByTimeAsync(5_000);
    expect(seen.started).toEqual(['del_1', 'del_1']);
  });

  it('starts runs although attributes and schedules cannot be registered', async () => {
    const { reconciler, seen } = reconcilerOf([deliveryStart('del_1')], { ensureTemporal: UNREACHABLE });
    reconciler.start();
    await jest.advanceTimersByTimeAsync(0);
    expect(seen.started).toEqual(['del_1']);
  });

  it('starts the runs of replays that nobody looks after', async () => {
    const replays: ReplayStart[] = ['rpl_1', 'rpl_2'].map((replayId) => ({
      replayId,
      kind: 'missed',
      total: 1,
      customerId: null,
      endpointId: null,
    }));
    const started: string[] = [];
    const { reconciler } = reconcilerOf([], {
      listStrayReplays: async () => replays,
      startReplay: async ({ replayId }) => void started.push(replayId),
    });
    reconciler.start();
    await jest.advanceTimersByTimeAsync(0);
    expect(started).toEqual(['rpl_1', 'rpl_2']);
  });

  it('comes earlier for what is scheduled', async () => {
    const { reconciler, seen } = reconcilerOf([], { nextScheduledInMs: async () => 700 });
    reconciler.start();
    await jest.advanceTimersByTimeAsync(0);
    await jest.advanceTimersByTimeAsync(700);
    expect(seen.rounds).toBe(2);
  });

  it('goes on at once while deliveries of wide events are to be made, and sees to all else', async () => {
    const more = [true, true, false];
    const { reconciler, seen } = reconcilerOf([deliveryStart('del_1')], {
      makeMore: async () => more.shift() ?? false,
    });
    reconciler.start();
    await jest.advanceTimersByTimeAsync(0);
    expect(seen).toMatchObject({ rounds: 1, started: ['del_1'] });
    await jest.advanceTimersByTimeAsync(1_000);
    expect(seen.rounds).toBe(3);
  });

  it('sees to all else although deliveries of wide events cannot be made', async () => {
    const { reconciler, seen } = reconcilerOf([deliveryStart('del_1')], { makeMore: UNREACHABLE });
    reconciler.start();
    await jest.advanceTimersByTimeAsync(0);
    expect(seen.started).toEqual(['del_1']);
  });

  it('is not put off by a stream of events that are scheduled for soon', async () => {
    const { reconciler, seen } = reconcilerOf([]);
    reconciler.start();
    await jest.advanceTimersByTimeAsync(0);
    for (let second = 0; second < 20; second += 1) {
      reconciler.wakeIn(4_000);
      await jest.advanceTimersByTimeAsync(1_000);
    }
    expect(seen.rounds).toBeGreaterThanOrEqual(5);
  });

  it('begins no other round once it is closed', async () => {
    const { reconciler, seen } = reconcilerOf([]);
    reconciler.start();
    await jest.advanceTimersByTimeAsync(0);
    await reconciler.close();
    reconciler.wakeIn(0);
    await jest.advanceTimersByTimeAsync(10_000);
    expect(seen.rounds).toBe(1);
  });
});
