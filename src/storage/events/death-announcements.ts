import { isDeathAnnounced } from '../../domain/operational-event.ts';
import type { Database } from '../postgres/database.ts';
import { type Announcement, namesHeard } from './announcements.ts';

/** A delivery that died: what is told of it, and whether it was a test. */
export type Death = Extract<Announcement, { event: 'delivery.dead' }>['data'] & { readonly is_test: boolean };

/** For so long it is remembered whether anybody listens: many may die in a second. */
const DEATH_REMEMBERED_MS = 1_000;

/**
 * Skips tests (reported to whoever ran them) and operational events: two dead operator endpoints would announce each
 * other's failures for ever.
 */
export function announcementsOf(deaths: readonly Death[]): readonly Announcement[] {
  return deaths
    .filter(({ is_test, event }) => !is_test && isDeathAnnounced(event))
    .map(({ is_test, ...data }) => ({ event: 'delivery.dead', data }));
}

/** Knows to within a second whether anybody is to be told of dead deliveries. */
export class DeathListeners {
  readonly #database: Database;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #areThere: Promise<boolean> = Promise.resolve(false);

  constructor(database: Database) {
    this.#database = database;
  }

  async areThere(): Promise<boolean> {
    if (performance.now() - this.#lookedAt >= DEATH_REMEMBERED_MS) {
      this.#lookedAt = performance.now();
      this.#areThere = this.#look();
    }
    try {
      return await this.#areThere;
    } catch (error) {
      this.#lookedAt = Number.NEGATIVE_INFINITY;
      throw error;
    }
  }

  async #look(): Promise<boolean> {
    return (await namesHeard(this.#database.pool, ['delivery.dead'])).size > 0;
  }
}
