import { describe, expect, it } from '@jest/globals';
import { followOutage, type HostFacts, type Outage, type OutageRule } from '../../src/domain/outage.ts';

const RULE: OutageRule = {
  failureRatio: 0.5,
  minimumAttempts: 5,
  windowMs: 300_000,
  quietMs: 3_600_000,
};
const NOW = 1_800_000_000_000;
const BEGAN = NOW - 60_000;
const TOLD_AT = NOW - 1_000;

const FAILING: HostFacts = {
  attempts: 6,
  failures: 6,
  lateAttempts: 6,
  lateFailures: 6,
  failedFirst: BEGAN,
  active: 1,
  failedLast: 1,
  broken: 0,
  attemptedLast: NOW,
};
const WELL: HostFacts = { ...FAILING, lateAttempts: 2, lateFailures: 0, failedLast: 0 };
const TOLD: Outage = { failingSince: BEGAN, toldAt: TOLD_AT, isTold: true };
const UNTOLD: Outage = { failingSince: BEGAN, toldAt: TOLD_AT, isTold: false };

function follow(before: Outage | null, facts: HostFacts, now = NOW) {
  return followOutage(before, facts, { rule: RULE, now });
}

describe('followOutage', () => {
  it.each<[string, Partial<HostFacts>, 'failing' | null]>([
    ['six failures of six', {}, 'failing'],
    ['fewer attempts than say something', { attempts: 4, failures: 4 }, null],
    ['half of many attempts', { attempts: 1_000, failures: 500 }, 'failing'],
    ['less than half', { attempts: 1_000, failures: 499 }, null],
    ['open breakers after many successes', { attempts: 6_000, failures: 10, broken: 1 }, 'failing'],
    ['an open breaker after too few failures', { attempts: 6_000, failures: 4, broken: 1 }, null],
    ['failures before the last success', { failedLast: 0 }, null],
    ['few endpoints of many that fail', { active: 300, failedLast: 10 }, null],
    ['most endpoints of many', { active: 300, failedLast: 290 }, 'failing'],
  ])('judges by the rule: %s', (_what, changes, tell) => {
    expect(follow(null, { ...FAILING, ...changes })).toEqual({
      outage: tell === null ? null : { failingSince: BEGAN, toldAt: NOW, isTold: true },
      tell,
    });
  });

  it('tells of an outage once, however long it lasts', () => {
    expect(follow(TOLD, FAILING, NOW + 10 * RULE.quietMs - 1)).toEqual({ outage: TOLD, tell: null });
  });

  it.each<[string, Partial<HostFacts>, 'recovered' | null]>([
    ['the last attempts succeeded', {}, 'recovered'],
    ['none was made lately, and the last one succeeded', { lateAttempts: 0 }, 'recovered'],
    ['most of the last minutes failed still', { lateAttempts: 10, lateFailures: 6 }, null],
    ['the last attempt failed', { failedLast: 1, lateAttempts: 0 }, null],
    ['few endpoints of many fail still', { active: 300, failedLast: 3 }, 'recovered'],
  ])('tells once that it is over: %s', (_what, changes, tell) => {
    const step = follow(TOLD, { ...WELL, ...changes });
    expect(step.tell).toBe(tell);
    expect(step.outage?.failingSince).toBe(tell === null ? BEGAN : null);
    if (tell !== null) expect(follow(step.outage, WELL).tell).toBeNull();
  });

  it('tells of the next outage only when the last alert is old enough, and of its end only then', () => {
    const well = { ...TOLD, failingSince: null, isTold: false };
    expect(follow(well, FAILING)).toEqual({ outage: UNTOLD, tell: null });
    expect(follow(UNTOLD, WELL)).toEqual({ outage: well, tell: null });
    expect(follow(UNTOLD, FAILING, TOLD_AT + RULE.quietMs)).toMatchObject({ tell: 'failing' });
  });

  it('forgets a host that is well when the last alert is old enough', () => {
    const well = { ...TOLD, failingSince: null, isTold: false };
    expect(follow(well, WELL)).toEqual({ outage: well, tell: null });
    expect(follow(well, WELL, NOW + RULE.quietMs)).toEqual({ outage: null, tell: null });
  });

  it.each([
    ['nothing of it is in use any more', null],
    ['nothing was tried for a day', NOW - 86_400_001],
  ])('forgets an outage silently: %s', (_what, attemptedLast) => {
    expect(follow(TOLD, { ...FAILING, attemptedLast })).toEqual({ outage: null, tell: null });
  });
});
