import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  bucketsIn,
  FINEST_GRAIN,
  GRAINS,
  grainFor,
  MAX_BUCKETS,
  piecesOf,
  wholeSpan,
} from '../../src/domain/rollup-grain.ts';

const NOW = new Date('2030-06-15T12:34:56.789Z');
const DAY_MS = 86_400_000;
const agoMs = fc.integer({ min: 0, max: 390 * DAY_MS });
const span = fc
  .tuple(agoMs, agoMs)
  .filter(([a, b]) => a !== b)
  .map(([a, b]) => ({
    after: new Date(NOW.getTime() - Math.max(a, b)),
    before: new Date(NOW.getTime() - Math.min(a, b)),
  }));

describe('wholeSpan', () => {
  it('leaves nothing out and adds less than a stretch at each end', () => {
    fc.assert(
      fc.property(span, (asked) => {
        const whole = wholeSpan(asked, NOW);
        expect(whole.after.getTime()).toBeLessThanOrEqual(asked.after.getTime());
        expect(whole.before.getTime()).toBeGreaterThanOrEqual(asked.before.getTime());
        expect(asked.after.getTime() - whole.after.getTime()).toBeLessThan(DAY_MS);
        expect(whole.before.getTime() - asked.before.getTime()).toBeLessThan(DAY_MS);
      }),
    );
  });

  it.each([
    [0, '2030-06-15T12:34:00.000Z'],
    [3, '2030-06-12T12:30:00.000Z'],
    [15, '2030-05-31T12:00:00.000Z'],
    [101, '2030-03-06T00:00:00.000Z'],
  ])('begins with a stretch that is kept after %d days', (days, after) => {
    const asked = { after: new Date(NOW.getTime() - days * DAY_MS), before: NOW };
    expect(wholeSpan(asked, NOW).after.toISOString()).toBe(after);
  });
});

describe('piecesOf', () => {
  it('cuts a span into few pieces that meet, each of whole stretches of its grain', () => {
    fc.assert(
      fc.property(span, (asked) => {
        const whole = wholeSpan(asked, NOW);
        const pieces = piecesOf(whole, NOW);
        expect(pieces.length).toBeLessThanOrEqual(2 * GRAINS.length - 1);
        expect(pieces[0]?.after).toEqual(whole.after);
        expect(pieces.at(-1)?.before).toEqual(whole.before);
        for (const [index, { after, before, grain }] of pieces.entries()) {
          expect(after.getTime() % (grain * 1_000)).toBe(0);
          expect(before.getTime() % (grain * 1_000)).toBe(0);
          if (grain > FINEST_GRAIN) expect(before.getTime()).toBeLessThanOrEqual(NOW.getTime() - 180_000);
          if (index > 0) expect(after).toEqual(pieces[index - 1]?.before);
        }
      }),
    );
  });
});

describe('grainFor', () => {
  it.each([
    [1, 60],
    [24, 600],
    [7 * 24, 3_600],
    [30 * 24, 86_400],
  ])('shows %d hours by stretches of %d seconds', (hours, grain) => {
    const asked = { after: new Date(NOW.getTime() - hours * 3_600_000), before: NOW };
    expect(grainFor(asked, NOW)).toBe(grain);
    expect(bucketsIn(asked, grainFor(asked, NOW))).toBeLessThanOrEqual(MAX_BUCKETS);
  });

  it('shows an hour of long ago by what is kept of it', () => {
    const after = new Date(NOW.getTime() - 20 * DAY_MS);
    expect(grainFor({ after, before: new Date(after.getTime() + 3_600_000) }, NOW)).toBe(3_600);
  });
});
