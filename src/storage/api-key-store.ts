import type { Database } from './database.ts';

/** An API key as stored: never the key itself. `customerId` null is a further key of the operator. */
export interface StoredApiKey {
  readonly id: string;
  readonly customerId: string | null;
  readonly name: string;
  readonly createdAt: Date;
  /** Exact to a minute. */
  readonly lastUsedAt: Date | null;
  readonly revokedAt: Date | null;
}

const COLUMNS = `id, customer_id AS "customerId", name, created_at AS "createdAt",
  last_used_at AS "lastUsedAt", revoked_at AS "revokedAt"`;

/** The keys of `api_keys`, found by the SHA-256 of their text. */
export class ApiKeyStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async insert(key: {
    readonly id: string;
    readonly customerId: string | null;
    readonly name: string;
    readonly keyHash: Buffer;
  }): Promise<StoredApiKey> {
    const { rows } = await this.#database.pool.query<StoredApiKey>(
      `INSERT INTO api_keys (id, customer_id, name, key_hash) VALUES ($1, $2, $3, $4) RETURNING ${COLUMNS}`,
      [key.id, key.customerId, key.name, key.keyHash],
    );
    const [row] = rows;
    if (row === undefined) throw new Error('inserting an API key returned no row');
    return row;
  }

  /** The live key with this hash, its use noted at most once a minute; null where there is none. */
  async use(keyHash: Buffer): Promise<{ readonly id: string; readonly customerId: string | null } | null> {
    const { rows } = await this.#database.pool.query<{
      id: string;
      customerId: string | null;
      isStale: boolean;
    }>(
      `SELECT id, customer_id AS "customerId",
         last_used_at IS NULL OR last_used_at < now() - interval '1 minute' AS "isStale"
       FROM api_keys WHERE key_hash = $1 AND revoked_at IS NULL`,
      [keyHash],
    );
    const [row] = rows;
    if (row === undefined) return null;
    if (row.isStale) await this.#noteUse(row.id);
    return { id: row.id, customerId: row.customerId };
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
  async list(
    customerId: string | null,
    page: { readonly fetchLimit: number; readonly beforeId: string | null },
  ): Promise<readonly StoredApiKey[]> {
    const { rows } = await this.#database.pool.query<StoredApiKey>(
      `SELECT ${COLUMNS} FROM api_keys
       WHERE ($1::text IS NULL OR customer_id = $1) AND ($2::text IS NULL OR id < $2) ORDER BY id DESC LIMIT $3`,
      [customerId, page.beforeId, page.fetchLimit],
    );
    return rows;
  }

  /** Revokes from now on; safe to repeat. @returns whether there is such a key */
  async revoke(id: string): Promise<boolean> {
    const { rowCount } = await this.#database.pool.query(
      'UPDATE api_keys SET revoked_at = coalesce(revoked_at, now()) WHERE id = $1',
      [id],
    );
    return rowCount === 1;
  }

  async #noteUse(id: string): Promise<void> {
    await this.#database.pool.query(
      `UPDATE api_keys SET last_used_at = now()
       WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')`,
      [id],
    );
  }
}
