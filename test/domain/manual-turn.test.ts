import { describe, expect, it } from '@jest/globals';
import { turnWaitMs } from '../../src/domain/manual-turn.ts';

describe('turnWaitMs', () => {
  it('is what was told, and longer with each time, so that many who wait do not ask all at once', () => {
    const waits = [1, 2, 3, 6, 1_000].map((asked) => turnWaitMs({ waitMs: 700 }, asked));
    expect(waits).toEqual([700, 700, 1_000, 5_000, 5_000]);
    expect(turnWaitMs({ waitMs: 3_600_000 }, 9)).toBe(3_600_000);
  });
});
