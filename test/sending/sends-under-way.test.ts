import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { requestsInFlight } from '../../src/metrics/worker-metrics.ts';
import { type OnAnswered, SendsUnderWay } from '../../src/sending/sends-under-way.ts';

const PLACES = 1_000;

interface OpenSend {
  readonly endpointId: string;
  readonly answer: OnAnswered;
  readonly end: () => void;
}

/** Sends that are answered and end when the test says so. */
class Sends {
  readonly underWay = new SendsUnderWay(PLACES);
  readonly #open: OpenSend[] = [];

  begin(endpointId: string, count = 1, dataText = '{}'): void {
    for (let index = 0; index < count; index += 1) {
      this.underWay.begin([{ endpointId, dataText }], async (answer) => {
        await new Promise<void>((end) => this.#open.push({ endpointId, answer, end }));
      });
    }
  }

  /** Ends the oldest sends of an endpoint. */
  async end(endpointId: string, isSuccess: boolean, count = 1): Promise<void> {
    for (const send of this.#open.filter((one) => one.endpointId === endpointId).slice(0, count)) {
      this.#open.splice(this.#open.indexOf(send), 1);
      send.answer(isSuccess);
      send.end();
    }
    await new Promise((resolve) => setImmediate(resolve));
  }

  /** Answers the oldest sends of an endpoint, whose records take for ever. */
  answer(endpointId: string, count: number): void {
    for (const send of this.#open.filter((one) => one.endpointId === endpointId).slice(0, count))
      send.answer(true);
  }

  roomOf(endpointId: string): number {
    return this.underWay.roomOf(endpointId).room;
  }
}

/** Places that are taken, as Prometheus is told. */
async function placesShown(): Promise<number> {
  const { values } = await requestsInFlight.get();
  return values.find(({ labels }) => labels.kind === 'wave')?.value ?? 0;
}

function letTimePass(ms: number): void {
  const now = performance.now() + ms;
  jest.spyOn(performance, 'now').mockReturnValue(now);
}

afterEach(() => {
  jest.restoreAllMocks();
});

describe('SendsUnderWay', () => {
  it('gives endpoints that nobody knows the usual room', () => {
    const sends = new Sends();
    expect([sends.underWay.free, sends.roomOf('ep_new')]).toEqual([64, 8]);
  });

  it('takes what is under way off the room', async () => {
    const sends = new Sends();
    sends.begin('ep_a', 3);
    expect([sends.roomOf('ep_a'), sends.underWay.countOf('ep_a')]).toEqual([5, 3]);
    expect(sends.underWay.count).toBe(3);
    await sends.end('ep_a', true);
    expect(sends.underWay.count).toBe(2);
  });

  it('does not hold against an endpoint how long its answers take to be recorded', () => {
    const sends = new Sends();
    sends.begin('ep_a', 8);
    sends.answer('ep_a', 8);
    letTimePass(30_000);
    expect(sends.roomOf('ep_a')).toBeGreaterThan(8);
    expect([sends.underWay.count, sends.underWay.countOf('ep_a')]).toEqual([8, 8]);
  });

  it('takes a send that ended without an answer for a failure', async () => {
    const underWay = new SendsUnderWay(PLACES);
    for (let count = 0; count < 20; count += 1)
      underWay.begin([{ endpointId: 'ep_a', dataText: '' }], async () => {});
    await underWay.untilIdle();
    expect(underWay.roomOf('ep_a').room).toBeLessThan(8);
  });

  it('widens the window of an endpoint that takes all it gets, and not of one that gets little', async () => {
    const sends = new Sends();
    sends.begin('ep_a', 8);
    await sends.end('ep_a', true, 8);
    expect(sends.roomOf('ep_a')).toBeGreaterThan(8);
    for (let index = 0; index < 100; index += 1) {
      sends.begin('ep_b');
      await sends.end('ep_b', true);
    }
    expect(sends.roomOf('ep_b')).toBe(8);
  });

  it('halves the window of an endpoint that keeps failing, once a round, and remembers it', async () => {
    const sends = new Sends();
    for (let round = 0; round < 2; round += 1) {
      sends.begin('ep_a', 8);
      await sends.end('ep_a', false, 8);
    }
    expect(sends.roomOf('ep_a')).toBe(4);
    sends.begin('ep_a');
    await sends.end('ep_a', false);
    expect(sends.roomOf('ep_a')).toBe(2);
  });

  it('gives fewer to an endpoint the longer it keeps us waiting, and its window again once it answers', async () => {
    const sends = new Sends();
    sends.begin('ep_a', 2);
    letTimePass(1_500);
    expect(sends.roomOf('ep_a')).toBe(2);
    letTimePass(1_500);
    expect(sends.roomOf('ep_a')).toBe(0);
    await sends.end('ep_a', true, 2);
    expect(sends.roomOf('ep_a')).toBeGreaterThanOrEqual(8);
  });

  it('begins with one at a time where it is told to', () => {
    const sends = new Sends();
    sends.underWay.restart('ep_a');
    expect(sends.roomOf('ep_a')).toBe(1);
    sends.begin('ep_a');
    expect(sends.roomOf('ep_a')).toBe(0);
  });

  it('keeps places for endpoints that answer fast, and never has more under way than there are', async () => {
    const sends = new Sends();
    sends.begin('ep_fast');
    await sends.end('ep_fast', true);
    sends.begin('ep_hanging', 900);
    expect([sends.roomOf('ep_new'), sends.roomOf('ep_hanging'), sends.roomOf('ep_fast')]).toEqual([0, 0, 8]);
    sends.begin('ep_other', 97);
    letTimePass(500);
    expect([sends.underWay.free, sends.roomOf('ep_fast')]).toEqual([3, 3]);
    sends.begin('ep_other', 3);
    expect([sends.underWay.free, sends.roomOf('ep_fast')]).toEqual([0, 0]);
    await sends.end('ep_other', true);
    expect(sends.underWay.free).toBe(1);
  });

  it('counts a large payload as several places, so that what is in memory is bounded', async () => {
    const sends = new Sends();
    const large = 'x'.repeat(5 * 2 ** 20);
    const before = await placesShown();
    sends.begin('ep_a', 24, large);
    letTimePass(300);
    expect([sends.underWay.free, sends.roomOf('ep_new')]).toEqual([40, 0]);
    sends.begin('ep_a', 1, large);
    expect([sends.underWay.free, sends.underWay.count]).toEqual([0, 25]);
    expect((await placesShown()) - before).toBe(1_000);
    await sends.end('ep_a', true, 25);
    letTimePass(300);
    expect(sends.underWay.free).toBe(64);
  });

  it('counts all payloads of a batch', async () => {
    const { underWay } = new Sends();
    const member = { endpointId: 'ep_a', dataText: 'ü'.repeat(2 ** 20) };
    const hanging = new Promise<void>(() => {});
    for (let batch = 0; batch < 20; batch += 1)
      underWay.begin([member, member, member], async () => await hanging);
    letTimePass(300);
    expect(underWay.free).toBe(1_000 - 20 * 48);
  });

  it('lets no more begin at a time than the process can do, and more as that turns out well', async () => {
    const sends = new Sends();
    sends.begin('ep_a', 50);
    expect(sends.underWay.free).toBe(14);
    sends.begin('ep_a', 10);
    expect(sends.underWay.free).toBe(8);
    sends.underWay.notePace(1);
    expect(sends.underWay.free).toBe(20);
    sends.underWay.notePace(90);
    expect(sends.underWay.free).toBe(12);
    letTimePass(300);
    expect(sends.underWay.free).toBe(72);
    await sends.end('ep_a', true, 60);
    expect(sends.underWay.free).toBe(72);
  });

  it('forgets endpoints with nothing under way once there are very many', async () => {
    const sends = new Sends();
    for (let round = 0; round < 2; round += 1) {
      sends.begin('ep_failed', 8);
      await sends.end('ep_failed', false, 8);
    }
    expect(sends.roomOf('ep_failed')).toBe(4);
    for (let index = 0; index < 10_000; index += 1) sends.underWay.restart(`ep_${index}`);
    sends.begin('ep_busy');
    expect([sends.roomOf('ep_failed'), sends.roomOf('ep_busy')]).toEqual([8, 7]);
  });

  it('tells when one has ended, and when all have', async () => {
    const sends = new Sends();
    sends.begin('ep_a', 2);
    const told: string[] = [];
    void sends.underWay.untilOneEnds('ep_a').then(() => told.push('one'));
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
    const waiting = [sends.underWay.untilOneEnds('ep_a'), sends.underWay.untilOneEnds('ep_a')];
    await sends.end('ep_a', true);
    expect(await Promise.all(waiting)).toHaveLength(2);
  });
});
