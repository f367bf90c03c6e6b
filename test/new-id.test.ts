import { describe, expect, it, jest } from '@jest/globals';
import { createdAtOf, isId, newId } from '../src/new-id.ts';

/** More than the random bytes that are asked for at once are enough for. */
const MANY = 2_000;

describe('newId', () => {
  it('makes ids that rise, each of its own, with the time in them', () => {
    const before = Date.now();
    const ids = Array.from({ length: MANY }, () => newId('evt'));
    expect(ids.every((id) => isId('evt', id))).toBe(true);
    expect(new Set(ids).size).toBe(MANY);
    expect(ids.toSorted()).toEqual(ids);
    for (const id of ids) expect(createdAtOf('evt', id)).toBeGreaterThanOrEqual(before);
  });

  it('uses every digit at every random place', () => {
    const start = Date.now() + 60_000;
    jest.useFakeTimers({ now: start });
    const digits = Array.from({ length: 16 }, () => new Set<string>());
    for (let ms = 0; ms < MANY; ms += 1) {
      jest.setSystemTime(start + ms);
      for (const [place, digit] of [...newId('evt').slice(-16)].entries()) digits[place]?.add(digit);
    }
    jest.useRealTimers();
    expect(digits.map((seen) => seen.size)).toEqual(digits.map(() => 32));
  });
});
