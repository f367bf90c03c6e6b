import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type Admission,
  type ArrivalTime,
  admit,
  MAX_CHARGED_AHEAD_MS,
  type RateLimit,
} from '../../src/domain/rate-limit.ts';

const NOW = 1_790_000_000_000;
const PERIOD_MS = { second: 1_000, minute: 60_000, hour: 3_600_000 };

const rates: fc.Arbitrary<RateLimit> = fc.record({
  limit: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 100_000 })),
  per: fc.constantFrom('second', 'minute', 'hour'),
});

/** Calls as shares of the period, so that every rate sees dense and sparse ones. */
const calls = fc.array(
  fc.record({ share: fc.double({ min: 0, max: 1.5, noNaN: true }), count: fc.integer({ min: 0, max: 40 }) }),
  { maxLength: 120 },
);

interface Step extends Admission {
  readonly now: number;
  readonly count: number;
}

function run(
  limit: RateLimit,
  times: readonly { readonly now: number; readonly count: number }[],
  aheadMs = 0,
): Step[] {
  let tat: ArrivalTime | null = null;
  return times.map(({ now, count }) => {
    const admission = admit(tat, count, { limit, now, aheadMs });
    tat = JSON.parse(JSON.stringify(admission.tat)) as ArrivalTime;
    return { ...admission, now, count };
  });
}

function startsOf(steps: readonly Step[]): number[] {
  return steps.flatMap(({ now, startsInMs }) => startsInMs.map((inMs) => now + inMs)).sort((a, b) => a - b);
}

/** The most starts in any window of one period, its end excluded. */
function mostInAnyWindow(starts: readonly number[], periodMs: number): number {
  let first = 0;
  return starts.reduce((most, start, index) => {
    while (start - (starts[first] ?? start) >= periodMs) first += 1;
    return Math.max(most, index - first + 1);
  }, 0);
}

function times(limit: RateLimit, steps: readonly { share: number; count: number }[]) {
  let now = NOW;
  return steps.map(({ share, count }) => {
    now += Math.floor(share ** 4 * PERIOD_MS[limit.per]);
    return { now, count };
  });
}

describe('admit', () => {
  it('lets two go from rest and then one per cell', () => {
    const limit: RateLimit = { limit: 5, per: 'second' };
    const steps = run(
      limit,
      [0, 0, 199, 200, 399, 400].map((after) => ({ now: NOW + after, count: 10 })),
    );
    expect(steps.map(({ admitted }) => admitted)).toEqual([2, 0, 0, 1, 0, 1]);
    expect(steps.map(({ retryInMs }) => retryInMs)).toEqual([200, 200, 1, 200, 1, 200]);
  });

  it('spends 20 s, less the burst, on 100 calls at 5 a second', () => {
    const everyMs = Array.from({ length: 25_000 }, (_, index) => ({ now: NOW + index, count: 100 }));
    expect(startsOf(run({ limit: 5, per: 'second' }, everyMs))[99]).toBe(NOW + 19_600);
  });

  it('admits no more than are asked for, and keeps the rest for later', () => {
    const [first, second] = run({ limit: 1, per: 'hour' }, [
      { now: NOW, count: 1 },
      { now: NOW, count: 5 },
    ]);
    expect(first).toMatchObject({ admitted: 1, retryInMs: 0 });
    expect(second).toMatchObject({ admitted: 1, retryInMs: 3_600_000 });
  });

  it('never lets more than the limit and one cell start in any window of one period', () => {
    fc.assert(
      fc.property(
        rates,
        calls,
        fc.integer({ min: 0, max: MAX_CHARGED_AHEAD_MS }),
        (limit, steps, aheadMs) => {
          const starts = startsOf(run(limit, times(limit, steps), aheadMs));
          expect(mostInAnyWindow(starts, PERIOD_MS[limit.per])).toBeLessThanOrEqual(limit.limit + 1);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('holds back nothing that a slower look at the same rate would let go', () => {
    fc.assert(
      fc.property(rates, fc.array(fc.integer({ min: 1, max: 5_000 }), { maxLength: 60 }), (limit, gaps) => {
        let tat: ArrivalTime | null = null;
        let now = NOW;
        for (const gap of gaps) {
          const before = admit(tat, 1_000_000, { limit, now });
          expect(admit(before.tat, 1, { limit, now }).admitted).toBe(0);
          expect(admit(before.tat, 1, { limit, now: now + before.retryInMs - 1 }).admitted).toBe(0);
          expect(admit(before.tat, 1, { limit, now: now + before.retryInMs }).admitted).toBe(1);
          tat = before.tat;
          now += gap;
        }
      }),
    );
  });

  it('is never idle while a cell is free', () => {
    fc.assert(
      fc.property(rates, calls, (limit, steps) => {
        const cellMs = PERIOD_MS[limit.per] / limit.limit;
        let last = Number.NEGATIVE_INFINITY;
        for (const { now, count, admitted } of run(limit, times(limit, steps))) {
          if (count > 0 && now - last >= cellMs) expect(admitted).toBeGreaterThanOrEqual(1);
          if (admitted > 0) last = now;
        }
      }),
    );
  });

  it('lets exactly the rate and the burst go in a long run, whatever the fraction', () => {
    fc.assert(
      fc.property(rates, fc.integer({ min: 1, max: 2_000 }), (limit, periods) => {
        const periodMs = PERIOD_MS[limit.per];
        const cellMs = Math.floor(periodMs / limit.limit);
        const gapMs = Math.max(1, cellMs);
        fc.pre(cellMs >= 1);
        const lookCount = Math.min(5_000, Math.floor((periods * periodMs) / gapMs));
        const looks = Array.from({ length: lookCount }, (_, index) => ({
          now: NOW + index * gapMs,
          count: 1_000_000,
        }));
        const total = run(limit, looks).reduce((sum, { admitted }) => sum + admitted, 0);
        const elapsedMs = Math.max(0, lookCount - 1) * gapMs;
        expect(total).toBe(lookCount === 0 ? 0 : Math.floor((elapsedMs * limit.limit) / periodMs) + 2);
      }),
      { numRuns: 60 },
    );
  });

  it('reaches rates faster than it is asked by admitting ahead, each call at its own time', () => {
    const every50Ms = Array.from({ length: 200 }, (_, index) => ({ now: NOW + index * 50, count: 1_000 }));
    const starts = startsOf(run({ limit: 1_000, per: 'second' }, every50Ms, 50));
    expect(starts).toEqual([NOW, ...Array.from({ length: starts.length - 1 }, (_, index) => NOW + index)]);
    expect(starts.length).toBe(9_950 + 50 + 2);
  });

  it('admits again at once when the clock jumps back', () => {
    fc.assert(
      fc.property(rates, calls, fc.integer({ min: 2, max: 1_000_000 }), (limit, steps, cells) => {
        const before = run(limit, times(limit, steps)).at(-1);
        fc.pre(before !== undefined);
        const cellMs = PERIOD_MS[limit.per] / limit.limit;
        const now = Math.floor((before?.now ?? NOW) - MAX_CHARGED_AHEAD_MS - cells * cellMs - 2);
        const tat = before?.tat ?? null;
        const { admitted, tat: after } = admit(tat, 10, { limit, now });
        expect(admitted).toBeGreaterThanOrEqual(1);
        expect(admitted).toBeLessThanOrEqual(2);
        expect(admit(after, 1, { limit, now: now + Math.ceil(cellMs) }).admitted).toBe(1);
      }),
    );
  });

  it('obeys a changed limit from the next call on', () => {
    const fast = admit(null, 1_000_000, { limit: { limit: 100_000, per: 'second' }, now: NOW, aheadMs: 900 });
    const slow = { limit: 1, per: 'hour' } as const;
    const changed = admit(fast.tat, 10, { limit: slow, now: NOW });
    expect(changed.admitted).toBeLessThanOrEqual(2);
    expect(changed.retryInMs).toBeLessThanOrEqual(2 * 3_600_000);
  });
});

describe('admit without a burst', () => {
  const limit = { limit: 5, per: 'second' } as const;

  it('starts at most one beyond the limit in any period, however late each look comes', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 180 }), { minLength: 50, maxLength: 50 }), (delays) => {
        const starts: number[] = [];
        let tat: ArrivalTime | null = null;
        let now = 1_000_000;
        for (const delay of delays) {
          now += delay;
          const admission: Admission = admit(tat, 100, { limit, now, burstCells: 0 });
          starts.push(...admission.startsInMs.map(() => now));
          tat = admission.admitted > 0 ? admission.tat : tat;
          now += admission.retryInMs;
        }
        for (const [index, start] of starts.entries())
          expect(starts.slice(index).filter((other) => other < start + 1_000).length).toBeLessThanOrEqual(6);
      }),
    );
  });

  it('starts at most two beyond the limit in any period where callers with a burst go before', () => {
    const looks = fc.array(fc.record({ delay: fc.integer({ min: 0, max: 250 }), byHand: fc.boolean() }), {
      minLength: 50,
      maxLength: 50,
    });
    fc.assert(
      fc.property(looks, (steps) => {
        const starts: number[] = [];
        let tat: ArrivalTime | null = null;
        let now = 1_000_000;
        for (const { delay, byHand } of steps) {
          now += delay;
          const options = byHand ? { limit, now } : { limit, now, burstCells: 0 };
          const admission: Admission = admit(tat, 1, options);
          starts.push(...admission.startsInMs.map(() => now));
          if (admission.admitted > 0) tat = admission.tat;
        }
        expect(mostInAnyWindow(starts, 1_000)).toBeLessThanOrEqual(limit.limit + 2);
      }),
      { numRuns: 2_000 },
    );
  });

  it('loses no time to looks that come a little late', () => {
    let tat: ArrivalTime | null = null;
    let now = 1_000_000;
    let started = 0;
    while (started < 100) {
      const admission: Admission = admit(tat, 100 - started, { limit, now, burstCells: 0 });
      started += admission.admitted;
      if (admission.admitted > 0) tat = admission.tat;
      now += admission.retryInMs + 7;
    }
    expect(now - 1_000_000).toBeLessThan(20_300);
  });
});
