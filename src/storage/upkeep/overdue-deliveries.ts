import type { DeliveryStart } from '../../domain/delivery-start.ts';
import type { Claim } from '../claims/claim.ts';
import { BY_TIME } from '../open/by-time.ts';
import { asStart, SELECT_ANY_START, SELECT_STARTS, type StartRow } from '../open/start-row.ts';
import { SETTLE_HELD } from '../open/transitions/gates.ts';
import { LEAVE_TO_RUN, LEAVE_TO_WAVES } from '../open/transitions/waiting.ts';
import type { Database } from '../postgres/database.ts';
import { whileReconciling, withDispatchShared } from '../postgres/locks.ts';
import { WAITING } from '../postgres/statuses.ts';
import { milliseconds } from '../postgres/time-sql.ts';
import { lockOverdue, MAX_PER_CHUNK } from './overdue-sql.ts';

/** Finds deliveries that should be on their way and are not. */
export class OverdueDeliveries {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Runs `work` unless another replica reconciles at this moment; false where it did not run. */
  async exclusively(work: () => Promise<void>): Promise<boolean> {
    return await whileReconciling(this.#database, work);
  }

  /**
   * Looks again at deliveries that were held by somebody who may have seen the gate as it was before it opened, and
   * lets those go whose gate is open. @returns how many it looked at
   */
  async settleHeld(): Promise<number> {
    let moved = 0;
    for (;;) {
      const { rowCount } = await withDispatchShared(
        this.#database,
        async (client) => await client.query(SETTLE_HELD_SQL),
      );
      moved += rowCount ?? 0;
      if ((rowCount ?? 0) < MAX_PER_CHUNK) return moved;
    }
  }

  /** Deliveries that wait for a wave, though they have been due for some seconds. */
  async listWaiting(limit: number): Promise<readonly DeliveryStart[]> {
    const { rows } = await this.#database.pool.query<StartRow>(
      `${SELECT_STARTS} WHERE d.wave_at <= now() - ${milliseconds('$2')} AND d.${BY_TIME} ORDER BY d.wave_at LIMIT $1`,
      [limit, this.#database.timing.patienceMs],
    );
    return rows.map(asStart);
  }

  /** Leaves to waves what runs of their own should have looked after and, it seems, do not. */
  async leaveToWaves(deliveryIds: readonly string[]): Promise<void> {
    await this.#database.pool.query(
      `WITH target AS (
         SELECT id FROM open_deliveries WHERE id = ANY($1) AND recheck_at <= now() AND status IN (${WAITING})
           AND retry_mark IS NULL ORDER BY id FOR UPDATE)
       ${LEAVE_TO_WAVES} WHERE id IN (SELECT id FROM target)`,
      [deliveryIds],
    );
  }

  /** Leaves to waves what was to have a run of its own after this attempt, and could not be given one. */
  async returnToWaves({ deliveryId, attempt }: Pick<Claim, 'deliveryId' | 'attempt'>): Promise<void> {
    await this.#database.pool.query(
      `${LEAVE_TO_WAVES}
       WHERE id = $1 AND attempts_made = $2 AND status IN (${WAITING}) AND retry_mark IS NULL`,
      [deliveryId, attempt],
    );
  }

  /** Deliveries that should have made progress with a run of their own and did not, the longest overdue first. */
  async list(limit: number): Promise<readonly DeliveryStart[]> {
    const { rows } = await this.#database.pool.query<StartRow>(
      `${SELECT_STARTS}
       WHERE d.recheck_at <= now() AND (d.status IN (${WAITING})
         OR (d.retry_mark IS NOT NULL AND d.status <> 'sending' AND e.deleted_at IS NULL))
       ORDER BY d.recheck_at LIMIT $1`,
      [limit],
    );
    return rows.map(asStart);
  }

  /** What a run of this delivery would begin with; null where there is no such delivery. */
  async find(deliveryId: string): Promise<DeliveryStart | null> {
    const { rows } = await this.#database.pool.query<StartRow>(`${SELECT_ANY_START} WHERE d.id = $1`, [
      deliveryId,
    ]);
    return rows[0] === undefined ? null : asStart(rows[0]);
  }

  /** Notes that runs of these deliveries were started, so that the next look at them comes later each time. */
  async markStarted(deliveryIds: readonly string[]): Promise<void> {
    const { recheckMs, longestRecheckMs } = this.#database.timing;
    await this.#database.pool.query(
      `WITH target AS (
         SELECT id FROM open_deliveries WHERE id = ANY($1) AND status <> 'sending'
           AND (recheck_at <= now() OR wave_at IS NOT NULL) ORDER BY id FOR UPDATE)
       ${LEAVE_TO_RUN}
       WHERE id IN (SELECT id FROM target)`,
      [deliveryIds, recheckMs, longestRecheckMs],
    );
  }
}

const SETTLE_HELD_SQL = `
  ${lockOverdue("status = 'held' AND retry_mark IS NULL")}
  ${SETTLE_HELD}
  FROM target t, gates g WHERE d.id = t.id AND g.endpoint_id = d.endpoint_id`;
