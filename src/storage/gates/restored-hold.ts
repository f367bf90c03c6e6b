import type { Database } from '../postgres/database.ts';
import { OPEN } from '../postgres/statuses.ts';
import { EndpointSwitch } from './endpoint-switch.ts';

/** What is held of a customer since a database was restored; null is what goes to the operator's own endpoints. */
export interface HeldCustomer {
  readonly customerId: string | null;
  readonly endpoints: number;
  /** Open deliveries, some of which may have ended after the moment that was restored. */
  readonly deliveries: number;
}

/** Who has paused an endpoint that is held so. */
const BY = 'restore';

/**
 * Holds back what a restored database believes to be open, until somebody has looked: it may have been delivered since.
 */
export class RestoredHold {
  readonly #database: Database;
  readonly #endpoints: EndpointSwitch;

  constructor(database: Database) {
    this.#database = database;
    this.#endpoints = new EndpointSwitch(database);
  }

  /** Pauses every endpoint that is enabled; safe to repeat. To be called before any worker runs. @returns how many */
  async hold(reason: string): Promise<number> {
    const { rows } = await this.#database.pool.query<{ id: string }>(
      "SELECT id FROM endpoints WHERE status = 'enabled' AND deleted_at IS NULL ORDER BY id",
    );
    for (const { id } of rows) await this.#endpoints.pause(id, { by: BY, reason });
    return rows.length;
  }

  /** What is held, by customer. */
  async list(): Promise<readonly HeldCustomer[]> {
    const { rows } = await this.#database.pool.query<HeldCustomer>(
      `SELECT e.customer_id AS "customerId", count(DISTINCT e.id)::integer AS endpoints,
        count(d.id)::integer AS deliveries
       FROM endpoints e LEFT JOIN open_deliveries d ON d.endpoint_id = e.id AND d.status IN (${OPEN})
       WHERE e.status = 'paused' AND e.status_by = $1 AND e.deleted_at IS NULL
       GROUP BY 1 ORDER BY 3 DESC, 1`,
      [BY],
    );
    return rows;
  }

  /**
   * Lets the deliveries of these customers go, under the ids that they have; of all where null.
   * @returns how many endpoints
   */
  async release(customerIds: readonly string[] | null): Promise<number> {
    const { rows } = await this.#database.pool.query<{ id: string }>(
      `SELECT id FROM endpoints WHERE status = 'paused' AND status_by = $1 AND deleted_at IS NULL
         AND ($2::text[] IS NULL OR customer_id = ANY($2)) ORDER BY id`,
      [BY, customerIds],
    );
    for (const { id } of rows) await this.#endpoints.resume(id, { by: BY });
    return rows.length;
  }
}
