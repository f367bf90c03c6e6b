import { idBefore } from '../../new-id.ts';
import { IS_WHOLE } from '../events/event-parts.ts';
import { type Database, inTransaction } from '../postgres/database.ts';
import { OPEN, REPLAYABLE } from '../postgres/statuses.ts';
import { eraseEvents } from './erase-events.ts';

const EVENTS_PER_LOOK = 500;
const DAY_MS = 86_400_000;

interface LookedAt {
  readonly id: string;
  readonly deliveryIds: readonly string[];
  /** Whether nothing of it is or may yet be sent. */
  readonly isOver: boolean;
}

/**
 * Erases what events carried and what receivers answered, sooner than the rest is removed. It walks through events from
 * the oldest to the newest that are old enough, and what cannot be erased yet is met again on the next walk.
 */
export class PayloadExpiry {
  readonly #database: Database;
  readonly #days: number;
  #cursor = '';

  /** @param days since acceptance, or since the time an event was scheduled for */
  constructor(database: Database, days: number) {
    this.#database = database;
    this.#days = days;
  }

  /** Has the next step begin with the oldest event. */
  beginAnew(): void {
    this.#cursor = '';
  }

  /** Looks at some events. @returns whether there are more to look at */
  async step(): Promise<boolean> {
    return await inTransaction(this.#database.pool, async (client) => {
      const end = idBefore('evt', new Date(Date.now() - this.#days * DAY_MS));
      const { rows } = await client.query<LookedAt>(LOOK_SQL, [this.#cursor, end, this.#days]);
      const over = rows.filter(({ isOver }) => isOver);
      if (over.length > 0)
        await eraseEvents(
          client,
          over.map(({ id }) => id),
          over.flatMap(({ deliveryIds }) => deliveryIds),
        );
      this.#cursor = rows.at(-1)?.id ?? this.#cursor;
      return rows.length === EVENTS_PER_LOOK;
    });
  }
}

/** What may be sent again has to be sent whole: dead letters, and what was skipped, keep theirs. */
const LOOK_SQL = `
  SELECT e.id, e.delivery_ids AS "deliveryIds",
    coalesce(e.deliver_at, e.created_at) < now() - make_interval(days => $3) AND NOT EXISTS (
      SELECT FROM unnest(e.delivery_ids) AS o(id) JOIN deliveries d ON d.id = o.id
      WHERE d.status IN (${OPEN}, ${REPLAYABLE}) OR d.retry_mark IS NOT NULL)
      AND ${IS_WHOLE} AS "isOver"
  FROM events e WHERE e.id > $1 AND e.id < $2 AND e.erased_at IS NULL
  ORDER BY e.id LIMIT ${EVENTS_PER_LOOK} FOR UPDATE OF e SKIP LOCKED`;
