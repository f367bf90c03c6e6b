import { createHmac } from 'node:crypto';
import type { SearchToken } from '../../domain/searchable.ts';
import type { Condition } from '../postgres/conditions.ts';
import type { Database } from '../postgres/database.ts';
import type { Reads } from '../postgres/read-pool.ts';

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

/** So many are looked up one by one; what more have in common is asked of each row of a list instead. */
const FEW = 2_000;

/** What few have by one key, and the keys that these are still to be asked for. */
interface FewWith {
  readonly ids: readonly string[];
  readonly otherKeys: readonly Buffer[];
}

/** The events that have a key which few have; null where each of the keys is one of many. */
export async function fewEventsWith(reads: Reads, keys: readonly Buffer[]): Promise<FewWith | null> {
  return await fewWith(reads, { keys, sql: 'SELECT event_id AS id FROM search_keys WHERE key = $1' });
}

/** The deliveries of events that have a key which few have, likewise. */
export async function fewDeliveriesWith(reads: Reads, keys: readonly Buffer[]): Promise<FewWith | null> {
  const sql = `SELECT unnest(ev.delivery_ids) AS id FROM search_keys k JOIN events ev ON ev.id = k.event_id
    WHERE k.key = $1`;
  return await fewWith(reads, { keys, sql });
}

async function fewWith(
  reads: Reads,
  { keys, sql }: { readonly keys: readonly Buffer[]; readonly sql: string },
): Promise<FewWith | null> {
  for (const key of keys) {
    const { rows } = await reads.query<{ id: string }>(`${sql} LIMIT ${FEW + 1}`, [key]);
    if (rows.length <= FEW)
      return { ids: rows.map(({ id }) => id), otherKeys: keys.filter((other) => other !== key) };
  }
  return null;
}

/** SQL: whether an event has the key that takes the place of the `$`. @param column SQL of its id */
export function hasKey(column: string): string {
  return `EXISTS (SELECT FROM search_keys k WHERE k.key = $ AND k.event_id = ${column})`;
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
