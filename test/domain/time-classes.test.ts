import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { classOf, middleOf, percentile } from '../../src/domain/time-classes.ts';

const time = fc.double({ min: 0.1, max: 3_600_000, noNaN: true });

describe('middleOf', () => {
  it('is within 5 % of every time of the class', () => {
    fc.assert(fc.property(time, (ms) => Math.abs(middleOf(classOf(ms)) / ms - 1) <= 0.05));
  });
});

describe('percentile', () => {
  it('is within 5 % of a time below which the share lies', () => {
    fc.assert(
      fc.property(fc.array(time, { minLength: 1 }), fc.constantFrom(0.5, 0.95, 0.99), (times, share) => {
        const sorted = times.toSorted((a, b) => a - b);
        const exact = sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN;
        const found = percentile(
          times.map((ms) => ({ class: classOf(ms), count: 1 })),
          share,
        );
        return Math.abs((found ?? Number.NaN) / exact - 1) <= 0.05;
      }),
    );
  });

  it('is null where nothing was counted, or all of it taken back', () => {
    expect(percentile([], 0.5)).toBeNull();
    expect(percentile([{ class: 7, count: 0 }], 0.5)).toBeNull();
  });
});
