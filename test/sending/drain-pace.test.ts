import { describe, expect, it } from '@jest/globals';
import { DrainPace } from '../../src/sending/drain-pace.ts';

/** The pace of a drain that claimed so many in each second. */
function paceOf(seconds: readonly number[]): DrainPace {
  const pace = new DrainPace();
  for (const claims of seconds) {
    pace.add(claims);
    pace.endSecond();
  }
  return pace;
}

describe('DrainPace', () => {
  it.each<readonly [readonly number[], boolean]>([
    [[], false],
    [[0, 0], false],
    [[0, 0, 0], true],
    [[9, 9, 11], true],
    [[10, 10, 10], false],
    [[30, 0, 0], false],
    [[500, 0, 0, 0], true],
    [[0, 0, 0, 500], false],
  ])('after seconds with %j claims: quiet is %j', (seconds, isQuiet) => {
    expect(paceOf(seconds).isQuiet).toBe(isQuiet);
  });

  it('counts a second only once it has ended', () => {
    const pace = paceOf([0, 0, 0]);
    pace.add(1_000);
    expect(pace.isQuiet).toBe(true);
    pace.endSecond();
    expect(pace.isQuiet).toBe(false);
    expect(pace.total).toBe(1_000);
  });
});
