import { describe, expect, it } from '@jest/globals';
import { distributionOf, medianOf } from '../../../bench/measure/distribution.ts';

describe('distributionOf', () => {
  it('takes percentiles by nearest rank, whatever the order', () => {
    const values = Array.from({ length: 200 }, (_, index) => 200 - index);
    expect(distributionOf(values)).toEqual({ p50: 100, p90: 180, p99: 198, max: 200 });
  });

  it('makes one value all of its percentiles', () => {
    expect(distributionOf([7])).toEqual({ p50: 7, p90: 7, p99: 7, max: 7 });
  });

  it('knows nothing of no values', () => {
    expect(distributionOf([])).toBeNull();
  });
});

describe('medianOf', () => {
  it('is a measured value', () => {
    expect(medianOf([9, 1, 5, 3])).toBe(3);
  });
});
