import { describe, expect, it } from '@jest/globals';
import { histogramOf } from '../../../bench/measure/histogram.ts';

describe('histogramOf', () => {
  it('puts each value into one bin, a bound into the lower one', () => {
    expect(histogramOf([1, 5, 5.1, 10, 70, 1_000, 1_000.1, 9_999])).toEqual({
      '<=5': 2,
      '<=10': 2,
      '<=20': 0,
      '<=50': 0,
      '<=100': 1,
      '<=200': 0,
      '<=500': 0,
      '<=1000': 1,
      '>1000': 2,
    });
  });

  it('has empty bins for no values', () => {
    expect(Object.values(histogramOf([])).every((count) => count === 0)).toBe(true);
  });
});
