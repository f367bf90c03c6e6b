import type { Database } from '../postgres/database.ts';
import { withDispatchLocked } from '../postgres/locks.ts';
import { milliseconds, waitMsUntil } from '../postgres/time-sql.ts';
import { BY_TIME } from './by-time.ts';

/** SQL: whether a wave takes what is due, so that publish leaves it to that. Read it under the dispatch lock. */
export const WAVE_ROLLS = 'EXISTS (SELECT FROM waves WHERE is_rolling)';

/** Which drain of which lane; the token changes with every drain, so that one which was replaced can be told. */
export interface WaveDrain {
  readonly lane: number;
  readonly token: string;
}

/** The rows by which publish and the reconciling loop know whether waves roll. */
export class WaveLanes {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Says that from now on this drain takes what is due; whatever drained the lane before is replaced. */
  async open({ lane, token }: WaveDrain): Promise<void> {
    await this.#database.pool.query(
      `WITH opened AS (
         INSERT INTO waves (lane, token, is_rolling) VALUES ($1, $2, true)
         ON CONFLICT (lane) DO UPDATE SET token = excluded.token, is_rolling = true)
       INSERT INTO wave_leases (lane, token, lease_until) VALUES ($1, $2, now() + ${milliseconds('$3')})
       ON CONFLICT (lane) DO UPDATE SET token = excluded.token, lease_until = excluded.lease_until`,
      [lane, token, this.#database.timing.drainLeaseMs],
    );
  }

  /**
   * Holds the lane for some seconds more. It changes nothing that publish reads.
   * @returns false where the drain was replaced, or its lane closed as abandoned
   */
  async renew({ lane, token }: WaveDrain): Promise<boolean> {
    const { rowCount } = await this.#database.pool.query(
      `UPDATE wave_leases l SET lease_until = now() + ${milliseconds('$3')} FROM waves w
       WHERE l.lane = $1 AND l.token = $2 AND w.lane = l.lane AND w.token = l.token AND w.is_rolling`,
      [lane, token, this.#database.timing.drainLeaseMs],
    );
    return rowCount === 1;
  }

  /**
   * Says that the drain takes nothing more. Once this returns, every publish that still left its deliveries to the wave
   * has committed: claim until nothing comes, and nothing is left behind.
   */
  async close({ lane, token }: WaveDrain): Promise<void> {
    await withDispatchLocked(this.#database, async (client) => {
      await client.query('UPDATE waves SET is_rolling = false WHERE lane = $1 AND token = $2', [lane, token]);
    });
  }

  /**
   * Closes lanes whose drain died and that no other took over, so that publish sees to its deliveries itself again.
   * @returns how many
   */
  async closeAbandoned(): Promise<number> {
    const { rows } = await this.#database.pool.query<WaveDrain>(
      `SELECT lane, token FROM waves w WHERE is_rolling AND NOT EXISTS (
         SELECT FROM wave_leases l WHERE l.lane = w.lane AND l.token = w.token AND l.lease_until > now())`,
    );
    for (const abandoned of rows) await this.close(abandoned);
    return rows.length;
  }

  /** Whether some drain has held its lane within the last seconds. */
  async isAlive(): Promise<boolean> {
    const { rows } = await this.#database.pool.query<{ alive: boolean }>(
      'SELECT EXISTS (SELECT FROM waves JOIN wave_leases USING (lane, ' +
        'token) WHERE is_rolling AND lease_until > now()) AS alive',
    );
    return rows[0]?.alive === true;
  }

  /** Whether some drain has looked just now, which lanes have one that has not, and whether something waits for one. */
  async standing(): Promise<{
    readonly isDrained: boolean;
    readonly late: readonly number[];
    readonly isWaiting: boolean;
  }> {
    const { drainLeaseMs, drainLateMs } = this.#database.timing;
    const { rows } = await this.#database.pool.query<{
      isDrained: boolean | null;
      late: readonly number[] | null;
      isWaiting: boolean;
    }>({ name: 'lanes-standing', text: STANDING_SQL, values: [drainLeaseMs - drainLateMs, drainLateMs] });
    const [row] = rows;
    return {
      isDrained: row?.isDrained ?? false,
      late: row?.late ?? [],
      isWaiting: row?.isWaiting ?? false,
    };
  }

  /**
   * Milliseconds until the next retry without a run of its own comes due; null where none waits. What is new and due
   * belongs to whoever published it.
   */
  async nextDueInMs(): Promise<number | null> {
    const { rows } = await this.#database.pool.query<{ wait: number | null }>(
      `SELECT ${waitMsUntil('wave_at', 'now()')} AS wait FROM open_deliveries
       WHERE wave_at IS NOT NULL AND ${BY_TIME} AND (status = 'retrying' OR wave_at > now()) ORDER BY wave_at LIMIT 1`,
    );
    return rows[0]?.wait ?? null;
  }
}

/** A lease that has run down by more than one look tells that its drain is late. */
const STANDING_SQL = `
  SELECT bool_or(is_fresh) AS "isDrained", array_agg(lane) FILTER (WHERE NOT is_fresh) AS late,
    EXISTS (SELECT FROM open_deliveries WHERE wave_at < now() - ${milliseconds('$2')} AND ${BY_TIME}) AS "isWaiting"
  FROM (
    SELECT w.lane, coalesce(l.lease_until > now() + ${milliseconds('$1')}, false) AS is_fresh
    FROM waves w LEFT JOIN wave_leases l USING (lane, token) WHERE w.is_rolling) lanes`;
