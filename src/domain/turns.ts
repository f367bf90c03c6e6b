/** An endpoint with something due, and how much of it may be sent now. */
export interface Waiting {
  readonly endpointId: string;
  readonly room: number;
  /** It gets nothing more once so many places have been dealt out to whomever: the rest is kept for others. */
  readonly within: number;
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

/**
 * Deals so many places out one at a time, customer after customer in the order given, and of each customer endpoint
 * after endpoint (round robin; deliveries all cost the same). However much one customer has waiting, every other gets
 * as many places as that one, or all it has a use for. Those dealt fewest come first.
 */
export function shareOut(lines: readonly CustomerLine[], limit: number): readonly Share[] {
  const shares = new Map<string, number>();
  let hands = lines.map(handOf);
  let dealt = 0;
  while (dealt < limit && hands.length > 0) {
    hands = hands.filter((hand) => {
      const endpointId = dealt < limit ? takeOne(hand, dealt) : null;
      if (endpointId === null) return false;
      shares.set(endpointId, (shares.get(endpointId) ?? 0) + 1);
      dealt += 1;
      return true;
    });
  }
  return [...shares]
    .map(([endpointId, most]) => ({ endpointId, most }))
    .sort((one, other) => one.most - other.most);
}

/** What is left of a line while it is dealt out. */
interface Hand {
  readonly live: Left[];
  readonly replayed: Left[];
}

interface Left extends Waiting {
  room: number;
}

function handOf({ live, replayed }: CustomerLine): Hand {
  return { live: leftOf(live), replayed: leftOf(replayed) };
}

function leftOf(waiting: readonly Waiting[]): Left[] {
  return waiting.filter(({ room }) => room > 0).map((one) => ({ ...one }));
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
