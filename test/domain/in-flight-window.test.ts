import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  IN_FLIGHT_MOST,
  IN_FLIGHT_START,
  type InFlightWindow,
  initialWindow,
  limitNow,
  onAnswer,
  onFailure,
  onSuccess,
  SLOW_START,
} from '../../src/domain/in-flight-window.ts';

/** A full window of successes. */
function round(window: InFlightWindow): InFlightWindow {
  return Array.from({ length: window.limit }).reduce<InFlightWindow>((now) => onSuccess(now), window);
}

describe('initialWindow', () => {
  it.each([
    [{ start: IN_FLIGHT_START, most: IN_FLIGHT_MOST }, 8],
    [{ start: IN_FLIGHT_START, most: 3 }, 3],
    [{ start: 0, most: 0 }, 1],
  ])('of %j begins at %i', (bounds, limit) => {
    expect(initialWindow(bounds).limit).toBe(limit);
  });
});

describe('onSuccess', () => {
  it('doubles the window with every full round, up to the most', () => {
    const limits: number[] = [];
    let window = initialWindow({ start: SLOW_START, most: 20 });
    while (limits.length < 7) {
      limits.push(window.limit);
      window = round(window);
    }
    expect(limits).toEqual([1, 2, 4, 8, 16, 20, 20]);
  });

  it('does not grow a window that less than half is used of', () => {
    const window = initialWindow({ start: 8, most: 256 });
    expect(onSuccess(window, { inFlight: 3 }).limit).toBe(8);
    expect(onSuccess(window, { inFlight: 4 }).limit).toBe(9);
  });
});

/** A window of 64 of an endpoint that has failed for a while. */
const failing: InFlightWindow = { ...initialWindow({ start: 64, most: 256 }), failing: 0.9 };

describe('onFailure', () => {
  it('halves once for all that were under way', () => {
    let window = failing;
    for (let send = 0; send < 64; send += 1) window = onFailure(window, { startedAt: send, now: 100 + send });
    expect(window).toMatchObject({ limit: 32, halvedAt: 100 });
  });

  it('halves again for what began after the last halving', () => {
    const window = onFailure(failing, { startedAt: 0, now: 100 });
    expect(onFailure(window, { startedAt: 99, now: 200 }).limit).toBe(32);
    expect(onFailure(window, { startedAt: 100, now: 200 }).limit).toBe(16);
  });

  it.each([
    ['a third of all sends fail', 3, 64],
    ['every send fails', 1, 1],
  ])('where %s leaves a window of the right size', (_what, everyNth, limit) => {
    let window = initialWindow({ start: 64, most: 64 });
    for (let send = 0; send < 1_000; send += 1)
      window = send % everyNth === 0 ? onFailure(window, { startedAt: send, now: send }) : onSuccess(window);
    expect(window.limit).toBe(limit);
  });

  it('never leaves the bounds, whatever comes', () => {
    const fact = fc.record({ isSuccess: fc.boolean(), startedAt: fc.nat(1_000), now: fc.nat(1_000) });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.array(fact), (most, facts) => {
        let window = initialWindow({ start: IN_FLIGHT_START, most });
        for (const { isSuccess, ...send } of facts) {
          window = isSuccess ? onSuccess(window) : onFailure(window, send);
          expect(window.limit).toBeGreaterThanOrEqual(1);
          expect(window.limit).toBeLessThanOrEqual(most);
        }
      }),
    );
  });
});

describe('limitNow', () => {
  const fresh = initialWindow({ start: IN_FLIGHT_START, most: IN_FLIGHT_MOST });

  it.each([
    ['nothing is known', fresh, 0, 8],
    ['the oldest is young', fresh, 900, 8],
    ['it has waited for more than a second', fresh, 1_100, 4],
    ['for more than two', fresh, 2_100, 2],
    ['for many', fresh, 25_000, 1],
    ['its answers usually take as long', onAnswer(fresh, 20_000), 25_000, 8],
    ['it takes much longer than usual', onAnswer(fresh, 2_000), 4_500, 4],
  ])('where %s', (_what, window, oldestMs, limit) => {
    expect(limitNow(window, oldestMs)).toBe(limit);
  });
});

describe('onAnswer', () => {
  it('follows the last answers', () => {
    const window = initialWindow({ start: IN_FLIGHT_START, most: IN_FLIGHT_MOST });
    const usual = [100, 100, 500].reduce((now, tookMs) => onAnswer(now, tookMs), window).usualMs;
    expect(usual).toBe(200);
  });
});
