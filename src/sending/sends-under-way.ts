import { LEAST_YOUNG, nextPace } from '../domain/begin-pace.ts';
import {
  IN_FLIGHT_MOST,
  IN_FLIGHT_START,
  type InFlightWindow,
  initialWindow,
  onAnswer,
  onFailure,
  onSuccess,
  SLOW_START,
} from '../domain/in-flight-window.ts';
import { placesFor, type Room, roomIn } from '../domain/places.ts';
import { requestSlots, requestsInFlight } from '../metrics/worker-metrics.ts';
import { type Claim, payloadBytesOf } from '../storage/claims/claim.ts';

/** What has to be known of a claim. */
type Sendable = Pick<Claim, 'endpointId' | 'dataText'>;

interface EndpointSends {
  window: InFlightWindow;
  /** When each of those began that have no answer yet, the oldest first. */
  readonly underWay: Map<symbol, number>;
  /** How many were answered, which is still to be recorded: that takes as long as this process has others to record. */
  recording: number;
  /** For whoever waits until one of them ends. */
  nextEnd: NextEnd | null;
}

interface NextEnd {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
}

/** Hears of a send's answer: whether the receiver took it. Once is enough. */
export type OnAnswered = (isSuccess: boolean) => void;

/** Most deliveries of one claim, so that the first of them are not kept waiting by the rest. */
const MOST_AT_ONCE = 200;
const LEAST_AT_ONCE = 8;
/** A send keeps the process busy at its beginning; later it mostly waits for its receiver. */
const YOUNG_MS = 250;
/** Windows of endpoints with nothing under way are remembered up to this many. */
const MOST_REMEMBERED = 10_000;

/**
 * The sends that this process has under way, whoever claimed them, and each endpoint's in-flight window: it starts
 * small, grows on success and shrinks while the endpoint fails or keeps us waiting, so that one that hangs gets few
 * requests and holds nobody up.
 */
export class SendsUnderWay {
  /** Those heard of longest ago first. */
  readonly #endpoints = new Map<string, EndpointSends>();
  readonly #running = new Set<Promise<void>>();
  /** Places that those take. */
  #taken = 0;
  /** When those began that did so a moment ago, the oldest first. */
  readonly #young = new Map<symbol, number>();
  #mostYoung = LEAST_YOUNG;
  readonly #most: number;
  /** Whether a wave drains in this process now. */
  isDraining = false;

  /** @param maxInFlight sends that may be under way at a time, which is a matter of memory: sockets and payloads */
  constructor(maxInFlight: number) {
    this.#most = maxInFlight;
    for (const kind of ['wave', 'deliver']) requestSlots.set({ kind }, maxInFlight);
  }

  get count(): number {
    return this.#running.size;
  }

  /** Runs the send of what was claimed, which says when it has an answer, and ends when that is recorded. */
  begin(outgoing: readonly [Sendable, ...Sendable[]], send: (onAnswered: OnAnswered) => Promise<void>): void {
    const endpoint = this.#endpoint(outgoing[0].endpointId);
    const places = placesFor(payloadBytesOf(outgoing));
    const startedAt = performance.now();
    const self = Symbol();
    endpoint.underWay.set(self, startedAt);
    this.#young.set(self, startedAt);
    const onAnswered = (isSuccess: boolean): void => {
      if (!endpoint.underWay.has(self)) return;
      const now = performance.now();
      const answered = onAnswer(endpoint.window, now - startedAt);
      endpoint.window = isSuccess
        ? onSuccess(answered, { inFlight: endpoint.underWay.size })
        : onFailure(answered, { startedAt, now });
      endpoint.underWay.delete(self);
      endpoint.recording += 1;
    };
    const run = send(onAnswered).then(() => {
      onAnswered(false);
      endpoint.recording -= 1;
      this.#young.delete(self);
      this.#running.delete(run);
      this.#taken -= places;
      requestsInFlight.dec({ kind: 'wave' }, places);
      endpoint.nextEnd?.resolve();
      endpoint.nextEnd = null;
    });
    this.#running.add(run);
    this.#taken += places;
    requestsInFlight.inc({ kind: 'wave' }, places);
    this.#forgetSome();
  }

  /** How many sends may be begun now, of whatever endpoints. */
  get free(): number {
    return Math.max(0, Math.min(this.#most - this.#taken, MOST_AT_ONCE, this.#freeOfYoung));
  }

  /** Takes note of how long the event loop took for a turn: what waits for it needs no more beside it. */
  notePace(turnMs: number): void {
    this.#mostYoung = nextPace(this.#mostYoung, { young: this.#countYoung(), turnMs });
  }

  /** How many more sends one endpoint may have unanswered now, and how many those that answer like it. */
  roomOf(endpointId: string): Room {
    const known = this.#endpoints.get(endpointId);
    const places = { most: this.#most, taken: this.#taken };
    if (known === undefined) return roomIn(places, NOBODY_KNOWS);
    const [oldest] = known.underWay.values();
    const oldestMs = oldest === undefined ? 0 : performance.now() - oldest;
    const { window, underWay } = known;
    return roomIn(places, { window, underWay: underWay.size, oldestMs });
  }

  /** Begins anew with one send at a time, for an endpoint that comes back. */
  restart(endpointId: string): void {
    this.#endpoint(endpointId).window = initialWindow({ start: SLOW_START, most: IN_FLIGHT_MOST });
  }

  /** How many sends to one endpoint are under way or not recorded yet. */
  countOf(endpointId: string): number {
    const known = this.#endpoints.get(endpointId);
    return known === undefined ? 0 : countIn(known);
  }

  /** Until a send to the endpoint has ended and is recorded, whichever. */
  async untilOneEnds(endpointId: string): Promise<void> {
    const endpoint = this.#endpoint(endpointId);
    endpoint.nextEnd ??= createNextEnd();
    await endpoint.nextEnd.promise;
  }

  /** Until every send has ended and is recorded. */
  async untilIdle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  /** Gates look to their own rules, so what they send must not leave waves without any. */
  get #freeOfYoung(): number {
    return Math.max(LEAST_AT_ONCE, this.#mostYoung - this.#countYoung());
  }

  #countYoung(): number {
    const since = performance.now() - YOUNG_MS;
    for (const [send, startedAt] of this.#young) {
      if (startedAt > since) break;
      this.#young.delete(send);
    }
    return this.#young.size;
  }

  #endpoint(id: string): EndpointSends {
    const known = this.#endpoints.get(id);
    if (known !== undefined) return known;
    const fresh: EndpointSends = {
      window: NOBODY_KNOWS.window,
      underWay: new Map(),
      recording: 0,
      nextEnd: null,
    };
    this.#endpoints.set(id, fresh);
    return fresh;
  }

  #forgetSome(): void {
    if (this.#endpoints.size <= MOST_REMEMBERED) return;
    for (const [id, sends] of this.#endpoints) if (countIn(sends) === 0) this.#endpoints.delete(id);
  }
}

const NOBODY_KNOWS = {
  window: initialWindow({ start: IN_FLIGHT_START, most: IN_FLIGHT_MOST }),
  underWay: 0,
  oldestMs: 0,
};

function countIn({ underWay, recording }: EndpointSends): number {
  return underWay.size + recording;
}

function createNextEnd(): NextEnd {
  let resolve = (): void => {};
  const promise = new Promise<void>((end) => {
    resolve = end;
  });
  return { promise, resolve };
}
