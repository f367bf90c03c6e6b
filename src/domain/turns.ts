/** An endpoint with something due, and how much of it may be sent now. */
export interface Waiting {
  readonly endpointId: string;
  readonly room: number;
  /** It gets nothing more once so many places have been dealt out to whomever: the rest is kept for others. */
  readonly within: number;
  /** What it has waiting has waited for long, whatever the reason: its turn comes after those who keep up. */
  readonly isBehind: boolean;
}

/**
 * The waiting endpoints of one customer, each list with the next in turn first: what is live goes before what is
 * replayed.
 */
export interface CustomerLine {
  readonly live: readonly Waiting[];
  readonly replayed: readonly Waiting[];
}

/** What one endpoint gets in this round. */
export interface Share {
  readonly endpointId: string;
  readonly most: number;
}

/** What a round deals out. */
export interface Round {
  readonly shares: readonly Share[];
  /** The part of a place that those who are behind still have a claim to; for the next round. */
  readonly owedBehind: number;
}

/** Of all places so many are for those who are behind, where there are any: they catch up whatever others send. */
const SHARE_BEHIND = 1 / 4;

/**
 * Deals so many places out one at a time, customer after customer in the order given, and of each customer endpoint
 * after endpoint (round robin; deliveries all cost the same). However much one customer has waiting, every other gets
 * as many places as that one, or all it has a use for. What keeps up goes before what is behind, but for a quarter of
 * the places: when hundreds of endpoints come back, each with a backlog, an equal share of all would be less than a
 * customer needs who has none. A quarter over several rounds: of four with one place each the fourth is theirs. Those
 * who keep up come first, and of those the ones dealt fewest.
 * @param owedBehind what the round before said
 */
export function shareOut(lines: readonly CustomerLine[], limit: number, owedBehind = 0): Round {
  const [prompt, behind] = [new Dealing(lines, false), new Dealing(lines, true)];
  const owed = owedBehind + (behind.hasAny ? limit * SHARE_BEHIND : 0);
  const kept = Math.floor(owed);
  prompt.deal(limit - kept, 0);
  behind.deal(kept, 0);
  behind.deal(limit - prompt.dealt - behind.dealt, prompt.dealt);
  prompt.deal(limit - prompt.dealt - behind.dealt, behind.dealt);
  return {
    shares: [...prompt.shares, ...behind.shares],
    // What they had no room for is not kept for them: it would be a rush later.
    owedBehind: Math.max(0, owed - Math.max(kept, behind.dealt)),
  };
}

/** Places dealt out among those who keep up, or among those who are behind. */
class Dealing {
  readonly #shares = new Map<string, number>();
  #hands: readonly Hand[];
  dealt = 0;

  constructor(lines: readonly CustomerLine[], isBehind: boolean) {
    this.#hands = lines.map((line) => handOf(line, isBehind));
  }

  get hasAny(): boolean {
    return this.#hands.some(({ live, replayed }) => live.length + replayed.length > 0);
  }

  /** Those dealt fewest come first. */
  get shares(): readonly Share[] {
    return [...this.#shares]
      .map(([endpointId, most]) => ({ endpointId, most }))
      .sort((one, other) => one.most - other.most);
  }

  /** Deals up to so many more, when others have been dealt so many. */
  deal(places: number, toOthers: number): void {
    const until = this.dealt + places;
    while (this.dealt < until && this.#hands.length > 0) {
      this.#hands = this.#hands.filter((hand) => {
        if (this.dealt >= until) return true;
        const endpointId = takeOne(hand, this.dealt + toOthers);
        if (endpointId === null) return false;
        this.#shares.set(endpointId, (this.#shares.get(endpointId) ?? 0) + 1);
        this.dealt += 1;
        return true;
      });
    }
  }
}

/** What is left of a line while it is dealt out. */
interface Hand {
  readonly live: Left[];
  readonly replayed: Left[];
}

interface Left extends Waiting {
  room: number;
}

function handOf({ live, replayed }: CustomerLine, isBehind: boolean): Hand {
  return { live: leftOf(live, isBehind), replayed: leftOf(replayed, isBehind) };
}

function leftOf(waiting: readonly Waiting[], isBehind: boolean): Left[] {
  return waiting.filter((one) => one.room > 0 && one.isBehind === isBehind).map((one) => ({ ...one }));
}

/** Takes one place of the next endpoint, which then goes to the end of its list; null where none may have one. */
function takeOne({ live, replayed }: Hand, dealt: number): string | null {
  return takeFrom(live, dealt) ?? takeFrom(replayed, dealt);
}

function takeFrom(list: Left[], dealt: number): string | null {
  for (let next = list.shift(); next !== undefined; next = list.shift()) {
    if (dealt >= next.within) continue;
    next.room -= 1;
    if (next.room > 0) list.push(next);
    return next.endpointId;
  }
  return null;
}
