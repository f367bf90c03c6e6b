import {
  IN_FLIGHT_MOST,
  IN_FLIGHT_START,
  type InFlightWindow,
  initialWindow,
  onFailure,
  onSuccess,
  SLOW_START,
} from '../domain/in-flight-window.ts';
import type { Claim } from '../storage/claims/claim.ts';
import type { EndpointRoom } from '../storage/claims/wave-claims.ts';

interface EndpointSends {
  window: InFlightWindow;
  underWay: number;
  /** Whether deliveries of it may stand aside. */
  isCrowded: boolean;
}

interface NextEnd {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
}

/** What may be claimed now, for a `DueRequest`. */
export interface Room {
  readonly limit: number;
  readonly usualRoom: number;
  readonly rooms: readonly EndpointRoom[];
  readonly aside: readonly EndpointRoom[];
}

/** Sockets and payloads that one process holds at a time, at most. */
const MOST_UNDER_WAY = 1_000;
/** Kept free of what stood aside, so that a delivery of an endpoint that is well always finds room. */
const RESERVED = 250;
/** Most deliveries of one claim, so that the first of them are not kept waiting by the rest. */
const MOST_AT_ONCE = 200;
/** Windows of endpoints with nothing under way are remembered up to this many. */
const MOST_REMEMBERED = 10_000;

/**
 * The sends that this process has under way, whoever claimed them, and each endpoint's in-flight window: it starts small, grows
 * on success and halves on failure, so that an endpoint that hangs gets few requests and holds nobody up.
 */
export class SendsUnderWay {
  readonly #endpoints = new Map<string, EndpointSends>();
  readonly #running = new Set<Promise<void>>();
  /** Shared by all drains that wait for room. */
  #nextEnd: NextEnd | null = null;
  /** Whether a wave drains in this process now. */
  isDraining = false;

  get count(): number {
    return this.#running.size;
  }

  /** Runs the send of a claim, which tells whether the receiver took it. */
  begin(claim: Pick<Claim, 'endpointId'>, send: () => Promise<boolean>): void {
    const endpoint = this.#endpoint(claim.endpointId);
    endpoint.underWay += 1;
    const startedAt = performance.now();
    const run = send().then((isSuccess) => {
      endpoint.window = isSuccess
        ? onSuccess(endpoint.window, { inFlight: endpoint.underWay })
        : onFailure(endpoint.window, { startedAt, now: performance.now() });
      endpoint.underWay -= 1;
      this.#running.delete(run);
      this.#nextEnd?.resolve();
      this.#nextEnd = null;
    });
    this.#running.add(run);
  }

  /** What a claim may take now. */
  room(): Room {
    const free = MOST_UNDER_WAY - this.#running.size;
    return {
      limit: Math.max(0, Math.min(free, MOST_AT_ONCE)),
      usualRoom: IN_FLIGHT_START,
      rooms: this.#knownRooms(),
      aside: this.#roomsAside(free - RESERVED),
    };
  }

  /** How many more sends one endpoint may have under way now. */
  roomOf(endpointId: string): number {
    const free = MOST_UNDER_WAY - RESERVED - this.#running.size;
    return Math.max(0, Math.min(roomOf(this.#endpoint(endpointId)), free, MOST_AT_ONCE));
  }

  /** Begins anew with one send at a time, for an endpoint that comes back. */
  restart(endpointId: string): void {
    this.#endpoint(endpointId).window = initialWindow({ start: SLOW_START, most: IN_FLIGHT_MOST });
  }

  /** How many sends to one endpoint are under way. */
  countOf(endpointId: string): number {
    return this.#endpoints.get(endpointId)?.underWay ?? 0;
  }

  /** Notes endpoints of which deliveries were set aside: from now on those come first. */
  noteCrowded(endpointIds: Iterable<string>): void {
    for (const id of endpointIds) this.#endpoint(id).isCrowded = true;
  }

  /** Notes what all that stands aside belongs to, and to whom nothing does any more. */
  resetCrowded(endpointIds: readonly string[]): void {
    for (const endpoint of this.#endpoints.values()) endpoint.isCrowded = false;
    this.noteCrowded(endpointIds);
    this.#forgetSome();
  }

  /** Whether deliveries of any endpoint may stand aside. */
  get isCrowded(): boolean {
    for (const endpoint of this.#endpoints.values()) if (endpoint.isCrowded) return true;
    return false;
  }

  /** Whether every place is taken, so that nothing can be claimed. */
  get isFull(): boolean {
    return this.#running.size >= MOST_UNDER_WAY;
  }

  /** Until a send has ended, whichever. */
  async untilOneEnds(): Promise<void> {
    this.#nextEnd ??= createNextEnd();
    await this.#nextEnd.promise;
  }

  /** Until every send has ended and is recorded. */
  async untilIdle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  #endpoint(id: string): EndpointSends {
    const known = this.#endpoints.get(id);
    if (known !== undefined) return known;
    const fresh = {
      window: initialWindow({ start: IN_FLIGHT_START, most: IN_FLIGHT_MOST }),
      underWay: 0,
      isCrowded: false,
    };
    this.#endpoints.set(id, fresh);
    return fresh;
  }

  /** What stands aside goes first, or a stream of new deliveries would overtake it for ever. */
  #knownRooms(): readonly EndpointRoom[] {
    return [...this.#endpoints]
      .filter(
        ([, { isCrowded, underWay, window }]) => isCrowded || underWay > 0 || window.limit < IN_FLIGHT_START,
      )
      .map(([endpointId, endpoint]) => ({ endpointId, room: endpoint.isCrowded ? 0 : roomOf(endpoint) }));
  }

  /** Those that got something go to the end of the line. */
  #roomsAside(free: number): readonly EndpointRoom[] {
    const rooms: EndpointRoom[] = [];
    let left = free;
    for (const [endpointId, endpoint] of [...this.#endpoints]) {
      const room = Math.min(roomOf(endpoint), left);
      if (!endpoint.isCrowded || room <= 0) continue;
      rooms.push({ endpointId, room });
      left -= room;
      this.#endpoints.delete(endpointId);
      this.#endpoints.set(endpointId, endpoint);
    }
    return rooms;
  }

  #forgetSome(): void {
    if (this.#endpoints.size <= MOST_REMEMBERED) return;
    for (const [id, endpoint] of this.#endpoints) {
      if (endpoint.underWay === 0 && !endpoint.isCrowded) this.#endpoints.delete(id);
    }
  }
}

function roomOf({ window, underWay }: EndpointSends): number {
  return Math.max(0, window.limit - underWay);
}

function createNextEnd(): NextEnd {
  let resolve = (): void => {};
  const promise = new Promise<void>((end) => {
    resolve = end;
  });
  return { promise, resolve };
}
