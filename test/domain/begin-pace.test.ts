import { describe, expect, it } from '@jest/globals';
import { LEAST_YOUNG, nextPace } from '../../src/domain/begin-pace.ts';

describe('nextPace', () => {
  it.each([
    ['shrinks while turns are long', 200, { young: 200, turnMs: 40 }, 180],
    ['never goes below the least', LEAST_YOUNG, { young: 64, turnMs: 90 }, LEAST_YOUNG],
    ['grows while it is used and turns are short', 200, { young: 150, turnMs: 2 }, 216],
    ['stays where it is not used', 200, { young: 20, turnMs: 2 }, 200],
    ['has an end', 2_000, { young: 2_000, turnMs: 2 }, 2_000],
  ])('%s', (_what, most, seen, next) => {
    expect(nextPace(most, seen)).toBe(next);
  });
});
