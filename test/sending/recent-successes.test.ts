import { describe, expect, it } from '@jest/globals';
import { RecentSuccesses } from '../../src/sending/recent-successes.ts';
import type { HealthResult } from '../../src/storage/gates/breaker-store.ts';

function result(errorCode: HealthResult['errorCode'], endpointId = 'ep_a'): HealthResult {
  return {
    endpointId,
    errorCode,
    trigger: 'automatic',
    breakerEpoch: 0,
    isFailing: false,
    retryAfterMs: null,
    isExcused: false,
  };
}

const many = (count: number, endpointId?: string) =>
  Array.from({ length: count }, () => result(null, endpointId));
const outcomes = (results: readonly HealthResult[]) => results.map(({ errorCode }) => errorCode);

describe('RecentSuccesses', () => {
  it('selects nothing of endpoints that are well', () => {
    expect(new RecentSuccesses().select(many(50), 0)).toEqual([]);
  });

  it('puts what was noted before in front of the first failure, once', () => {
    const successes = new RecentSuccesses();
    successes.select(many(3), 0);
    expect(outcomes(successes.select([result('http_503')], 1_000))).toEqual([null, null, null, 'http_503']);
    expect(outcomes(successes.select([result('http_503')], 1_000))).toEqual(['http_503']);
  });

  it('counts the successes beside failures, as those that break a row of failures', () => {
    const successes = new RecentSuccesses();
    const group = [result(null), result('http_503'), result(null), result(null, 'ep_b')];
    const selected = successes.select(group, 0);
    expect(outcomes(selected)).toEqual([null, 'http_503', null]);
    expect(selected.filter(({ errorCode }) => errorCode === null).every(({ isFailing }) => isFailing)).toBe(
      true,
    );
    expect(outcomes(successes.select(many(1), 30_000))).toEqual([null]);
    expect(outcomes(successes.select(many(1), 61_000))).toEqual([]);
  });

  it('forgets what is older than a window', () => {
    const successes = new RecentSuccesses();
    successes.select(many(3), 0);
    expect(outcomes(successes.select([result('http_503')], 61_000))).toEqual(['http_503']);
  });

  it('keeps endpoints apart', () => {
    const successes = new RecentSuccesses();
    successes.select(many(3, 'ep_b'), 0);
    expect(outcomes(successes.select([result('http_503')], 0))).toEqual(['http_503']);
  });
});
