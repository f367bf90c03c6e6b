import type { DeliveryStart } from '../domain/delivery-start.ts';
import { type Database, inTransaction } from './database.ts';
import { DISPATCH_LOCK } from './publisher.ts';

/** Any number that is the same everywhere: one replica at a time reconciles, and a dead one's lock is freed by Postgres. */
const RECONCILE_LOCK = 7_406_413;
/** The first distance between two looks at a delivery that makes no progress; it doubles each time. */
const FIRST_RECHECK_SECONDS = 15;
const LONGEST_RECHECK_SECONDS = 3_600;

/** So that a million events scheduled for one moment move although a statement has its time limit. */
const MAX_PER_STATEMENT = 1_000;

/** Finds deliveries that should be on their way and are not. */
export class OverdueDeliveries {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Runs `work` unless another replica reconciles at this moment; false where it did not run. */
  async exclusively(work: () => Promise<void>): Promise<boolean> {
    return await inTransaction(this.#database.pool, async (client) => {
      const { rows } = await client.query<{ locked: boolean }>(
        'SELECT pg_try_advisory_xact_lock($1) AS locked',
        [RECONCILE_LOCK],
      );
      if (rows[0]?.locked !== true) return false;
      await work();
      return true;
    });
  }

  /** Moves scheduled deliveries that have come due to where publish would put them now. @returns how many */
  async moveScheduled(): Promise<number> {
    return await this.#moveInChunks(MOVE_SCHEDULED_SQL);
  }

  /**
   * Looks again at deliveries that were held by somebody who may have seen the gate as it was before it opened, and lets
   * those go whose gate is open. @returns how many it looked at
   */
  async settleHeld(): Promise<number> {
    return await this.#moveInChunks(SETTLE_HELD_SQL);
  }

  /** Each chunk a transaction of its own, in which no gate opens or shuts. */
  async #moveInChunks(sql: string): Promise<number> {
    let moved = 0;
    for (;;) {
      const count = await inTransaction(this.#database.pool, async (client) => {
        await client.query(`SELECT pg_advisory_xact_lock_shared(${DISPATCH_LOCK})`);
        return (await client.query(sql)).rowCount ?? 0;
      });
      moved += count;
      if (count < MAX_PER_STATEMENT) return moved;
    }
  }

  /** Milliseconds until the next scheduled delivery comes due; null where there is none. */
  async nextScheduledInMs(): Promise<number | null> {
    const { rows } = await this.#database.pool.query<{ wait: number | null }>(
      `SELECT (extract(epoch FROM min(recheck_at) - now()) * 1000)::float8 AS wait FROM deliveries
       WHERE status = 'scheduled' AND recheck_at IS NOT NULL`,
    );
    return rows[0]?.wait ?? null;
  }

  /** Deliveries that nothing seems to look after, the longest overdue first. */
  async list(limit: number): Promise<readonly DeliveryStart[]> {
    const { rows } = await this.#database.pool.query<StartRow>(
      `${SELECT_STARTS}
       WHERE d.recheck_at <= now() AND (d.status IN ('queued', 'retrying')
         OR (d.retry_mark IS NOT NULL AND d.status <> 'sending' AND e.deleted_at IS NULL))
       ORDER BY d.recheck_at LIMIT $1`,
      [limit],
    );
    return rows.map(asStart);
  }

  /** What a run of this delivery would begin with; null where there is no such delivery. */
  async find(deliveryId: string): Promise<DeliveryStart | null> {
    const { rows } = await this.#database.pool.query<StartRow>(`${SELECT_STARTS} WHERE d.id = $1`, [
      deliveryId,
    ]);
    return rows[0] === undefined ? null : asStart(rows[0]);
  }

  /** Notes that runs of these deliveries were started, so that the next look at them comes later each time. */
  async markStarted(deliveryIds: readonly string[]): Promise<void> {
    await this.#database.pool.query(
      `WITH target AS (
         SELECT id FROM deliveries WHERE id = ANY($1) AND recheck_at <= now() AND status <> 'sending' ORDER BY id FOR UPDATE)
       UPDATE deliveries SET rechecks = rechecks + 1, recheck_at = now() + make_interval(secs =>
         least(${LONGEST_RECHECK_SECONDS}, ${FIRST_RECHECK_SECONDS} * power(2, least(rechecks, 10))))
       WHERE id IN (SELECT id FROM target)`,
      [deliveryIds],
    );
  }
}

const MOVE_SCHEDULED_SQL = `
  ${lockOverdue("status = 'scheduled'")}
  UPDATE deliveries d SET
    status = CASE WHEN e.status = 'disabled' THEN 'skipped' WHEN g.is_open THEN 'queued' ELSE 'held' END,
    recheck_at = CASE WHEN e.status <> 'disabled' AND g.is_open THEN now() END,
    finished_at = CASE WHEN e.status = 'disabled' THEN now() END
  FROM target t, endpoints e, gates g WHERE d.id = t.id AND e.id = d.endpoint_id AND g.endpoint_id = e.id`;

const SETTLE_HELD_SQL = `
  ${lockOverdue("status = 'held' AND retry_mark IS NULL")}
  UPDATE deliveries d SET
    status = CASE WHEN NOT g.is_open THEN 'held' WHEN d.attempts_made = 0 THEN 'queued' ELSE 'retrying' END,
    due_at = CASE WHEN g.is_open THEN coalesce(d.due_at, now()) ELSE d.due_at END,
    recheck_at = CASE WHEN g.is_open THEN greatest(d.due_at, now()) END, rechecks = 0
  FROM target t, gates g WHERE d.id = t.id AND g.endpoint_id = d.endpoint_id`;

/** Those that waited longest, locked in the order in which claims and records lock. */
function lockOverdue(condition: string): string {
  return `WITH target AS (
    SELECT id FROM deliveries WHERE ${condition} AND recheck_at <= now() AND id IN (
      SELECT id FROM deliveries WHERE ${condition} AND recheck_at <= now() ORDER BY recheck_at LIMIT ${MAX_PER_STATEMENT})
    ORDER BY id FOR UPDATE)`;
}

interface StartRow extends Omit<DeliveryStart, 'host'> {
  readonly url: string;
}

const SELECT_STARTS = `
  SELECT d.id AS "deliveryId", d.event_id AS "eventId", d.event, d.endpoint_id AS "endpointId",
    d.customer_id AS "customerId", e.url, d.attempts_made AS "attemptsMade", d.retry_mark AS mark,
    greatest(0, extract(epoch FROM coalesce(d.due_at, now()) - now()) * 1000)::float8 AS "dueInMs"
  FROM deliveries d JOIN endpoints e ON e.id = d.endpoint_id`;

function asStart({ url, ...start }: StartRow): DeliveryStart {
  return { ...start, host: new URL(url).host };
}
