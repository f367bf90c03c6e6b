import { describe, expect, it } from '@jest/globals';
import { createRefusals } from '../../../bench/measure/refusals.ts';

describe('createRefusals', () => {
  it('keeps to one behaviour', () => {
    for (const behaviour of ['answer', 'hang', 'refuse'] as const) {
      const decide = createRefusals(behaviour);
      expect([1, 2, 1].map(decide)).toEqual([behaviour, behaviour, behaviour]);
    }
  });

  it.each([
    [0, 0],
    [0.03, 30],
    [0.3, 300],
    [1, 1_000],
  ])('refuses the share %d of first attempts', (refuseFirst, expected) => {
    const decide = createRefusals({ refuseFirst });
    const verdicts = Array.from({ length: 1_000 }, () => decide(1));
    expect(verdicts.filter((verdict) => verdict === 'refuse')).toHaveLength(expected);
  });

  it('accepts every attempt but the first', () => {
    const decide = createRefusals({ refuseFirst: 1 });
    expect([decide(2), decide(3), decide(1)]).toEqual(['answer', 'answer', 'refuse']);
  });

  it('leaves a share of first attempts hanging, whatever the share that it refuses', () => {
    const decide = createRefusals({ refuseFirst: 0.02, hangFirst: 0.005 });
    const verdicts = Array.from({ length: 1_000 }, () => decide(1));
    expect(verdicts.filter((verdict) => verdict === 'hang')).toHaveLength(5);
    expect(verdicts.filter((verdict) => verdict === 'refuse')).toHaveLength(19);
    expect(decide(2)).toBe('answer');
  });
});
