import type { Database } from '../postgres/database.ts';
import { IDEMPOTENCY_WINDOW } from '../postgres/time-sql.ts';
import type { SecretBox } from '../sealed/secret-box.ts';

/**
 * A request that came with an idempotency key. `scope` says who asks for what; `requestHash` covers all that was sent.
 */
export interface KeyedRequest {
  readonly scope: string;
  readonly key: string;
  readonly requestHash: Buffer;
}

/**
 * What is known of such a request: `new` is the caller's to carry out, `answered` was carried out before, `under_way`
 * is being carried out, `unknown` was begun by a process that never noted the answer, `other` means that the key was
 * used otherwise.
 */
export type Remembered =
  | { readonly kind: 'new' | 'under_way' | 'unknown' | 'other' }
  | { readonly kind: 'answered'; readonly answer: string };

interface Row {
  readonly request_hash: Buffer;
  readonly answer: Buffer | null;
  readonly is_lost: boolean;
}

/** Longer than any request takes. */
const LOST_AFTER = "interval '3 minutes'";
const FORGOTTEN_AT_ONCE = 100;

/** Remembers answers by idempotency key, sealed, since some of them show a secret once. */
export class RememberedAnswers {
  readonly #database: Database;
  readonly #secretBox: SecretBox;

  constructor(database: Database, secretBox: SecretBox) {
    this.#database = database;
    this.#secretBox = secretBox;
  }

  /** Takes the key for this request unless somebody has it; the answer of `new` is to be noted or given up. */
  async begin({ scope, key, requestHash }: KeyedRequest): Promise<Remembered> {
    const { rowCount } = await this.#database.pool.query(TAKE_SQL, [scope, key, requestHash]);
    if (rowCount === 1) return { kind: 'new' };
    const { rows } = await this.#database.pool.query<Row>(READ_SQL, [scope, key]);
    const [row] = rows;
    if (row === undefined) return { kind: 'under_way' };
    if (!row.request_hash.equals(requestHash)) return { kind: 'other' };
    if (row.answer === null) return { kind: row.is_lost ? 'unknown' : 'under_way' };
    const answer = this.#open(row.answer, { scope, key });
    return answer === null ? { kind: 'unknown' } : { kind: 'answered', answer };
  }

  /** Notes the answer, as JSON text. */
  async note({ scope, key }: KeyedRequest, answer: string): Promise<void> {
    const sealed = this.#secretBox.seal(answer, ownerOf({ scope, key }));
    await this.#database.pool.query(
      'UPDATE remembered_answers SET answer = $3 WHERE scope = $1 AND key = $2 AND answer IS NULL',
      [scope, key, sealed],
    );
  }

  /** Frees the key of a request that was refused or failed. */
  async giveUp({ scope, key }: KeyedRequest): Promise<void> {
    await this.#database.pool.query(
      'DELETE FROM remembered_answers WHERE scope = $1 AND key = $2 AND answer IS NULL',
      [scope, key],
    );
  }

  /** Null where the master key that sealed it is gone. */
  #open(sealed: Buffer, request: Pick<KeyedRequest, 'scope' | 'key'>): string | null {
    try {
      return this.#secretBox.open(sealed, ownerOf(request));
    } catch {
      return null;
    }
  }
}

function ownerOf({ scope, key }: Pick<KeyedRequest, 'scope' | 'key'>): string {
  return `answer ${JSON.stringify([scope, key])}`;
}

const TAKE_SQL = `
  WITH forgotten AS (
    DELETE FROM remembered_answers WHERE (scope, key) IN (
      SELECT scope, key FROM remembered_answers WHERE created_at < now() - ${IDEMPOTENCY_WINDOW}
      ORDER BY created_at LIMIT ${FORGOTTEN_AT_ONCE} FOR UPDATE SKIP LOCKED) AND (scope, key) <> ($1, $2))
  INSERT INTO remembered_answers AS k (scope, key, request_hash) VALUES ($1, $2, $3)
  ON CONFLICT (scope, key) DO UPDATE SET request_hash = excluded.request_hash, answer = NULL, created_at = now()
  WHERE k.created_at < now() - ${IDEMPOTENCY_WINDOW}`;

const READ_SQL = `
  SELECT request_hash, answer, created_at < now() - ${LOST_AFTER} AS is_lost
  FROM remembered_answers WHERE scope = $1 AND key = $2`;
