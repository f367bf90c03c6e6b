import { noteEnds } from '../open/note-outcomes.ts';
import { DISCARD, discardMarked } from '../open/transitions/ends.ts';
import { type Database, inTransaction } from '../postgres/database.ts';
import { type SelectionFilter, selectionCondition } from './replay-selection.ts';

/** Deliveries that ended dead and are kept for a retry by hand. */
export class DeadLetters {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** How many dead letters a filter selects, those of deleted endpoints too. */
  async count(filter: SelectionFilter): Promise<number> {
    const { text, values } = selectionCondition({ kind: 'dead_letters', filter }, 1);
    const { rows } = await this.#database.reads.query<{ count: number }>(
      `SELECT count(*)::integer AS count FROM deliveries d WHERE ${text}`,
      [...values],
    );
    return rows[0]?.count ?? 0;
  }

  /** Takes dead letters off the list for good by cancelling them. @returns how many */
  async discard(filter: SelectionFilter): Promise<number> {
    const { text, values } = selectionCondition({ kind: 'dead_letters', filter }, 1);
    return await inTransaction(this.#database.pool, async (client) => {
      const ended = await client.query(
        `WITH target AS (SELECT d.id FROM ended_deliveries d WHERE ${text} ORDER BY d.id FOR UPDATE),
         discarded AS (${DISCARD} WHERE id IN (SELECT id FROM target) RETURNING d.*),
         noted AS (${noteEnds(DISCARDED)})
         SELECT FROM discarded`,
        [...values],
      );
      const marked = await client.query(
        `WITH target AS (SELECT d.id FROM open_deliveries d WHERE ${text} ORDER BY d.id FOR UPDATE),
         ${discardMarked('USING target t WHERE d.id = t.id')} SELECT FROM ended`,
        [...values],
      );
      return (ended.rowCount ?? 0) + (marked.rowCount ?? 0);
    });
  }
}

/** SQL: what is noted of those that were dead. */
const DISCARDED = `SELECT id, endpoint_id, customer_id, event, created_at, is_test, status AS became, 'dead' AS former FROM discarded`;
