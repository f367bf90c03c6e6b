import { afterEach, describe, expect, it } from '@jest/globals';
import { type LanesStanding, LaneWatch } from '../../src/dispatch/lane-watch.ts';
import { createLogger } from '../../src/logger.ts';
import { eventually } from '../support/eventually.ts';

const WELL: LanesStanding = { isDrained: true, late: [], isWaiting: false };

let watch: LaneWatch;
afterEach(async () => await watch.close());

/** A watch over lanes that stand so; what it woke, and how often it looked. */
function watching(standing: () => LanesStanding): { readonly woken: number[]; looks(): number } {
  const woken: number[] = [];
  let looks = 0;
  watch = new LaneWatch({
    look: async () => {
      looks += 1;
      return standing();
    },
    wake: async (lane) => void woken.push(lane),
    logger: createLogger('silent'),
  });
  watch.start();
  return { woken, looks: () => looks };
}

describe('LaneWatch', () => {
  it.each([
    ['while the lanes are drained', WELL],
    ['where one of two lanes is late', { ...WELL, late: [0] }],
    ['where nothing rolls and nothing waits', { ...WELL, isDrained: false }],
  ])('wakes nobody %s', async (_when, standing) => {
    const { woken, looks } = watching(() => standing);
    await eventually(() => looks() >= 3);
    expect(woken).toEqual([]);
  });

  it('has spare lanes woken one after another, as a worker that hangs may be given the first', async () => {
    const { woken } = watching(() => ({ isDrained: false, late: [0], isWaiting: false }));
    await eventually(() => woken.length >= 2);
    expect(woken.slice(0, 2)).toEqual([1, 2]);
  });

  it('leaves out lanes that are late themselves', async () => {
    const { woken } = watching(() => ({ isDrained: false, late: [0, 1], isWaiting: false }));
    await eventually(() => woken.length >= 1);
    expect(woken[0]).toBe(2);
  });

  it('has a lane woken where something waits and no wave came', async () => {
    let standing: LanesStanding = { isDrained: false, late: [], isWaiting: true };
    const { woken, looks } = watching(() => standing);
    await eventually(() => woken.length >= 1);
    standing = WELL;
    const before = looks();
    await eventually(() => looks() >= before + 3);
    expect(woken).toEqual([1]);
  });

  it('goes on where a look fails', async () => {
    let fails = true;
    const { woken } = watching(() => {
      if (!fails) return { isDrained: false, late: [0], isWaiting: false };
      fails = false;
      throw new Error('Postgres is away');
    });
    await eventually(() => woken.length >= 1);
  });
});
