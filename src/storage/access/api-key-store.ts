import type { ApiKeyScope } from '../../domain/api-key.ts';
import { allOf } from '../postgres/conditions.ts';
import type { Database } from '../postgres/database.ts';
import type { PageBounds } from '../postgres/page.ts';

/** An API key as stored: never the key itself. `customerId` null is a further key of the operator. */
export interface StoredApiKey {
  readonly id: string;
  readonly customerId: string | null;
  readonly name: string;
  readonly scopes: readonly ApiKeyScope[];
  /** Where requests with it may come from; from anywhere where empty. */
  readonly allowedCidrs: readonly string[];
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  /** Exact to a minute. */
  readonly lastUsedAt: Date | null;
  readonly revokedAt: Date | null;
  /** Until when a text that a rotation replaced is still taken; null where none is. */
  readonly formerValidUntil: Date | null;
}

/** What a new key is made of. */
export interface NewApiKey
  extends Omit<StoredApiKey, 'createdAt' | 'lastUsedAt' | 'revokedAt' | 'formerValidUntil'> {
  readonly keyHash: Buffer;
}

const COLUMNS = `id, customer_id AS "customerId", name, scopes, allowed_cidrs AS "allowedCidrs",
  created_at AS "createdAt", expires_at AS "expiresAt", last_used_at AS "lastUsedAt", revoked_at AS "revokedAt",
  (SELECT max(valid_until) FROM api_key_former_texts f
   WHERE f.key_id = api_keys.id AND valid_until > now() AND revoked_at IS NULL) AS "formerValidUntil"`;

/** The keys of `api_keys`, for those who manage them; `ApiKeyLookup` finds them by their text. */
export class ApiKeyStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async insert(key: NewApiKey): Promise<StoredApiKey> {
    const { rows } = await this.#database.pool.query<StoredApiKey>(
      `INSERT INTO api_keys (id, customer_id, name, key_hash, scopes, allowed_cidrs, expires_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING ${COLUMNS}`,
      [key.id, key.customerId, key.name, key.keyHash, key.scopes, key.allowedCidrs, key.expiresAt],
    );
    const [row] = rows;
    if (row === undefined) throw new Error('inserting an API key returned no row');
    return row;
  }

  /** How many keys of a customer (null: of the operator) are neither revoked nor expired. */
  async countLive(customerId: string | null): Promise<number> {
    const { rows } = await this.#database.pool.query<{ count: number }>(
      `SELECT count(*)::integer AS count FROM api_keys
       WHERE (customer_id = $1 OR ($1::text IS NULL AND customer_id IS NULL))
         AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())`,
      [customerId],
    );
    return rows[0]?.count ?? 0;
  }

  /** One key, revoked or not; null where there is none. */
  async find(id: string): Promise<StoredApiKey | null> {
    const { rows } = await this.#database.pool.query<StoredApiKey>(
      `SELECT ${COLUMNS} FROM api_keys WHERE id = $1`,
      [id],
    );
    return rows[0] ?? null;
  }

  /** Newest first, revoked ones included. */
  async list(customerId: string | null, page: PageBounds): Promise<readonly StoredApiKey[]> {
    const { text, values } = allOf([
      ['customer_id = $', customerId ?? undefined],
      ['id < $', page.beforeId ?? undefined],
    ]);
    const { rows } = await this.#database.pool.query<StoredApiKey>(
      `SELECT ${COLUMNS} FROM api_keys WHERE ${text} ORDER BY id DESC LIMIT ${page.fetchLimit}`,
      [...values],
    );
    return rows;
  }

  /**
   * Gives a live key a new text at once; the former one stays good for the overlap, and no text before it for longer.
   * Null where the key is revoked, expired or missing.
   */
  async rotate(
    id: string,
    { keyHash, overlapSeconds }: { readonly keyHash: Buffer; readonly overlapSeconds: number },
  ): Promise<StoredApiKey | null> {
    // The row is locked before it is read, so that of two rotations at once neither text outlives its overlap.
    const { rows } = await this.#database.pool.query<{ id: string }>(
      `WITH live AS (
         SELECT id, key_hash FROM api_keys
         WHERE id = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now()) FOR UPDATE),
       former AS (
         INSERT INTO api_key_former_texts (key_hash, key_id, valid_until)
         SELECT key_hash, id, now() + make_interval(secs => $3) FROM live),
       earlier AS (
         UPDATE api_key_former_texts SET valid_until = least(valid_until, now() + make_interval(secs => $3))
         WHERE key_id = (SELECT id FROM live))
       UPDATE api_keys SET key_hash = $2 WHERE id = (SELECT id FROM live) RETURNING id`,
      [id, keyHash, overlapSeconds],
    );
    return rows[0] === undefined ? null : await this.find(id);
  }

  /** Revokes all keys of a customer, and forgets what they were called. */
  async revokeAllOf(customerId: string): Promise<void> {
    await this.#database.pool.query(
      "UPDATE api_keys SET revoked_at = coalesce(revoked_at, now()), name = '' WHERE customer_id = $1",
      [customerId],
    );
  }

  /** Revokes from now on, its former texts too; safe to repeat. @returns whether there is such a key */
  async revoke(id: string): Promise<boolean> {
    const { rowCount } = await this.#database.pool.query(
      'UPDATE api_keys SET revoked_at = coalesce(revoked_at, now()) WHERE id = $1',
      [id],
    );
    return rowCount === 1;
  }
}
