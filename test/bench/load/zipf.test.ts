import { describe, expect, it } from '@jest/globals';
import { createZipf } from '../../../bench/load/zipf.ts';
import { seededRandom } from '../../support/seeded-random.ts';

const DRAWS = 100_000;

describe('createZipf', () => {
  it('draws each number as often as its rank says', () => {
    const draw = createZipf(200, seededRandom(1));
    const times = new Map<number, number>();
    for (let index = 0; index < DRAWS; index += 1) {
      const drawn = draw();
      times.set(drawn, (times.get(drawn) ?? 0) + 1);
    }
    const first = times.get(0) ?? 0;
    expect(first / DRAWS).toBeCloseTo(0.17, 2);
    expect((times.get(1) ?? 0) / first).toBeCloseTo(1 / 2, 1);
    expect((times.get(9) ?? 0) / first).toBeCloseTo(1 / 10, 1);
    expect(times.size).toBe(200);
    expect([...times.keys()].every((drawn) => drawn >= 0 && drawn < 200)).toBe(true);
  });

  it('reaches the first and the last', () => {
    expect(createZipf(7, () => 0)()).toBe(0);
    expect(createZipf(7, () => 1 - Number.EPSILON)()).toBe(6);
    expect(createZipf(1, () => 0.5)()).toBe(0);
  });
});
