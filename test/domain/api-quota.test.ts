import { describe, expect, it } from '@jest/globals';
import { type ApiQuota, describeQuotas, isBeyond, reachedThresholds } from '../../src/domain/api-quota.ts';

const TEN: ApiQuota = { policy: 'key', limit: 10 };
const useOf = (used: number) => ({ used, resetsInMs: 29_001 });

describe('reachedThresholds', () => {
  it.each([
    [1, [], false],
    [7, [], false],
    [8, [80], false],
    [9, [80], false],
    [10, [100, 80], false],
    [11, [100, 80], true],
  ])('after %d of 10 requests: %j', (used, thresholds, beyond) => {
    expect(reachedThresholds(TEN, useOf(used))).toEqual(thresholds);
    expect(isBeyond(TEN, useOf(used))).toBe(beyond);
  });
});

describe('describeQuotas', () => {
  it('writes structured fields', () => {
    const uses = [
      { quota: TEN, use: useOf(4) },
      { quota: { policy: 'customer', limit: 100 } as const, use: useOf(101) },
    ];
    expect(describeQuotas(uses)).toEqual({
      'RateLimit-Policy': '"key";q=10;w=60, "customer";q=100;w=60',
      RateLimit: '"key";r=6;t=30, "customer";r=0;t=30',
    });
  });
});
