import type { PoolClient } from 'pg';
import {
  ASK_AGAIN_AFTER_MS,
  CHALLENGE_LIFETIME_MS,
  UNVERIFIED,
  VERIFICATION_EVENT,
} from '../../domain/ownership.ts';
import type { Database } from '../postgres/database.ts';

/** The last check whether an endpoint answers for its URL. */
export interface OwnershipCheck {
  readonly url: string;
  /** Null until its delivery is accepted. */
  readonly deliveryId: string | null;
  readonly requestedAt: Date;
  readonly expiresAt: Date;
  /** When the challenge came back. */
  readonly usedAt: Date | null;
  readonly isExpired: boolean;
  /** Whether it is so fresh that another must not be asked for yet. */
  readonly isFresh: boolean;
}

/**
 * SQL: the data of the event `e`, with a challenge masked: whoever can read it could verify an endpoint that is not
 * theirs.
 */
export function shownData(event: string, data: string): string {
  return `CASE WHEN ${event} = '${VERIFICATION_EVENT}' THEN '{"challenge":"***"}' ELSE ${data} END`;
}

/** Challenges, one an endpoint: a new one takes the place of the last. Of a challenge only its SHA-256 is kept here. */
export class OwnershipChecks {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Begins a check of the endpoint's present URL. @returns whether it may: it is unverified and none is fresh */
  async begin(endpointId: string, challengeHash: Buffer): Promise<boolean> {
    const { rowCount } = await this.#database.pool.query(
      `INSERT INTO ownership_checks AS c (endpoint_id, url, challenge_hash, requested_at, expires_at)
       SELECT id, url, $2, now(), now() + interval '${CHALLENGE_LIFETIME_MS} milliseconds' FROM endpoints
       WHERE id = $1 AND disabled_reason = '${UNVERIFIED}' AND deleted_at IS NULL
       ON CONFLICT (endpoint_id) DO UPDATE SET url = excluded.url, challenge_hash = excluded.challenge_hash,
         delivery_id = NULL, requested_at = excluded.requested_at, expires_at = excluded.expires_at, used_at = NULL
       WHERE NOT ${IS_FRESH} OR c.url <> excluded.url`,
      [endpointId, challengeHash],
    );
    return rowCount === 1;
  }

  /** Notes which delivery carries the challenge. */
  async noteDelivery(endpointId: string, challengeHash: Buffer, deliveryId: string): Promise<void> {
    await this.#database.pool.query(
      'UPDATE ownership_checks SET delivery_id = $3 WHERE endpoint_id = $1 AND challenge_hash = $2',
      [endpointId, challengeHash, deliveryId],
    );
  }

  /** The last check of an endpoint; null where there was none. */
  async read(endpointId: string): Promise<OwnershipCheck | null> {
    const { rows } = await this.#database.pool.query<OwnershipCheck>(
      `SELECT url, delivery_id AS "deliveryId", requested_at AS "requestedAt", expires_at AS "expiresAt",
         used_at AS "usedAt", expires_at <= now() AS "isExpired", ${IS_FRESH} AS "isFresh"
       FROM ownership_checks c WHERE endpoint_id = $1`,
      [endpointId],
    );
    return rows[0] ?? null;
  }
}

/** An answer to a challenge: what it was a challenge of, and who answered. */
export interface ChallengeAnswer {
  /** SHA-256 of the challenge. */
  readonly challengeHash: Buffer;
  readonly url: string;
}

/**
 * Takes the answer to a challenge, once and in time, inside the caller's transaction, and makes the endpoint what it
 * was before it needed one: enabled where it is new, else as it had been switched.
 * @returns whether the challenge was the one that is waited for, of the URL that the endpoint still has
 */
export async function takeChallengeAnswer(
  client: PoolClient,
  endpointId: string,
  { challengeHash, url }: ChallengeAnswer,
): Promise<boolean> {
  const { rowCount } = await client.query(TAKE_ANSWER_SQL, [endpointId, challengeHash, url]);
  return rowCount === 1;
}

/** SQL: what an endpoint that is verified, or switched by a person, keeps no longer. */
export const NO_LONGER_UNVERIFIED = 'prior_status = NULL, prior_disabled_reason = NULL';

const TAKE_ANSWER_SQL = `
  WITH used AS (
    UPDATE ownership_checks SET used_at = now()
    WHERE endpoint_id = $1 AND challenge_hash = $2 AND url = $3 AND used_at IS NULL AND expires_at > now()
    RETURNING endpoint_id)
  UPDATE endpoints SET status = coalesce(prior_status, 'enabled'), disabled_reason = prior_disabled_reason,
    status_since = now(), status_by = NULL, status_reason = NULL, updated_at = now(), ${NO_LONGER_UNVERIFIED}
  WHERE id IN (SELECT endpoint_id FROM used) AND url = $3 AND disabled_reason = '${UNVERIFIED}' AND deleted_at IS NULL`;

const IS_FRESH = `(c.requested_at > now() - interval '${ASK_AGAIN_AFTER_MS} milliseconds')`;
