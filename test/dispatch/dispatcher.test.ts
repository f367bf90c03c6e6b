import { describe, expect, it } from '@jest/globals';
import { Dispatcher, type DispatcherOptions } from '../../src/dispatch/dispatcher.ts';
import { createLogger } from '../../src/logger.ts';
import { deliveryStart } from '../support/storage/delivery-start.ts';

const QUIET = { waveRolls: false };

/** A dispatcher whose starts end when the test says so. */
function dispatcherOf(options: Partial<DispatcherOptions> = {}) {
  const seen = { started: [] as string[], wakes: 0 };
  const open: ((error?: Error) => void)[] = [];
  const dispatcher = new Dispatcher({
    start: async ({ deliveryId }) => {
      seen.started.push(deliveryId);
      await new Promise<void>((resolve, reject) => {
        open.push((error) => (error === undefined ? resolve() : reject(error)));
      });
    },
    wakeWave: async () => {
      seen.wakes += 1;
    },
    wakeGate: async () => {},
    mode: 'auto',
    logger: createLogger('silent'),
    ...options,
  });
  const finishAll = async (error?: Error): Promise<void> => {
    for (const finish of open.splice(0)) finish(error);
    await settled();
  };
  return { dispatcher, seen, finishAll };
}

/** Until promises that are ready have called back. */
async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

const names = (count: number): string[] => Array.from({ length: count }, (_, index) => `del_${index}`);
const many = (count: number) => names(count).map(deliveryStart);

describe('Dispatcher', () => {
  it('starts a run for each of a few deliveries at once, and wakes no wave for them', async () => {
    const { dispatcher, seen } = dispatcherOf();
    dispatcher.offer(many(3), QUIET);
    expect(seen).toEqual({ started: names(3), wakes: 0 });
  });

  it('leaves to a wave what comes faster than runs can be afforded, waking it once', async () => {
    const { dispatcher, seen, finishAll } = dispatcherOf();
    dispatcher.offer(many(50), QUIET);
    await finishAll();
    for (const start of many(20)) dispatcher.offer([start], QUIET);
    expect(seen.started.length).toBeLessThanOrEqual(6);
    expect(seen.wakes).toBe(1);
  });

  it('starts nothing while a wave rolls, but what waves do not take', async () => {
    const { dispatcher, seen } = dispatcherOf();
    dispatcher.offer([...many(3), { ...deliveryStart('test'), mark: 'att_1' }], { waveRolls: true });
    expect(seen).toEqual({ started: ['test'], wakes: 0 });
  });

  it('starts every delivery where each has a run of its own, some side by side', async () => {
    const { dispatcher, seen, finishAll } = dispatcherOf({ mode: 'each' });
    dispatcher.offer(many(100), { waveRolls: true });
    expect(seen.started).toHaveLength(16);
    while (seen.started.length < 100) await finishAll();
    expect(seen).toEqual({ started: names(100), wakes: 0 });
  });

  it('leaves what waits to the reconciling loop after a failure, and starts what comes later', async () => {
    const { dispatcher, seen, finishAll } = dispatcherOf({ mode: 'each' });
    dispatcher.offer(many(20), QUIET);
    await finishAll(new Error('UNAVAILABLE'));
    expect(seen.started).toHaveLength(16);
    dispatcher.offer([deliveryStart('later')], QUIET);
    expect(seen.started.at(-1)).toBe('later');
  });

  it('closes after the starts under way, and starts nothing more', async () => {
    const { dispatcher, seen, finishAll } = dispatcherOf();
    dispatcher.offer(many(2), QUIET);
    let isClosed = false;
    const closing = dispatcher.close().then(() => {
      isClosed = true;
    });
    await settled();
    expect(isClosed).toBe(false);
    await finishAll();
    await closing;
    dispatcher.offer(many(100), QUIET);
    expect(seen).toEqual({ started: names(2), wakes: 0 });
  });
});
