import { Problem } from '../answers/problem.ts';

/** Whose bodies count together where no key is shown: those that echo receivers take. */
export const STRANGERS = 'strangers';

/** What one owner may hold of the budget; strangers together hold less. */
const SHARE_OF_KEY = 1 / 2;
const SHARE_OF_STRANGERS = 1 / 8;
const RETRY_AFTER = { 'Retry-After': '1' };

/**
 * Bounds the bytes of request bodies that this process holds at a time, over all requests and over those of each key.
 */
export class BodyBudget {
  readonly #maxBytes: number;
  readonly #heldBy = new Map<string, number>();
  #held = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** How many bytes are held now. */
  get heldBytes(): number {
    return this.#held;
  }

  /** An account of one request, with nothing taken yet. */
  open(owner: string): BodyShare {
    return new BodyShare((bytes) => this.#change(owner, bytes));
  }

  /** @throws Problem 429 where the owner holds too much, 503 where all together do */
  #change(owner: string, bytes: number): void {
    const ofOwner = (this.#heldBy.get(owner) ?? 0) + bytes;
    const share = owner === STRANGERS ? SHARE_OF_STRANGERS : SHARE_OF_KEY;
    if (bytes > 0 && ofOwner > this.#maxBytes * share) throw ownerFull(owner);
    if (bytes > 0 && this.#held + bytes > this.#maxBytes) throw full();
    this.#held += bytes;
    if (ofOwner > 0) this.#heldBy.set(owner, ofOwner);
    else this.#heldBy.delete(owner);
  }
}

/** What one request holds of the budget. */
export class BodyShare {
  readonly #change: (bytes: number) => void;
  #bytes = 0;

  constructor(change: (bytes: number) => void) {
    this.#change = change;
  }

  /** Takes more, so that this many bytes are held. @throws Problem 429 or 503 where there is no room */
  growTo(bytes: number): void {
    if (bytes <= this.#bytes) return;
    this.#change(bytes - this.#bytes);
    this.#bytes = bytes;
  }

  /** Gives everything back; again is fine. */
  release(): void {
    this.#change(-this.#bytes);
    this.#bytes = 0;
  }
}

function ownerFull(owner: string): Problem {
  const who = owner === STRANGERS ? 'Requests without a key have' : 'This key has';
  const detail = `${who} too many bytes of bodies under way at once; wait for answers before sending more.`;
  return new Problem(429, 'too_many_bytes_under_way', { detail, headers: RETRY_AFTER });
}

function full(): Problem {
  const detail = 'Too many bytes of bodies are under way at once. Repeat the request in a moment.';
  return new Problem(503, 'bodies_under_way', { detail, headers: RETRY_AFTER });
}
