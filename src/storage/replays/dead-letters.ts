import { noteEnds } from '../open/note-outcomes.ts';
import { DISCARD, discardMarked } from '../open/transitions/ends.ts';
import { type CappedCount, countUpTo, MAX_COUNTED } from '../postgres/capped-count.ts';
import { type Database, inTransaction } from '../postgres/database.ts';
import { narrowSelection, type SelectionFilter, selectionCondition } from './replay-selection.ts';

/** Deliveries that ended dead and are kept for a retry by hand. */
export class DeadLetters {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** How many dead letters a filter selects, those of deleted endpoints too, as far as they are counted. */
  async count(filter: SelectionFilter): Promise<CappedCount> {
    const { reads } = this.#database;
    return await countUpTo(reads, await narrowSelection(reads, { kind: 'dead_letters', filter }));
  }

  /**
   * Takes dead letters off the list for good by cancelling them, some in each transaction and at most `MAX_COUNTED` in
   * all. @returns how many, and whether the filter may select more
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
    const rest = count < MAX_COUNTED ? NOTHING : await this.count(filter);
    return { count, isCapped: rest.isCapped || rest.count > 0 };
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

const NOTHING: CappedCount = { count: 0, isCapped: false };

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
