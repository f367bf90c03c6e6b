import { filterEntriesSelecting } from '../../domain/event-filter.ts';
import { isOperationalEvent } from '../../domain/operational-event.ts';
import { idAfter, idBefore } from '../../new-id.ts';
import type { Database } from '../postgres/database.ts';

/** What went by while nobody listened for so long that the listener was removed. */
export interface MissedEvents {
  /** When the former listener was removed. */
  readonly after: Date;
  /** When this one was made. */
  readonly before: Date;
  readonly count: number;
  /** Whether there are more. */
  readonly capped: boolean;
}

interface Gap {
  readonly newId: string;
  readonly formerId: string;
  readonly customerId: string | null;
  readonly events: readonly string[];
  readonly after: Date;
  readonly before: Date;
}

/** Counting stops there. */
const MOST_MISSED = 100_000;
/** An event is as old as its transaction, which may have found other endpoints than there were at that time. */
const EDGE = "interval '5 seconds'";

/** Counts what neither a listener that was removed nor the one that follows it got. */
export class MissedEventStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * What went by before this listener: what its predecessor held when it was removed, and what was accepted for it
   * since.
   * @param isOptIn whether wildcards leave out a type
   * @returns null where it follows none, or that was told
   */
  async count(listenerId: string, isOptIn: (event: string) => boolean): Promise<MissedEvents | null> {
    const { rows } = await this.#database.pool.query<Gap>(GAP_SQL, [listenerId]);
    const [gap] = rows;
    if (gap === undefined) return null;
    const { after, before } = gap;
    const [held, passed] = await Promise.all([this.#countHeld(gap), this.#countPassed(gap, isOptIn)]);
    const count = held + passed;
    return { after, before, count: Math.min(count, MOST_MISSED), capped: count > MOST_MISSED };
  }

  async #countHeld({ formerId, after }: Gap): Promise<number> {
    const { rows } = await this.#database.pool.query<{ count: number }>(
      `SELECT count(*)::integer AS count FROM (
         SELECT FROM deliveries WHERE endpoint_id = $1 AND status = 'cancelled' AND finished_at >= $2 AND NOT is_test
         LIMIT ${MOST_MISSED + 1}) AS held`,
      [formerId, after],
    );
    return rows[0]?.count ?? 0;
  }

  /** Type by type, since which types a listener takes is a rule of the domain. */
  async #countPassed(gap: Gap, isOptIn: (event: string) => boolean): Promise<number> {
    const { customerId, newId, formerId, after, before } = gap;
    const { rows } = await this.#database.pool.query<{ event: string; count: number }>(PASSED_SQL, [
      idAfter('evt', after),
      idBefore('evt', before),
      after,
      before,
      customerId,
      [formerId, newId],
    ]);
    return rows
      .filter(({ event }) => takes(gap, event, isOptIn(event)))
      .reduce((sum, { count }) => sum + count, 0);
  }
}

function takes({ customerId, events }: Gap, event: string, optIn: boolean): boolean {
  if (customerId !== null && isOperationalEvent(event)) return false;
  return filterEntriesSelecting(event, { optIn }).some((entry) => events.includes(entry));
}

const GAP_SQL = `
  SELECT n.id AS "newId", f.id AS "formerId", f.customer_id AS "customerId", f.events, f.deleted_at AS after,
    n.created_at AS before
  FROM listeners l JOIN endpoints n ON n.id = l.endpoint_id JOIN endpoints f ON f.id = l.follows
  WHERE l.endpoint_id = $1 AND f.deleted_at IS NOT NULL`;

/** Only at the edges it is in doubt whether an event went to one of the two. */
const PASSED_SQL = `
  SELECT event, count(*)::integer AS count FROM (
    SELECT e.event FROM events e
    WHERE e.id >= $1 AND e.id < $2 AND e.created_at >= $3::timestamptz - ${EDGE}
      AND e.created_at < $4::timestamptz + ${EDGE}
      AND ($5::text IS NULL OR e.customer_id = $5 OR e.customer_id IS NULL) AND NOT e.is_test AND e.cancelled_at IS NULL
      AND NOT ((e.created_at < $3::timestamptz + ${EDGE} OR e.created_at >= $4::timestamptz - ${EDGE})
        AND EXISTS (SELECT FROM deliveries d WHERE d.id = ANY(e.delivery_ids) AND d.endpoint_id = ANY($6)))
    LIMIT ${MOST_MISSED + 1}) AS passed
  GROUP BY event`;
