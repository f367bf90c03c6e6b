import { describe, expect, it } from '@jest/globals';
import {
  disablesAt,
  FAILING_LIMIT_MS,
  type FailingAnnounced,
  failingStage,
  failingStep,
  LAST_WARNING_MS,
  stageToAnnounce,
} from '../../src/domain/failing-stage.ts';

const DAY_MS = 86_400_000;
const SINCE = 1_790_000_000_000;

describe('failingStage', () => {
  it.each([
    [0, 0],
    [2.5 * DAY_MS - 1, 0],
    [2.5 * DAY_MS, 50],
    [3.5 * DAY_MS, 70],
    [4.5 * DAY_MS, 90],
    [5 * DAY_MS - 1, 90],
    [5 * DAY_MS, 100],
    [50 * DAY_MS, 100],
    [-DAY_MS, 0],
  ])('after %i ms is %i', (elapsedMs, stage) => {
    expect(failingStage(SINCE, SINCE + elapsedMs)).toBe(stage);
  });

  it('is 0 while nothing fails', () => {
    expect(failingStage(null, SINCE)).toBe(0);
  });
});

describe('stageToAnnounce', () => {
  it('names each stage once, and only the last of several', () => {
    const at = (days: number, announced: 0 | 50 | 70 | 90 | 100) =>
      stageToAnnounce(SINCE, SINCE + days * DAY_MS, { announced });
    expect([at(1, 0), at(3, 0), at(3, 50), at(4.6, 50), at(5, 90), at(6, 100)]).toEqual([
      null,
      50,
      null,
      90,
      100,
      null,
    ]);
  });
});

describe('disablesAt', () => {
  it('is when the last stage is reached', () => {
    expect(failingStage(SINCE, disablesAt(SINCE))).toBe(100);
    expect(disablesAt(SINCE)).toBe(SINCE + FAILING_LIMIT_MS);
  });
});

describe('failingStep', () => {
  const step = (days: number, announced: FailingAnnounced = { stage: 0, at: null }) =>
    failingStep(SINCE, SINCE + days * DAY_MS, { announced });
  const warned = (days: number): FailingAnnounced => ({ stage: 90, at: SINCE + days * DAY_MS });

  it('announces 50, 70 and 90 % once each, and when the end will be', () => {
    const announced = (percent: number) => ({ kind: 'announce', percent, disablesAt: disablesAt(SINCE) });
    expect(step(2.4)).toBeNull();
    expect(step(2.5)).toEqual(announced(50));
    expect(step(2.6, { stage: 50, at: SINCE })).toBeNull();
    expect(step(3.5, { stage: 50, at: SINCE })).toEqual(announced(70));
    expect(step(4.5, { stage: 70, at: SINCE })).toEqual(announced(90));
    expect(step(4.9, warned(4.5))).toBeNull();
  });

  it('disables after five days', () => {
    expect(step(5, warned(4.5))).toEqual({ kind: 'disable' });
    expect(step(50, warned(4.5))).toEqual({ kind: 'disable' });
  });

  it.each([[0], [50], [70]] as const)(
    'warns an endpoint that nobody sent to meanwhile, of which %i %% was announced, and disables it half a day later',
    (stage) => {
      const disablesAt = SINCE + 30 * DAY_MS + LAST_WARNING_MS;
      const announced = { stage, at: stage === 0 ? null : SINCE };
      expect(step(30, announced)).toEqual({ kind: 'announce', percent: 90, disablesAt });
      expect(step(30.4, warned(30))).toBeNull();
      expect(step(30.5, warned(30))).toEqual({ kind: 'disable' });
    },
  );

  it('gives half a day from a warning that came late', () => {
    expect(step(4.8, { stage: 70, at: SINCE })).toMatchObject({
      disablesAt: SINCE + 4.8 * DAY_MS + LAST_WARNING_MS,
    });
    expect(step(5.2, warned(4.8))).toBeNull();
  });

  it('does nothing while nothing fails', () => {
    expect(failingStep(null, SINCE, { announced: { stage: 0, at: null } })).toBeNull();
  });
});
