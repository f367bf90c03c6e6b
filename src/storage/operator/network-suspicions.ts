import type { Database } from '../postgres/database.ts';
import { milliseconds } from '../postgres/time-sql.ts';

/** Since when workers suspect their own network, and how many do. */
export interface NetworkSuspicion {
  readonly since: Date;
  readonly workers: number;
}

const FORGOTTEN = "interval '1 day'";

/** What workers think of their own network, where the API can read it. */
export class NetworkSuspicions {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Notes that a worker suspects its network; to be repeated every few seconds. */
  async note(worker: string, since: Date): Promise<void> {
    await this.#database.pool.query(
      `WITH forgotten AS (DELETE FROM network_suspicions WHERE seen_at < now() - ${FORGOTTEN})
       INSERT INTO network_suspicions (worker, since, seen_at) VALUES ($1, $2, now())
       ON CONFLICT (worker) DO UPDATE SET since = excluded.since, seen_at = excluded.seen_at`,
      [worker, since],
    );
  }

  /** Notes that a worker does not, or stops. */
  async clear(worker: string): Promise<void> {
    await this.#database.pool.query('DELETE FROM network_suspicions WHERE worker = $1', [worker]);
  }

  /**
   * What holds now; null where no worker suspects anything. One that has said nothing for a while does not, or is dead.
   */
  async current(): Promise<NetworkSuspicion | null> {
    const { rows } = await this.#database.pool.query<{ since: Date | null; workers: number }>(
      `SELECT min(since) AS since, count(*)::integer AS workers FROM network_suspicions
        WHERE seen_at > now() - ${milliseconds('$1')}`,
      [this.#database.timing.believedMs],
    );
    const [row] = rows;
    return row === undefined || row.since === null ? null : { since: row.since, workers: row.workers };
  }
}
