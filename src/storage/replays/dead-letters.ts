import { noteEnds } from '../open/note-outcomes.ts';
import { DISCARD, discardMarked } from '../open/transitions/ends.ts';
import { type CappedCount, capped, MAX_COUNTED } from '../postgres/capped-count.ts';
import { type Database, inTransaction } from '../postgres/database.ts';
import { type SelectionFilter, selectionCondition } from './replay-selection.ts';

/** Deliveries that ended dead and are kept for a retry by hand. */
export class DeadLetters {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** How many dead letters a filter selects, those of deleted endpoints too; no further than `MAX_COUNTED`. */
  async count(filter: SelectionFilter): Promise<CappedCount> {
    const { text, values } = selectionCondition({ kind: 'dead_letters', filter }, 1);
    const { rows } = await this.#database.reads.query<{ count: number }>(
      `SELECT count(*)::integer AS count FROM (
         SELECT FROM deliveries d WHERE ${text} LIMIT ${MAX_COUNTED + 1}) counted`,
      [...values],
    );
    return capped(rows[0]?.count ?? 0);
  }

  /**
   * Takes dead letters off the list for good by cancelling them, some in each transaction and at most `MAX_COUNTED` in
   * all. @returns how many, and whether the filter selects more
   */
  async discard(filter: SelectionFilter): Promise<CappedCount> {
    let count = 0;
    for (const discardSql of [DISCARD_ENDED, DISCARD_MARKED]) {
      let after: string | null = '';
      while (after !== null && count < MAX_COUNTED) {
        const step = await this.#discardSome(discardSql, filter, after);
        count += step.count;
        after = step.lastId;
      }
    }
    return { count, isCapped: count >= MAX_COUNTED && (await this.count(filter)).count > 0 };
  }

  async #discardSome(
    discardSql: (target: string) => string,
    filter: SelectionFilter,
    after: string,
  ): Promise<Step> {
    const { text, values } = selectionCondition({ kind: 'dead_letters', filter }, 2);
    return await inTransaction(this.#database.pool, async (client) => {
      const { rows } = await client.query<Step>(
        discardSql(`${text} AND d.id > $1 ORDER BY d.id LIMIT ${DISCARDED_AT_ONCE} FOR UPDATE`),
        [after, ...values],
      );
      return rows[0] ?? { count: 0, lastId: null };
    });
  }
}

interface Step {
  readonly count: number;
  /** Of a full step: further ones come after it. */
  readonly lastId: string | null;
}

/** So few that nobody waits long for their locks. */
const DISCARDED_AT_ONCE = 1_000;

const STEP = `SELECT count(*)::integer AS count, CASE WHEN count(*) = ${DISCARDED_AT_ONCE}
  THEN max(id) END AS "lastId" FROM target`;

/** SQL: what is noted of those that were dead. */
const DISCARDED = `SELECT id, endpoint_id, customer_id, event, created_at, is_test, status AS became,
  'dead' AS former FROM discarded`;

const DISCARD_ENDED = (target: string): string => `
  WITH target AS (SELECT d.id FROM ended_deliveries d WHERE ${target}),
  discarded AS (${DISCARD} WHERE id IN (SELECT id FROM target) RETURNING d.*),
  noted AS (${noteEnds(DISCARDED)})
  ${STEP}`;

/** The same of those that are marked for a manual attempt. */
const DISCARD_MARKED = (target: string): string => `
  WITH target AS (SELECT d.id FROM open_deliveries d WHERE ${target}),
  ${discardMarked('USING target t WHERE d.id = t.id')} ${STEP}`;
