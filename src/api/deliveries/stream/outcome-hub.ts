import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from '../../../logger.ts';
import {
  type FeedOutcome,
  type FeedPage,
  type FeedPosition,
  isBefore,
  OutcomeFeed,
} from '../../../storage/stats/outcome-feed.ts';
import { LOGGER } from '../../dependencies.ts';

/** Somebody who follows what happens. */
export interface Follower {
  /** Takes what came, in order, each outcome once. */
  readonly take: (outcomes: readonly FeedOutcome[]) => void;
  /** Ends it. */
  readonly over: AbortSignal;
}

/** Between two looks for what is new, however many follow. */
const FOLLOW_EVERY_MS = 500;
/** A follower that catches up lets others in between two pages. */
const BREATH_MS = 20;

/** Hands what happens to deliveries to everybody who follows it: one look serves all who have caught up. */
@Injectable()
export class OutcomeHub {
  readonly #feed: OutcomeFeed;
  readonly #logger: Logger;
  readonly #followers = new Set<Follower>();
  /** Where all who have caught up are; null while nobody has. */
  #head: FeedPosition | null = null;
  #isLooking = false;

  constructor(feed: OutcomeFeed, @Inject(LOGGER) logger: Logger) {
    this.#feed = feed;
    this.#logger = logger;
  }

  /** Follows what comes after a place, until it is over. Never rejects. */
  async follow(follower: Follower, from: FeedPosition): Promise<void> {
    let place = from;
    while (!follower.over.aborted) {
      if (this.#head !== null && !isBefore(place, this.#head)) return this.#join(follower, place);
      const page = await this.#read(place);
      if (page === null) continue;
      hand(follower, page.outcomes);
      place = page.next;
      if (page.isFull) await sleep(BREATH_MS);
      else this.#head ??= place;
    }
  }

  /** The looks of all begin at the head, which may lie before the place that this one has come to. */
  #join({ take, over }: Follower, place: FeedPosition): void {
    const follower: Follower = {
      over,
      take: (outcomes) => take(outcomes.filter(({ position }) => isBefore(place, position))),
    };
    this.#followers.add(follower);
    over.addEventListener('abort', () => this.#followers.delete(follower));
    if (!this.#isLooking) void this.#keepLooking();
  }

  async #keepLooking(): Promise<void> {
    this.#isLooking = true;
    while (this.#followers.size > 0 && this.#head !== null) {
      const page = await this.#read(this.#head);
      if (page === null) continue;
      this.#head = page.next;
      for (const follower of this.#followers) hand(follower, page.outcomes);
      if (!page.isFull) await sleep(FOLLOW_EVERY_MS);
    }
    this.#head = null;
    this.#isLooking = false;
  }

  /** Null, after a pause, where nothing can be read at the moment. */
  async #read(place: FeedPosition): Promise<FeedPage | null> {
    try {
      return await this.#feed.after(place);
    } catch (error) {
      this.#logger.debug({ error: String(error) }, 'outcomes could not be read for streams');
      await sleep(FOLLOW_EVERY_MS);
      return null;
    }
  }
}

function hand({ take, over }: Follower, outcomes: readonly FeedOutcome[]): void {
  if (!over.aborted && outcomes.length > 0) take(outcomes);
}
