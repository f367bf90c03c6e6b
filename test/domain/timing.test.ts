import { describe, expect, it } from '@jest/globals';
import { PRODUCTION_TIMING, TEST_TIMING, type Timing, timingFaults } from '../../src/domain/timing.ts';

describe('timingFaults', () => {
  it.each([
    ['production', PRODUCTION_TIMING],
    ['tests', TEST_TIMING],
  ])('finds nothing wrong with the times of %s', (_, timing) => {
    expect(timingFaults(timing)).toEqual([]);
  });

  it.each<readonly [keyof Timing, number]>([
    ['claimToPostMs', 8_000],
    ['steadyMs', 9_000],
    ['drainLookMs', 700],
    ['attemptHeartbeatMs', 6_000],
    ['drainLeaseMs', 5_000],
    ['believedMs', 14_000],
    ['patienceMs', 15_000],
    ['roundMs', 10_000],
    ['longestRecheckMs', 15_000],
  ])('tells where %s is %d', (name, value) => {
    expect(timingFaults({ ...PRODUCTION_TIMING, [name]: value })).toHaveLength(1);
  });
});

describe('TEST_TIMING', () => {
  it('is never slower than production', () => {
    for (const [name, value] of Object.entries(PRODUCTION_TIMING))
      expect({
        name,
        isFaster: Object.entries(TEST_TIMING).some(([other, ms]) => other === name && ms <= value),
      }).toEqual({ name, isFaster: true });
  });

  it('leaves alone what workflows read', () => {
    const { drainSilenceMs, attemptSilenceMs } = PRODUCTION_TIMING;
    expect(TEST_TIMING).toMatchObject({ drainSilenceMs, attemptSilenceMs });
  });
});
