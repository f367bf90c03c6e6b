import type { Database } from '../postgres/database.ts';
import type { SecretBox } from '../sealed/secret-box.ts';
import { CLAIMED_COLUMNS, type Claim, type ClaimedRow, openClaim } from './claim.ts';

/** A delivery as it would be sent now, though nobody sends it. Secrets in clear: never log it. */
export interface SignableDelivery {
  readonly claim: Claim;
  /** Whether what its event carried is gone for good. */
  readonly isErased: boolean;
}

/** Reads deliveries with all that signing one takes, without claiming them. */
export class SignableDeliveries {
  readonly #database: Database;
  readonly #secretBox: SecretBox;

  constructor(database: Database, secretBox: SecretBox) {
    this.#database = database;
    this.#secretBox = secretBox;
  }

  /** Null where it, its event or its endpoint is gone. @throws Error where the endpoint's secrets do not open */
  async read(id: string): Promise<SignableDelivery | null> {
    const { rows } = await this.#database.pool.query<ClaimedRow & { readonly isErased: boolean }>(READ_SQL, [
      id,
    ]);
    const [row] = rows;
    if (row === undefined) return null;
    const { isErased, ...claimed } = row;
    const attempt = Math.max(1, claimed.attempt);
    return { claim: openClaim({ ...claimed, attempt }, this.#secretBox), isErased };
  }
}

const READ_SQL = `
  SELECT ${CLAIMED_COLUMNS}, ev.erased_at IS NOT NULL AS "isErased"
  FROM deliveries c JOIN events ev ON ev.id = c.event_id JOIN endpoints e ON e.id = c.endpoint_id
  LEFT JOIN endpoint_health h ON h.endpoint_id = e.id
  WHERE c.id = $1 AND e.deleted_at IS NULL`;
