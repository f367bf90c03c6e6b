import type { PoolClient } from 'pg';
import { SECRET_LIMITS } from '../../domain/endpoint.ts';
import { generateSigningKey } from '../../signature/schemes/signing-key.ts';
import { type Database, inTransaction } from '../postgres/database.ts';
import { openPair, sealPair } from '../sealed/sealed-secret.ts';
import type { SecretBox } from '../sealed/secret-box.ts';

/** SQL: whether the secret `s` signs, by the database's clock. */
export const IS_LIVE = '(s.expires_at IS NULL OR s.expires_at > clock_timestamp())';

/** SQL: the order of an endpoint's secrets `s` in which the first signs where there is room for one only. */
export const PRIMARY_FIRST = 's.is_promoted DESC, s.number';

/** A live signing secret of an endpoint, without its text. */
export interface LiveSecret {
  /** Counts the secrets that the endpoint ever had; never given out twice. */
  readonly number: number;
  /** Whether it makes the signatures that have room for one. */
  readonly isPrimary: boolean;
  readonly createdAt: Date;
  /** When it ends to be live; null of the newest. */
  readonly expiresAt: Date | null;
}

/** With its text in clear: never log it. */
export interface ReadableSecret extends LiveSecret {
  readonly secret: string;
}

/** What came of a rotation. */
export type RotationResult =
  | { readonly kind: 'rotated'; readonly live: readonly LiveSecret[] }
  /** The endpoint has that secret already. */
  | { readonly kind: 'in_use' }
  /** So many are live that no other fits beside them. */
  | { readonly kind: 'too_many' }
  | { readonly kind: 'missing' };

/** What came of a revocation. */
export type RevocationResult =
  | { readonly kind: 'revoked'; readonly live: readonly LiveSecret[] }
  /** None would be left. */
  | { readonly kind: 'last' }
  /** The endpoint never had a secret of this number. */
  | { readonly kind: 'unknown'; readonly number: number }
  | { readonly kind: 'missing' };

interface SecretRow extends Omit<LiveSecret, 'isPrimary'> {
  readonly ciphertext: Buffer;
}

/**
 * The signing secrets of endpoints. The newest has no expiry; those before it are live until the overlap of the
 * rotation that replaced them ends. Each change locks the endpoint, so that of two at once the second sees what the
 * first did.
 */
export class EndpointSecrets {
  readonly #database: Database;
  readonly #secretBox: SecretBox;

  constructor(database: Database, secretBox: SecretBox) {
    this.#database = database;
    this.#secretBox = secretBox;
  }

  /** The live secrets in clear, the primary one first; none where there is no such endpoint. */
  async read(endpointId: string): Promise<readonly ReadableSecret[]> {
    const { rows } = await this.#database.pool.query<SecretRow>(LIVE_SQL, [endpointId]);
    const live = toLive(rows);
    return rows.flatMap(({ ciphertext }, index) => {
      const facts = live[index];
      return facts === undefined ? [] : [{ ...facts, secret: this.#open(ciphertext, endpointId) }];
    });
  }

  /** Adds a secret as the newest; the others are live for the overlap at most, and without one no longer. */
  async rotate(
    endpointId: string,
    { secret, overlapSeconds }: { readonly secret: string; readonly overlapSeconds: number },
  ): Promise<RotationResult> {
    return await inTransaction(this.#database.pool, async (client) => {
      const made = await lockEndpoint(client, endpointId);
      if (made === null) return { kind: 'missing' };
      const { rows } = await client.query<SecretRow>(LIVE_SQL, [endpointId]);
      if (rows.some((row) => this.#isSame(row, { endpointId, secret }))) return { kind: 'in_use' };
      if (overlapSeconds > 0 && rows.length >= SECRET_LIMITS.live.max) return { kind: 'too_many' };
      await client.query(END_OTHERS_SQL, [endpointId, overlapSeconds]);
      await client.query(REMOVE_EXPIRED_SQL, [endpointId]);
      const pair = { secret, signingKey: generateSigningKey() };
      const { ciphertext, publicKey } = sealPair(pair, { secretBox: this.#secretBox, endpointId });
      await client.query(ADD_SQL, [endpointId, made + 1, ciphertext, publicKey]);
      return { kind: 'rotated', live: await listLive(client, endpointId) };
    });
  }

  /** Makes the newest the primary one; safe to repeat. Null where there is no such endpoint. */
  async promote(endpointId: string): Promise<readonly LiveSecret[] | null> {
    return await inTransaction(this.#database.pool, async (client) => {
      if ((await lockEndpoint(client, endpointId)) === null) return null;
      await client.query(
        'UPDATE endpoint_secrets SET is_promoted = (expires_at IS NULL) WHERE endpoint_id = $1',
        [endpointId],
      );
      return await listLive(client, endpointId);
    });
  }

  /**
   * Removes the secrets of these numbers, where null all but the newest; safe to repeat. Of those that stay the newest
   * has no expiry then: who revokes the newest takes its rotation back.
   */
  async revoke(endpointId: string, numbers: readonly number[] | null): Promise<RevocationResult> {
    return await inTransaction(this.#database.pool, async (client) => {
      const made = await lockEndpoint(client, endpointId);
      if (made === null) return { kind: 'missing' };
      const unknown = numbers?.find((number) => number > made);
      if (unknown !== undefined) return { kind: 'unknown', number: unknown };
      const live = await listLive(client, endpointId);
      const goes = ({ number, expiresAt }: LiveSecret): boolean =>
        numbers === null ? expiresAt !== null : numbers.includes(number);
      const left = live.filter((secret) => !goes(secret)).map(({ number }) => number);
      if (left.length === 0) return { kind: 'last' };
      await client.query('DELETE FROM endpoint_secrets WHERE endpoint_id = $1 AND number <> ALL ($2)', [
        endpointId,
        left,
      ]);
      await client.query(
        'UPDATE endpoint_secrets SET expires_at = NULL WHERE endpoint_id = $1 AND number = $2',
        [endpointId, Math.max(...left)],
      );
      return { kind: 'revoked', live: await listLive(client, endpointId) };
    });
  }

  /** A secret that cannot be decrypted never counts as the same, so a rotation can replace it. */
  #isSame(
    { ciphertext }: SecretRow,
    { endpointId, secret }: { readonly endpointId: string; readonly secret: string },
  ): boolean {
    try {
      return this.#open(ciphertext, endpointId) === secret;
    } catch {
      return false;
    }
  }

  #open(ciphertext: Buffer, endpointId: string): string {
    return openPair(ciphertext.toString('base64'), { secretBox: this.#secretBox, endpointId }).secret;
  }
}

const LIVE_SQL = `
  SELECT s.number, s.ciphertext, s.created_at AS "createdAt", s.expires_at AS "expiresAt"
  FROM endpoint_secrets s WHERE s.endpoint_id = $1 AND ${IS_LIVE} ORDER BY ${PRIMARY_FIRST}`;

/** An end that was set before stays where it is earlier. */
const END_OTHERS_SQL = `
  UPDATE endpoint_secrets SET expires_at = least(expires_at, clock_timestamp() + make_interval(secs => $2))
  WHERE endpoint_id = $1`;

const REMOVE_EXPIRED_SQL =
  'DELETE FROM endpoint_secrets WHERE endpoint_id = $1 AND expires_at <= clock_timestamp()';

const ADD_SQL = `
  WITH counted AS (UPDATE endpoints SET secrets_made = $2 WHERE id = $1)
  INSERT INTO endpoint_secrets (endpoint_id, number, ciphertext, public_key) VALUES ($1, $2, $3, $4)`;

/** How many secrets the endpoint ever had; null where there is none, or no longer. */
async function lockEndpoint(client: PoolClient, endpointId: string): Promise<number | null> {
  const { rows } = await client.query<{ made: number }>(
    'SELECT secrets_made AS made FROM endpoints WHERE id = $1 AND deleted_at IS NULL FOR NO KEY UPDATE',
    [endpointId],
  );
  return rows[0]?.made ?? null;
}

async function listLive(client: PoolClient, endpointId: string): Promise<readonly LiveSecret[]> {
  const { rows } = await client.query<SecretRow>(LIVE_SQL, [endpointId]);
  return toLive(rows);
}

function toLive(rows: readonly SecretRow[]): readonly LiveSecret[] {
  return rows.map(({ number, createdAt, expiresAt }, index) => {
    return { number, isPrimary: index === 0, createdAt, expiresAt };
  });
}
