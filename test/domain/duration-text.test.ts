import { describe, expect, it } from '@jest/globals';
import { durationText } from '../../src/domain/duration-text.ts';

describe('durationText', () => {
  it.each([
    [0, '0 ms'],
    [799.6, '800 ms'],
    [1_400, '1 s'],
    [60_000, '60 s'],
    [119_400, '119 s'],
    [120_000, '2 min'],
    [3_598_000, '59 min 58 s'],
    [7_200_000, '2 h'],
    [90_000_000, '1 d 1 h'],
    [604_800_000, '7 d'],
  ])('writes %d ms as %s', (durationMs, text) => {
    expect(durationText(durationMs)).toBe(text);
  });
});
