import { describe, expect, it } from '@jest/globals';
import { ConnectionWatch } from '../../../src/storage/postgres/connection-watch.ts';

/** A watch over a connection and a clock that the test controls. */
function watched() {
  const state = { now: 0, answers: true, pings: 0, hanging: Promise.resolve() };
  const watch = new ConnectionWatch(
    async () => {
      state.pings += 1;
      await state.hanging;
      if (!state.answers) throw new Error('connection refused');
    },
    () => state.now,
  );
  const checkAt = async (now: number): Promise<boolean> => {
    state.now = now;
    return await watch.check();
  };
  return { watch, state, checkAt };
}

describe('ConnectionWatch', () => {
  it('is not steady before the first answer', () => {
    const { watch, state } = watched();
    state.now = 60_000;
    expect(watch.steadyForMs()).toBe(0);
  });

  it('counts from the first of answers that followed each other', async () => {
    const { watch, checkAt } = watched();
    for (const now of [1_000, 2_000, 3_000, 4_000]) expect(await checkAt(now)).toBe(true);
    expect(watch.steadyForMs()).toBe(3_000);
  });

  it('begins anew after a ping that failed', async () => {
    const { watch, state, checkAt } = watched();
    await checkAt(1_000);
    state.answers = false;
    expect(await checkAt(2_000)).toBe(false);
    expect(watch.steadyForMs()).toBe(0);
    state.answers = true;
    await checkAt(3_000);
    expect(watch.steadyForMs()).toBe(0);
    await checkAt(4_000);
    expect(watch.steadyForMs()).toBe(1_000);
  });

  it('begins anew after a loss that somebody else saw, also during a ping', async () => {
    const { watch, state, checkAt } = watched();
    await checkAt(1_000);
    const ping = checkAt(2_000);
    watch.reportLoss();
    await ping;
    state.now = 2_500;
    expect(watch.steadyForMs()).toBe(500);
  });

  it('is not steady while Postgres hangs, nor because it comes back', async () => {
    const { watch, state, checkAt } = watched();
    await checkAt(1_000);
    const { promise, resolve } = deferred();
    state.hanging = promise;
    const ping = checkAt(2_000);
    state.now = 20_000;
    expect(watch.steadyForMs()).toBe(0);
    resolve();
    await ping;
    expect(watch.steadyForMs()).toBe(0);
  });

  it('asks once at a time', async () => {
    const { watch, state } = watched();
    await Promise.all([watch.check(), watch.check(), watch.check()]);
    expect(state.pings).toBe(1);
    await watch.check();
    expect(state.pings).toBe(2);
  });
});

function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
