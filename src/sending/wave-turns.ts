import type { Room } from '../domain/places.ts';
import { type CustomerLine, shareOut, type Waiting } from '../domain/turns.ts';
import type { DueClaims, DueFound, DueTurn } from '../storage/claims/wave-claims.ts';

/** Something of an endpoint that is due. */
interface Due {
  /** From when on to look for it. */
  readonly since: number;
  /** When the first of it came due, as far as is known. */
  readonly oldest: number;
}

/** Null where nothing is known to be due. */
interface EndpointLine {
  live: Due | null;
  replayed: Due | null;
}

/** Whoever has waited for a lock or for its commit is found although others that came later have been taken. */
const OVERLAP_MS = 2_000;
/** Whose deliveries have been due for longer is behind. Others wait about so long at most while hundreds catch up. */
const BEHIND_MS = 500;
/** Or for a larger part of how long most of those wait who wait long: where all had to wait, a little is not behind. */
const BEHIND_PART = 1 / 4;
/** So few that wait for much longer than all others change nothing for these. */
const OUTLIERS = 1 / 10;
/** Operator's endpoints are those of one customer. */
type CustomerId = string | null;

/**
 * What a process knows to be due for waves: which endpoints of which customers have something, not what. Customers take
 * turns, and of each customer its endpoints. Two processes know the same things, each by itself, and claim what the
 * other has not.
 */
export class WaveTurns {
  /** In turn: whoever got something goes to the end. */
  readonly #customers = new Map<CustomerId, Map<string, EndpointLine>>();
  readonly #customerOf = new Map<string, CustomerId>();
  /** Of a place, by those who are behind. */
  #owedBehind = 0;

  /** Whether anything is known to be due. */
  get isWaiting(): boolean {
    return this.#customers.size > 0;
  }

  /** Takes note of endpoints that have something due. */
  noteDue(found: readonly DueFound[]): void {
    for (const { customerId, endpointId, priority, since } of found) {
      const line = this.#lineOf(endpointId, customerId);
      const list = listOf(priority);
      const known = line[list];
      line[list] = {
        since: Math.min(known?.since ?? since, since),
        oldest: Math.min(known?.oldest ?? since, since),
      };
    }
  }

  /** What to claim at this time by the database's clock, so many at most, given how many each endpoint may have. */
  next(limit: number, now: number, roomOf: (endpointId: string) => Room): readonly DueTurn[] {
    const behindSince = this.#behindSince(now);
    const lines = [...this.#customers.values()].map((endpoints) => lineIn(endpoints, behindSince, roomOf));
    const { shares, owedBehind } = shareOut(lines, limit, this.#owedBehind);
    this.#owedBehind = owedBehind;
    return shares.flatMap(({ endpointId, most }) => {
      const turn = this.#turnOf(endpointId, most);
      return turn === null ? [] : [turn];
    });
  }

  /** Whether `next` would name any, asked without dealing them out. */
  hasNext(limit: number, roomOf: (endpointId: string) => Room): boolean {
    if (limit <= 0) return false;
    for (const endpoints of this.#customers.values())
      for (const endpointId of endpoints.keys()) if (roomOf(endpointId).room > 0) return true;
    return false;
  }

  /**
   * Takes note of what became of turns: who got less than it might have has nothing left. Not so where the claim was
   * full: then who got nothing keeps its turn.
   */
  noteTaken(turns: readonly DueTurn[], { taken, isFull }: Pick<DueClaims, 'taken' | 'isFull'>): void {
    const byTurn = new Map(taken.map((one) => [keyOf(one), one]));
    for (const turn of turns) {
      const got = byTurn.get(keyOf(turn));
      if (got === undefined && isFull) continue;
      const isMore = got !== undefined && (isFull || got.count >= turn.most);
      this.#advance(
        turn,
        isMore ? { since: Math.max(turn.since, got.until - OVERLAP_MS), oldest: got.until } : null,
      );
    }
  }

  /** Who has waited since before this is behind. */
  #behindSince(now: number): number {
    const waits = Float64Array.from(
      [...this.#customers.values()].flatMap((endpoints) => [...endpoints.values()]),
      ({ live }) => now - (live?.oldest ?? now),
    ).sort();
    const long = waits.at(-1 - Math.floor(waits.length * OUTLIERS)) ?? 0;
    return now - Math.max(BEHIND_MS, long * BEHIND_PART);
  }

  #lineOf(endpointId: string, customerId: CustomerId): EndpointLine {
    const endpoints = this.#customers.get(customerId) ?? new Map<string, EndpointLine>();
    const line = endpoints.get(endpointId) ?? { live: null, replayed: null };
    endpoints.set(endpointId, line);
    this.#customers.set(customerId, endpoints);
    this.#customerOf.set(endpointId, customerId);
    return line;
  }

  #turnOf(endpointId: string, most: number): DueTurn | null {
    const line = this.#customers.get(this.#customerOf.get(endpointId) ?? null)?.get(endpointId);
    const due = line?.live ?? line?.replayed ?? null;
    if (due === null) return null;
    return { endpointId, priority: line?.live === null ? 1 : 0, since: due.since, most };
  }

  /** Moves the endpoint and its customer to the end of their lines, or out of them. */
  #advance({ endpointId, priority }: DueTurn, due: Due | null): void {
    const customerId = this.#customerOf.get(endpointId) ?? null;
    const endpoints = this.#customers.get(customerId);
    const line = endpoints?.get(endpointId);
    if (endpoints === undefined || line === undefined) return;
    line[listOf(priority)] = due;
    endpoints.delete(endpointId);
    this.#customers.delete(customerId);
    if (line.live !== null || line.replayed !== null) endpoints.set(endpointId, line);
    else this.#customerOf.delete(endpointId);
    if (endpoints.size > 0) this.#customers.set(customerId, endpoints);
  }
}

function lineIn(
  endpoints: ReadonlyMap<string, EndpointLine>,
  behindSince: number,
  roomOf: (endpointId: string) => Room,
): CustomerLine {
  const live: Waiting[] = [];
  const replayed: Waiting[] = [];
  for (const [endpointId, line] of endpoints) {
    const due = line.live ?? line.replayed;
    const isBehind = due !== null && due.oldest < behindSince;
    (line.live === null ? replayed : live).push({ endpointId, isBehind, ...roomOf(endpointId) });
  }
  return { live, replayed };
}

function listOf(priority: 0 | 1): keyof EndpointLine {
  return priority === 0 ? 'live' : 'replayed';
}

function keyOf({ endpointId, priority }: Pick<DueTurn, 'endpointId' | 'priority'>): string {
  return `${priority}/${endpointId}`;
}
