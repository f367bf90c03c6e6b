import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type Breaker,
  type BreakerResult,
  beginProbe,
  type FoldedResults,
  foldResults,
  NEW_BREAKER,
  resetBreaker,
  resumeBreaker,
  DEFAULT_BREAKER_SETTINGS as SETTINGS,
} from '../../src/domain/breaker.ts';
import { WINDOW_BUCKETS } from '../../src/domain/breaker-window.ts';

const NOW = 1_790_000_000_000;
const HOUR_MS = 3_600_000;

function result(changes: Partial<BreakerResult> = {}): BreakerResult {
  return { epoch: 0, isSuccess: false, retryAfterMs: null, at: NOW, ...changes };
}

function fold(breaker: Breaker, results: readonly BreakerResult[], now = NOW): FoldedResults {
  return foldResults(breaker, results, { settings: SETTINGS, now });
}

function opened(now = NOW, changes: Partial<BreakerResult> = {}): Breaker {
  return fold(NEW_BREAKER, Array(10).fill(result(changes)), now).breaker;
}

/** What a probe sent when it is due does to an open breaker. */
function probe(breaker: Breaker, changes: Partial<BreakerResult>): FoldedResults {
  const at = breaker.probeAt ?? NOW;
  const probing = beginProbe(breaker, at);
  return fold(probing, [result({ epoch: probing.epoch, at, ...changes })], at);
}

describe('foldResults on a closed breaker', () => {
  it('opens at the tenth failure in a row', () => {
    const nine = fold(NEW_BREAKER, Array(9).fill(result()));
    expect(nine).toMatchObject({ change: null, breaker: { state: 'closed', consecutiveFailures: 9 } });
    expect(fold(nine.breaker, [result()])).toMatchObject({
      change: 'opened',
      breaker: { state: 'open', epoch: 1, openedAt: NOW, probeAt: NOW + 30_000, cooldownMs: 30_000 },
    });
  });

  it('opens when half of twenty within a minute fail, and at no fewer', () => {
    const mixed = Array.from({ length: 20 }, (_, index) => result({ isSuccess: index % 2 === 0 }));
    expect(fold(NEW_BREAKER, mixed.slice(0, 19)).change).toBeNull();
    expect(fold(NEW_BREAKER, mixed).change).toBe('opened');
  });

  it('stays closed when they fail more slowly or more rarely', () => {
    const slow = Array.from({ length: 60 }, (_, index) => index).reduce(
      (breaker, index) =>
        fold(breaker, [result({ isSuccess: index % 2 === 0 })], NOW + index * 4_000).breaker,
      NEW_BREAKER,
    );
    expect(slow.state).toBe('closed');
    const rare = Array.from({ length: 300 }, (_, index) => result({ isSuccess: index % 3 !== 0 }));
    expect(fold(NEW_BREAKER, rare).change).toBeNull();
  });

  it('waits as long as the receiver asks, a day at most', () => {
    expect(opened(NOW, { retryAfterMs: HOUR_MS }).probeAt).toBe(NOW + HOUR_MS);
    expect(opened(NOW, { retryAfterMs: 1_000 }).probeAt).toBe(NOW + 30_000);
    expect(opened(NOW, { retryAfterMs: 100 * HOUR_MS }).probeAt).toBe(NOW + 24 * HOUR_MS);
  });

  it('forgets with a success what the receiver asked and how long it failed', () => {
    const failing = fold(NEW_BREAKER, [result({ retryAfterMs: HOUR_MS })]).breaker;
    expect(failing).toMatchObject({ askedUntil: NOW + HOUR_MS, failingSince: NOW });
    expect(fold(failing, [result({ isSuccess: true })]).breaker).toMatchObject({
      askedUntil: null,
      failingSince: null,
      consecutiveFailures: 0,
    });
  });

  it('remembers the first failure of a run', () => {
    const first = fold(NEW_BREAKER, [result({ at: NOW - 5 }), result()]).breaker;
    expect(fold(first, [result({ at: NOW + 5 })]).breaker.failingSince).toBe(NOW - 5);
  });

  it('counts no result of another epoch', () => {
    const closedAgain = resetBreaker(opened());
    expect(fold(closedAgain, Array(50).fill(result()))).toEqual({ breaker: closedAgain, change: null });
  });

  it('counts no failure while our own network is suspected', () => {
    const folded = fold(NEW_BREAKER, Array(50).fill(result({ isExcused: true })));
    expect(folded).toEqual({ breaker: NEW_BREAKER, change: null });
  });
});

describe('foldResults on an open breaker', () => {
  it('ignores what was under way when it opened, but lets a success end the run of failures', () => {
    const breaker = opened();
    expect(fold(breaker, Array(30).fill(result()))).toEqual({ breaker, change: null });
    const late = fold(breaker, [result({ isSuccess: true, at: NOW + 1 })]);
    expect(late).toEqual({ breaker: { ...breaker, failingSince: null }, change: null });
    expect(fold(breaker, [result({ isSuccess: true, at: NOW - 1 })]).breaker.failingSince).toBe(NOW);
  });
});

describe('foldResults on a half-open breaker', () => {
  it('closes with the first success', () => {
    expect(probe(opened(), { isSuccess: true })).toEqual({
      change: 'closed',
      breaker: { ...NEW_BREAKER, epoch: 3 },
    });
  });

  it('opens again with every failure, for twice as long up to half an hour', () => {
    let breaker = opened();
    const waits = Array.from({ length: 9 }, () => {
      const { breaker: next, change } = probe(breaker, {});
      expect(change).toBe('reopened');
      const waitMs = (next.probeAt ?? 0) - (breaker.probeAt ?? 0);
      breaker = next;
      return waitMs / 1_000;
    });
    expect(waits).toEqual([60, 120, 240, 480, 960, 1_800, 1_800, 1_800, 1_800]);
    expect(breaker).toMatchObject({ openedAt: NOW, failingSince: NOW, consecutiveFailures: 19 });
  });

  it('begins with the first cool-down after it was closed', () => {
    const closed = probe(probe(opened(), {}).breaker, { isSuccess: true }).breaker;
    const again = fold(closed, Array(10).fill(result({ epoch: closed.epoch })), NOW);
    expect(again.breaker.cooldownMs).toBe(30_000);
  });

  it('waits as long as before where our own network is suspected', () => {
    const probing = beginProbe(probe(opened(), {}).breaker, NOW + HOUR_MS);
    const excused = result({ epoch: probing.epoch, isExcused: true });
    const { breaker, change } = foldResults(probing, [excused], { settings: SETTINGS, now: NOW + HOUR_MS });
    expect(change).toBe('reopened');
    expect(breaker).toMatchObject({ cooldownMs: 60_000, probeAt: NOW + HOUR_MS + 60_000 });
  });

  it('takes the first cool-down that is set now, although the most is less', () => {
    const settings = { ...SETTINGS, cooldownMs: 90_000, maxCooldownMs: 1_000 };
    const probing = resumeBreaker(opened());
    const { breaker } = foldResults(probing, [result({ epoch: probing.epoch })], { settings, now: NOW });
    expect(breaker.cooldownMs).toBe(90_000);
  });
});

describe('beginProbe', () => {
  it('waits for its time', () => {
    const breaker = opened();
    expect(beginProbe(breaker, NOW + 29_999)).toBe(breaker);
    expect(beginProbe(breaker, NOW + 30_000)).toMatchObject({ state: 'half_open', epoch: 2, probeAt: null });
  });

  it('leaves alone what is not open', () => {
    expect(beginProbe(NEW_BREAKER, NOW)).toBe(NEW_BREAKER);
    const probing = resumeBreaker(opened());
    expect(beginProbe(probing, NOW)).toBe(probing);
  });
});

describe('resumeBreaker', () => {
  it('goes half-open at any time, and changes nothing else', () => {
    expect(resumeBreaker(opened())).toMatchObject({ state: 'half_open', epoch: 2 });
    expect(resumeBreaker(NEW_BREAKER)).toBe(NEW_BREAKER);
  });
});

describe('a breaker under any sequence of facts', () => {
  it('keeps its promises', () => {
    fc.assert(
      fc.property(facts, (steps) => {
        let now = NOW;
        let breaker = NEW_BREAKER;
        for (const step of steps) {
          now += step.gapMs;
          const next = afterStep(breaker, step, now);
          expectSound(next);
          expectSoundChange(breaker, next, now);
          breaker = next;
        }
      }),
      { numRuns: 300 },
    );
  });

  it('folds a group as it folds its members one by one', () => {
    const groups = fc.array(fc.record({ isSuccess: fc.boolean(), epoch: fc.constantFrom(0, 0, 0, 1) }));
    fc.assert(
      fc.property(groups, (members) => {
        const results = members.map((member) => result(member));
        const oneByOne = results.reduce((breaker, each) => fold(breaker, [each]).breaker, NEW_BREAKER);
        expect(fold(NEW_BREAKER, results).breaker).toEqual(oneByOne);
      }),
    );
  });
});

interface Step {
  readonly kind: 'success' | 'failure' | 'probe' | 'resume';
  readonly lateBy: number;
  readonly gapMs: number;
  readonly retryAfterMs: number | null;
}

const facts = fc.array<Step>(
  fc.record({
    kind: fc.constantFrom<Step['kind'][]>('success', 'failure', 'failure', 'probe', 'resume'),
    lateBy: fc.constantFrom(0, 0, 0, 1),
    gapMs: fc.integer({ min: -5_000, max: 40_000 }),
    retryAfterMs: fc.option(fc.integer({ min: 0, max: 86_400_000 })),
  }),
  { maxLength: 200 },
);

function afterStep(breaker: Breaker, { kind, lateBy, retryAfterMs }: Step, now: number): Breaker {
  if (kind === 'probe') return beginProbe(breaker, now);
  if (kind === 'resume') return resumeBreaker(breaker);
  const isSuccess = kind === 'success';
  return fold(breaker, [{ epoch: breaker.epoch - lateBy, isSuccess, retryAfterMs, at: now }], now).breaker;
}

function expectSoundChange(before: Breaker, after: Breaker, now: number): void {
  const isChanged = before.state !== after.state;
  expect(after.epoch - before.epoch).toBe(isChanged ? 1 : 0);
  if (isChanged && after.probeAt !== null) expect(after.probeAt - now).toBeLessThanOrEqual(24 * HOUR_MS);
}

function expectSound(breaker: Breaker): void {
  expect(JSON.parse(JSON.stringify(breaker))).toEqual(breaker);
  expect(breaker.window.length).toBeLessThanOrEqual(WINDOW_BUCKETS);
  expect(breaker.openedAt === null).toBe(breaker.state === 'closed');
  expect(breaker.probeAt === null).toBe(breaker.state !== 'open');
  expect(breaker.cooldownMs ?? SETTINGS.cooldownMs).toBeLessThanOrEqual(SETTINGS.maxCooldownMs);
  if (breaker.state === 'closed')
    expect(breaker.consecutiveFailures).toBeLessThan(SETTINGS.consecutiveFailures);
}
