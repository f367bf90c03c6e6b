import { describe, expect, it } from '@jest/globals';
import { showMilliseconds } from '../../../../src/api/platform/answers/milliseconds.ts';

describe('showMilliseconds', () => {
  it.each([
    [1.1328510000021197, 1.133],
    [12.5, 12.5],
    [0, 0],
    [30_000.00049, 30_000],
    [null, null],
  ])('shows %p as %p', (value, shown) => {
    expect(showMilliseconds(value)).toBe(shown);
  });
});
