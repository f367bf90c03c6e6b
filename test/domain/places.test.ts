import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  IN_FLIGHT_MOST,
  IN_FLIGHT_START,
  initialWindow,
  onAnswer,
  onSuccess,
} from '../../src/domain/in-flight-window.ts';
import { type EndpointInFlight, placesIn, roomIn } from '../../src/domain/places.ts';

const UNPROVEN = initialWindow({ start: IN_FLIGHT_START, most: IN_FLIGHT_MOST });
const FAST = onSuccess(onAnswer(UNPROVEN, 20));
const SLOW = onSuccess(onAnswer(UNPROVEN, 20_000));

function endpoint(part: Partial<EndpointInFlight> = {}): EndpointInFlight {
  return { window: UNPROVEN, underWay: 0, oldestMs: 0, ...part };
}

describe('roomIn', () => {
  const cases: readonly (readonly [string, number, EndpointInFlight, number])[] = [
    ['gives one that nobody knows its window while much is free', 0, endpoint(), 8],
    ['takes what is under way off', 0, endpoint({ underWay: 3 }), 5],
    ['gives it less the fewer places are free', 700, endpoint(), 4],
    ['gives it one where few are', 890, endpoint(), 1],
    ['gives it none where only those kept for fast ones are', 900, endpoint(), 0],
    ['gives one that answers fast its window even then', 900, endpoint({ window: FAST }), 9],
    ['gives it what there is', 997, endpoint({ window: FAST }), 3],
    ['gives nobody more than there is', 1_000, endpoint({ window: FAST }), 0],
    ['keeps places from one that answers late', 750, endpoint({ window: SLOW }), 0],
    ['lets it have its window otherwise', 100, endpoint({ window: SLOW, underWay: 4, oldestMs: 19_000 }), 5],
    ['gives one that keeps us waiting half of its window', 0, endpoint({ oldestMs: 1_500, underWay: 2 }), 2],
    ['then one at a time', 0, endpoint({ oldestMs: 9_000, underWay: 1 }), 0],
    [
      'lets one that was fast and hangs now have no place of fast ones',
      750,
      endpoint({ window: FAST, oldestMs: 1_500 }),
      0,
    ],
  ];

  it.each(cases)('%s', (_what, taken, one, room) => {
    expect(roomIn({ most: 1_000, taken }, one).room).toBe(room);
  });

  it('never gives more than is free, and always one to a fast endpoint with nothing under way while any is', () => {
    const drawn = [fc.integer({ min: 10, max: 5_000 }), fc.nat({ max: 5_000 }), fc.nat({ max: 40 })] as const;
    fc.assert(
      fc.property(...drawn, (most, taken, underWay) => {
        for (const window of [UNPROVEN, FAST, SLOW]) {
          const { room, within } = roomIn({ most, taken }, endpoint({ window, underWay }));
          expect(room).toBeLessThanOrEqual(within);
          expect(within).toBeLessThanOrEqual(Math.max(0, most - taken));
        }
        const fast = roomIn({ most, taken }, endpoint({ window: FAST }));
        expect(fast.room > 0).toBe(taken < most);
      }),
    );
  });
});

describe('placesIn', () => {
  it.each([
    [2 ** 28, 500],
    [2 ** 31, 2_048],
    [2 ** 38, 4_000],
  ])('of %i bytes are %i', (memoryBytes, places) => {
    expect(placesIn(memoryBytes)).toBe(places);
  });
});
