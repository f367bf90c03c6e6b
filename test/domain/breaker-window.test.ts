import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type BreakerWindow,
  countResult,
  totalsOf,
  WINDOW_BUCKETS,
} from '../../src/domain/breaker-window.ts';

const NOW = 1_790_000_000_000;
const windowMs = 60_000;

function count(
  results: readonly { readonly at: number; readonly isSuccess: boolean }[],
  window: BreakerWindow = [],
): BreakerWindow {
  return results.reduce(
    (counted, { at, isSuccess }) => countResult(counted, isSuccess, { now: at, windowMs }),
    window,
  );
}

describe('countResult', () => {
  it('counts attempts and failures', () => {
    const window = count(
      [true, false, false].map((isSuccess, index) => ({ at: NOW + index * 7_000, isSuccess })),
    );
    expect(totalsOf(window)).toEqual({ attempts: 3, failures: 2 });
    expect(window).toHaveLength(3);
  });

  it('forgets what is older than the window', () => {
    const window = count([
      { at: NOW, isSuccess: false },
      { at: NOW + windowMs, isSuccess: true },
    ]);
    expect(totalsOf(window)).toEqual({ attempts: 1, failures: 0 });
  });

  it('counts on although the clock jumps back a little, and afresh where it jumps far', () => {
    const window = count([{ at: NOW, isSuccess: false }]);
    expect(totalsOf(count([{ at: NOW - 10_000, isSuccess: false }], window)).failures).toBe(2);
    expect(totalsOf(count([{ at: NOW - 3_600_000, isSuccess: false }], window)).failures).toBe(1);
  });

  it('covers the last nine tenths for certain and nothing older than the window, in at most ten stretches', () => {
    const gaps = fc.array(fc.record({ gapMs: fc.integer({ min: 0, max: 20_000 }), isSuccess: fc.boolean() }));
    fc.assert(
      fc.property(gaps, (steps) => {
        let at = NOW;
        const results = steps.map(({ gapMs, isSuccess }) => {
          at += gapMs;
          return { at, isSuccess };
        });
        const since = (ms: number) => results.filter((result) => result.at > at - ms).length;
        const window = count(results);
        expect(window.length).toBeLessThanOrEqual(WINDOW_BUCKETS);
        expect(totalsOf(window).attempts).toBeGreaterThanOrEqual(since(0.9 * windowMs));
        expect(totalsOf(window).attempts).toBeLessThanOrEqual(since(windowMs));
      }),
    );
  });

  it('stays bounded although the length of the window changes', () => {
    const lengths = fc.array(
      fc.record({ gapMs: fc.nat(5_000), windowMs: fc.integer({ min: 1_000, max: 3_600_000 }) }),
    );
    fc.assert(
      fc.property(lengths, (steps) => {
        let now = NOW;
        let window: BreakerWindow = [];
        for (const step of steps) {
          now += step.gapMs;
          window = countResult(window, false, { now, windowMs: step.windowMs });
          expect(window.length).toBeLessThanOrEqual(WINDOW_BUCKETS);
          expect(totalsOf(window).attempts).toBeGreaterThanOrEqual(1);
        }
      }),
    );
  });
});
