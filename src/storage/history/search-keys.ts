import { createHmac } from 'node:crypto';
import type { SearchToken } from '../../domain/searchable.ts';
import type { Condition } from '../postgres/conditions.ts';
import type { Database } from '../postgres/database.ts';

const SEARCH_KEY_BYTES = 16;

/** Makes the keys that events are found by. */
export class SearchKeys {
  readonly #database: Database;
  #secret: Promise<Buffer> | null = null;

  constructor(database: Database) {
    this.#database = database;
  }

  /** One key a token, in order. */
  async keysOf(tokens: readonly SearchToken[]): Promise<readonly Buffer[]> {
    if (tokens.length === 0) return [];
    this.#secret ??= this.#readSecret();
    const secret = await this.#secret;
    return tokens.map(({ member, token }) =>
      createHmac('sha256', secret)
        .update(JSON.stringify([member, token]))
        .digest()
        .subarray(0, SEARCH_KEY_BYTES),
    );
  }

  async #readSecret(): Promise<Buffer> {
    try {
      const { rows } = await this.#database.pool.query<{ secret: Buffer }>(
        'SELECT secret FROM search_secret',
      );
      const [row] = rows;
      if (row === undefined) throw new Error('the database has no secret for search keys');
      return row.secret;
    } catch (error) {
      this.#secret = null;
      throw error;
    }
  }
}

/** Conditions that an id of an event has all of these keys. @param column SQL of the id */
export function hasKeys(column: string, keys: readonly Buffer[]): readonly Condition[] {
  return keys.map((key) => [`${column} IN (SELECT event_id FROM search_keys WHERE key = $)`, key]);
}

/** Conditions that the delivery `d` is of an event that has all of these keys. */
export function isOfEventWith(keys: readonly Buffer[]): readonly Condition[] {
  return keys.map((key) => [
    `d.id IN (SELECT unnest(ev.delivery_ids) FROM events ev
       WHERE ev.id IN (SELECT event_id FROM search_keys WHERE key = $))`,
    key,
  ]);
}

/** SQL: notes the keys of new events, given rows with id, customer_id and search_keys (in hex). */
export function insertSearchKeys(rows: string): string {
  return `INSERT INTO search_keys (key, event_id, customer_id)
    SELECT DISTINCT decode(k, 'hex'), e.id, e.customer_id
    FROM ${rows} AS e(id text, customer_id text, search_keys text[]), unnest(e.search_keys) AS k`;
}
