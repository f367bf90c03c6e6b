import type { ApiKeyScope } from '../../domain/api-key.ts';
import type { Database } from '../postgres/database.ts';
import { groupCommit } from '../postgres/group-commit.ts';

/** A key that somebody showed, and whether it still opens anything. */
export interface FoundApiKey {
  readonly id: string;
  readonly customerId: string | null;
  readonly scopes: readonly ApiKeyScope[];
  readonly allowedCidrs: readonly string[];
  readonly state: 'live' | 'revoked' | 'expired';
}

interface Row extends FoundApiKey {
  readonly keyHash: Buffer;
  readonly isStale: boolean;
}

const MAX_LOOKUPS_PER_STATEMENT = 500;
const STATEMENTS_SIDE_BY_SIDE = 2;

/**
 * Finds keys by the SHA-256 of their text. Nothing is cached, so what is revoked is refused everywhere from the next
 * request on; concurrent requests share one statement instead, which begins after the last of them came.
 */
export class ApiKeyLookup {
  readonly #database: Database;
  readonly find: (keyHash: Buffer) => Promise<FoundApiKey | null>;

  constructor(database: Database) {
    this.#database = database;
    this.find = groupCommit((hashes: readonly Buffer[]) => this.#findTogether(hashes), {
      maxItems: MAX_LOOKUPS_PER_STATEMENT,
      concurrency: STATEMENTS_SIDE_BY_SIDE,
    });
  }

  async #findTogether(hashes: readonly Buffer[]): Promise<readonly (FoundApiKey | null)[]> {
    const names = hashes.map((hash) => hash.toString('hex'));
    const { rows } = await this.#database.pool.query<Row>({
      name: 'find-keys',
      text: FIND_SQL,
      values: [[...new Set(names)]],
    });
    const stale = rows.filter(({ state, isStale }) => state === 'live' && isStale).map(({ id }) => id);
    if (stale.length > 0) await this.#noteUse(stale);
    const found = new Map(rows.map((row) => [row.keyHash.toString('hex'), row]));
    return names.map((name) => found.get(name) ?? null);
  }

  /** In the order of ids, so that two groups wait for each other instead of dying in a deadlock. */
  async #noteUse(ids: readonly string[]): Promise<void> {
    await this.#database.pool.query(
      `UPDATE api_keys SET last_used_at = now() WHERE id IN (
         SELECT id FROM api_keys WHERE id = ANY($1) AND ${IS_STALE} ORDER BY id FOR UPDATE)`,
      [ids],
    );
  }
}

const IS_STALE = `(last_used_at IS NULL OR last_used_at < now() - interval '1 minute')`;

const FIND_SQL = `
  WITH shown AS MATERIALIZED (SELECT decode(name, 'hex') AS key_hash FROM unnest($1::text[]) AS name)
  SELECT t.key_hash AS "keyHash", k.id, k.customer_id AS "customerId", k.scopes, k.allowed_cidrs AS "allowedCidrs",
    CASE WHEN k.revoked_at IS NOT NULL THEN 'revoked'
      WHEN k.expires_at <= now() OR t.valid_until <= now() THEN 'expired' ELSE 'live' END AS state,
    ${IS_STALE} AS "isStale"
  FROM (
    SELECT key_hash, id, NULL::timestamptz AS valid_until FROM api_keys JOIN shown USING (key_hash)
    UNION ALL
    SELECT key_hash, key_id, valid_until FROM api_key_former_texts JOIN shown USING (key_hash)) AS t
  JOIN api_keys k ON k.id = t.id`;
