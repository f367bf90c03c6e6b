import { describe, expect, it } from '@jest/globals';
import {
  disablesAt,
  FAILING_LIMIT_MS,
  failingStage,
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
