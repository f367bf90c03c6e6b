import { describe, expect, it } from '@jest/globals';
import { createLogger } from '../../src/logger.ts';
import { Dispatcher, type DispatcherOptions } from '../../src/temporal/dispatcher.ts';
import { deliveryStart } from '../support/delivery-start.ts';

/** A dispatcher whose starts end when the test says so. */
function dispatcherOf(options: Partial<DispatcherOptions> = {}) {
  const started: string[] = [];
  const open: ((error?: Error) => void)[] = [];
  const dispatcher = new Dispatcher({
    start: async ({ deliveryId }) => {
      started.push(deliveryId);
      await new Promise<void>((resolve, reject) => {
        open.push((error) => (error === undefined ? resolve() : reject(error)));
      });
    },
    logger: createLogger('silent'),
    concurrency: 2,
    ...options,
  });
  const finishNext = async (error?: Error): Promise<void> => {
    open.shift()?.(error);
    await settled();
  };
  return { dispatcher, started, finishNext };
}

/** Until promises that are ready have called back. */
async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

const starts = ['a', 'b', 'c', 'd'].map(deliveryStart);

describe('Dispatcher', () => {
  it('starts as many side by side as it may, the others in their order as those end', async () => {
    const { dispatcher, started, finishNext } = dispatcherOf();
    dispatcher.offer(starts);
    expect(started).toEqual(['a', 'b']);
    await finishNext();
    expect(started).toEqual(['a', 'b', 'c']);
    await finishNext();
    expect(started).toEqual(['a', 'b', 'c', 'd']);
  });

  it('leaves what waits to the reconciling loop after a failure, and starts what comes later', async () => {
    const { dispatcher, started, finishNext } = dispatcherOf();
    dispatcher.offer(starts);
    await finishNext(new Error('UNAVAILABLE'));
    expect(started).toEqual(['a', 'b']);
    dispatcher.offer([deliveryStart('e')]);
    expect(started).toEqual(['a', 'b', 'e']);
  });

  it('keeps no more waiting than it may', async () => {
    const { dispatcher, started, finishNext } = dispatcherOf({ maxWaiting: 3 });
    dispatcher.offer(starts);
    for (const _ of starts) await finishNext();
    expect(started).toEqual(['a', 'b', 'c']);
  });

  it('closes after the starts under way, and starts nothing more', async () => {
    const { dispatcher, started, finishNext } = dispatcherOf();
    dispatcher.offer(starts);
    let isClosed = false;
    const closing = dispatcher.close().then(() => {
      isClosed = true;
    });
    await finishNext();
    expect(isClosed).toBe(false);
    await finishNext();
    await closing;
    dispatcher.offer(starts);
    expect(started).toEqual(['a', 'b']);
  });
});
