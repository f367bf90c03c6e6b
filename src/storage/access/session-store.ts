import type { ApiKeyScope } from '../../domain/api-key.ts';
import type { PortalLook, SessionKind } from '../../domain/session.ts';
import type { Database } from '../postgres/database.ts';
import type { PageBounds } from '../postgres/page.ts';

/** A session for those who manage them; never what a browser shows. */
export interface StoredSession {
  readonly id: string;
  readonly kind: SessionKind;
  readonly keyId: string | null;
  readonly customerId: string | null;
  readonly scopes: readonly ApiKeyScope[] | null;
  readonly look: PortalLook | null;
  readonly openedBy: string | null;
  readonly createdAt: Date;
  /** Whether its code was used. */
  readonly hasBegun: boolean;
  readonly lastUsedAt: Date | null;
  readonly expiresAt: Date;
  readonly revokedAt: Date | null;
}

/** What a new session is made of: begun at once by a token, or later by a code. */
export interface NewSession
  extends Pick<StoredSession, 'id' | 'kind' | 'keyId' | 'customerId' | 'scopes' | 'look' | 'openedBy'> {
  readonly adminKeyHash: Buffer | null;
  readonly tokenHash: Buffer | null;
  readonly code: { readonly hash: Buffer; readonly seconds: number } | null;
  readonly seconds: number;
}

/** A session that somebody showed, with the rights it has now. */
export interface FoundSession {
  readonly id: string;
  readonly kind: SessionKind;
  /** Null where it stands for the operator's key of the settings, or is a portal's. */
  readonly keyId: string | null;
  readonly customerId: string | null;
  readonly scopes: readonly ApiKeyScope[];
  readonly allowedCidrs: readonly string[];
  readonly look: PortalLook | null;
  readonly expiresAt: Date;
}

const COLUMNS = `id, kind, key_id AS "keyId", customer_id AS "customerId", scopes, look, opened_by AS "openedBy",
  created_at AS "createdAt", token_hash IS NOT NULL AS "hasBegun", last_used_at AS "lastUsedAt",
  expires_at AS "expiresAt", revoked_at AS "revokedAt"`;

/** How long sessions that are over are listed. */
const LISTED_FOR = "interval '30 days'";
const FORGOTTEN_AT_ONCE = 100;

/** Begun, not over, and what it stands for is still good. */
const IS_LIVE = `s.revoked_at IS NULL AND s.expires_at > now()
  AND (s.admin_key_hash IS NULL OR s.admin_key_hash = $2)
  AND NOT EXISTS (SELECT FROM customers c WHERE c.id = s.customer_id AND c.erasing_since IS NOT NULL)
  AND (s.key_id IS NULL OR (k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now())))`;

/** The sessions of browsers, in rows: every replica knows them, and what is revoked is over with the next request. */
export class SessionStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async insert(session: NewSession): Promise<StoredSession> {
    const { rows } = await this.#database.pool.query<StoredSession>(
      `WITH forgotten AS (DELETE FROM sessions WHERE id IN (
         SELECT id FROM sessions WHERE expires_at < now() - ${LISTED_FOR} LIMIT ${FORGOTTEN_AT_ONCE}))
       INSERT INTO sessions (id, kind, key_id, customer_id, scopes, look, opened_by, admin_key_hash, token_hash,
         code_hash, code_expires_at, expires_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, now() + make_interval(secs => $11),
         now() + make_interval(secs => $12)) RETURNING ${COLUMNS}`,
      [
        session.id,
        session.kind,
        session.keyId,
        session.customerId,
        session.scopes,
        session.look === null ? null : JSON.stringify(session.look),
        session.openedBy,
        session.adminKeyHash,
        session.tokenHash,
        session.code?.hash ?? null,
        session.code?.seconds ?? null,
        session.seconds,
      ],
    );
    const [row] = rows;
    if (row === undefined) throw new Error('inserting a session returned no row');
    return row;
  }

  /**
   * Begins the session whose code this is, once: of two that show it at a time one gets null, as does who comes late.
   */
  async begin(codeHash: Buffer, tokenHash: Buffer): Promise<StoredSession | null> {
    const { rows } = await this.#database.pool.query<StoredSession>(
      `UPDATE sessions SET code_hash = NULL, code_expires_at = NULL, token_hash = $2, last_used_at = now()
       WHERE code_hash = $1 AND code_expires_at > now() AND expires_at > now() AND revoked_at IS NULL
       RETURNING ${COLUMNS}`,
      [codeHash, tokenHash],
    );
    return rows[0] ?? null;
  }

  /** The live session that shows this token, and notes its use; null where there is none. */
  async find(tokenHash: Buffer, adminKeyHash: Buffer): Promise<FoundSession | null> {
    const { rows } = await this.#database.pool.query<FoundSession & { isStale: boolean }>(
      `SELECT s.id, s.kind, s.key_id AS "keyId", coalesce(k.customer_id, s.customer_id) AS "customerId",
         coalesce(k.scopes, s.scopes, '{}') AS scopes, coalesce(k.allowed_cidrs, '{}') AS "allowedCidrs", s.look,
         s.expires_at AS "expiresAt",
         (s.last_used_at IS NULL OR s.last_used_at < now() - interval '1 minute') AS "isStale"
       FROM sessions s LEFT JOIN api_keys k ON k.id = s.key_id WHERE s.token_hash = $1 AND ${IS_LIVE}`,
      [tokenHash, adminKeyHash],
    );
    const [row] = rows;
    if (row?.isStale === true)
      await this.#database.pool.query('UPDATE sessions SET last_used_at = now() WHERE id = $1', [row.id]);
    return row ?? null;
  }

  /** Newest first, those that are over included. */
  async list(kind: SessionKind, page: PageBounds): Promise<readonly StoredSession[]> {
    const { rows } = await this.#database.reads.query<StoredSession>(
      `SELECT ${COLUMNS} FROM sessions WHERE kind = $1 AND ($2::text IS NULL OR id < $2)
       ORDER BY id DESC LIMIT ${page.fetchLimit}`,
      [kind, page.beforeId],
    );
    return rows;
  }

  /** Ends a session for good, begun or not; safe to repeat. @returns whether there is such a session */
  async revoke(id: string, kind: SessionKind): Promise<boolean> {
    const { rowCount } = await this.#database.pool.query(
      'UPDATE sessions SET revoked_at = coalesce(revoked_at, now()) WHERE id = $1 AND kind = $2',
      [id, kind],
    );
    return rowCount === 1;
  }
}
