import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  DEFAULT_RETRY_POLICY,
  maxRetriesOf,
  type RetryPolicy,
  retryDelayMs,
} from '../../src/domain/retry-schedule.ts';

const MIDDLE = 0.5;

describe('retryDelayMs', () => {
  const timed = { maxRetries: 5, initialMs: 1_000, factor: 3, maxMs: 20_000, jitter: 0 };
  const cases: readonly [name: string, policy: RetryPolicy, delays: readonly number[]][] = [
    [
      'grows by the factor up to the cap',
      { strategy: 'exponential', ...timed },
      [1_000, 3_000, 9_000, 20_000, 20_000],
    ],
    ['grows by the first delay', { strategy: 'linear', ...timed }, [1_000, 2_000, 3_000, 4_000, 5_000]],
    ['stays the same', { strategy: 'fixed', ...timed }, [1_000, 1_000, 1_000, 1_000, 1_000]],
    ['follows the list', { strategy: 'schedule', delaysMs: [100, 5_000], jitter: 0 }, [100, 5_000]],
    ['waits 10 s, 1 min and 6 min by default', DEFAULT_RETRY_POLICY, [10_000, 60_000, 360_000]],
  ];
  it.each(cases)('%s', (_, policy, delays) => {
    expect(delays.map((_delay, index) => retryDelayMs(policy, index + 1, MIDDLE))).toEqual(delays);
    expect(maxRetriesOf(policy)).toBe(delays.length);
  });

  it('stays within the jitter', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (random, jitter) => {
          const delay = retryDelayMs({ strategy: 'fixed', ...timed, jitter }, 1, random);
          expect(delay).toBeGreaterThanOrEqual(Math.floor(1_000 * (1 - jitter)));
          expect(delay).toBeLessThanOrEqual(Math.ceil(1_000 * (1 + jitter)));
        },
      ),
    );
  });
});
