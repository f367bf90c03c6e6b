import { describe, expect, it } from '@jest/globals';
import { SendsUnderWay } from '../../src/sending/sends-under-way.ts';

/** Sends that end when the test says so. */
class Sends {
  readonly underWay = new SendsUnderWay();
  readonly #open: { readonly endpointId: string; readonly end: (isSuccess: boolean) => void }[] = [];

  begin(endpointId: string, count = 1): void {
    for (let index = 0; index < count; index += 1) {
      this.underWay.begin({ endpointId }, async () => {
        return await new Promise<boolean>((end) => this.#open.push({ endpointId, end }));
      });
    }
  }

  /** Ends the oldest sends of an endpoint. */
  async end(endpointId: string, isSuccess: boolean, count = 1): Promise<void> {
    for (const send of this.#open.filter((one) => one.endpointId === endpointId).slice(0, count)) {
      this.#open.splice(this.#open.indexOf(send), 1);
      send.end(isSuccess);
    }
    await new Promise((resolve) => setImmediate(resolve));
  }

  /** What the endpoint may get now, if it is known; `null` where the usual. */
  roomOf(endpointId: string): number | null {
    return this.underWay.room().rooms.find((one) => one.endpointId === endpointId)?.room ?? null;
  }
}

describe('SendsUnderWay', () => {
  it('gives endpoints that nobody knows the usual room', () => {
    expect(new SendsUnderWay().room()).toEqual({ limit: 200, usualRoom: 8, rooms: [], aside: [] });
  });

  it('takes what is under way off the room', async () => {
    const sends = new Sends();
    sends.begin('ep_a', 3);
    expect(sends.roomOf('ep_a')).toBe(5);
    expect(sends.underWay.count).toBe(3);
    await sends.end('ep_a', true);
    expect(sends.underWay.count).toBe(2);
  });

  it('widens the window of an endpoint that takes all it gets, and not of one that gets little', async () => {
    const sends = new Sends();
    sends.begin('ep_a', 8);
    await sends.end('ep_a', true, 8);
    sends.begin('ep_a');
    expect(sends.roomOf('ep_a')).toBeGreaterThan(8);
    for (let index = 0; index < 100; index += 1) {
      sends.begin('ep_b');
      await sends.end('ep_b', true);
    }
    sends.begin('ep_b');
    expect(sends.roomOf('ep_b')).toBe(7);
  });

  it('halves the window of an endpoint that keeps failing, once a round, and remembers it', async () => {
    const sends = new Sends();
    for (let round = 0; round < 2; round += 1) {
      sends.begin('ep_a', 8);
      await sends.end('ep_a', false, 8);
    }
    sends.begin('ep_a');
    expect(sends.roomOf('ep_a')).toBe(3);
    await sends.end('ep_a', false);
    sends.begin('ep_a');
    expect(sends.roomOf('ep_a')).toBe(1);
  });

  it('begins with one at a time where it is told to', () => {
    const sends = new Sends();
    sends.underWay.restart('ep_a');
    sends.begin('ep_a');
    expect(sends.underWay.roomOf('ep_a')).toBe(0);
  });

  it('never has more under way than there are places', async () => {
    const sends = new Sends();
    sends.begin('ep_a', 900);
    expect(sends.underWay.room().limit).toBe(100);
    sends.begin('ep_b', 100);
    expect(sends.underWay.room().limit).toBe(0);
    expect(sends.underWay.isFull).toBe(true);
    await sends.end('ep_b', true);
    expect(sends.underWay.isFull).toBe(false);
  });

  it('lets what stands aside go first, within the window', () => {
    const sends = new Sends();
    sends.begin('ep_a', 3);
    sends.underWay.noteCrowded(['ep_a', 'ep_b']);
    expect(sends.underWay.room()).toMatchObject({
      rooms: [
        { endpointId: 'ep_a', room: 0 },
        { endpointId: 'ep_b', room: 0 },
      ],
      aside: [
        { endpointId: 'ep_a', room: 5 },
        { endpointId: 'ep_b', room: 8 },
      ],
    });
    expect(sends.underWay.isCrowded).toBe(true);
    sends.underWay.resetCrowded(['ep_b']);
    expect(sends.roomOf('ep_a')).toBe(5);
    sends.underWay.resetCrowded([]);
    expect(sends.underWay.isCrowded).toBe(false);
  });

  it('keeps places free of what stood aside', () => {
    const sends = new Sends();
    sends.begin('ep_a', 750);
    sends.underWay.noteCrowded(['ep_b']);
    expect(sends.underWay.room()).toMatchObject({ limit: 200, aside: [] });
  });

  it('lets endpoints take turns where places are few', () => {
    const sends = new Sends();
    sends.begin('ep_full', 740);
    sends.underWay.noteCrowded(['ep_a', 'ep_b', 'ep_c']);
    const turn = (): readonly string[] => sends.underWay.room().aside.map((one) => one.endpointId);
    expect([turn(), turn(), turn()]).toEqual([
      ['ep_a', 'ep_b'],
      ['ep_c', 'ep_a'],
      ['ep_b', 'ep_c'],
    ]);
  });

  it('forgets endpoints with nothing under way once there are very many', async () => {
    const sends = new Sends();
    for (let round = 0; round < 2; round += 1) {
      sends.begin('ep_failed', 8);
      await sends.end('ep_failed', false, 8);
    }
    sends.begin('ep_busy');
    sends.underWay.resetCrowded([]);
    expect(sends.roomOf('ep_failed')).toBe(4);
    sends.underWay.noteCrowded(Array.from({ length: 10_000 }, (_, index) => `ep_${index}`));
    sends.underWay.resetCrowded(['ep_7']);
    expect(sends.underWay.room().rooms.map((one) => one.endpointId)).toEqual(['ep_busy', 'ep_7']);
  });

  it('tells when one has ended, and when all have', async () => {
    const sends = new Sends();
    sends.begin('ep_a', 2);
    const told: string[] = [];
    void sends.underWay.untilOneEnds().then(() => told.push('one'));
    void sends.underWay.untilIdle().then(() => told.push('all'));
    await sends.end('ep_a', true);
    expect(told).toEqual(['one']);
    sends.begin('ep_b');
    await sends.end('ep_a', true);
    expect(told).toEqual(['one']);
    await sends.end('ep_b', false);
    expect(told).toEqual(['one', 'all']);
  });

  it('tells everybody who waits for room that a send has ended', async () => {
    const sends = new Sends();
    sends.begin('ep_a');
    const waiting = [sends.underWay.untilOneEnds(), sends.underWay.untilOneEnds()];
    await sends.end('ep_a', true);
    expect(await Promise.all(waiting)).toHaveLength(2);
  });
});
