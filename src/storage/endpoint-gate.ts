import type { PoolClient } from 'pg';
import type { EndpointStatus } from '../domain/endpoint.ts';
import { type Database, inTransaction } from './database.ts';
import { DISPATCH_LOCK } from './dispatch-lock.ts';

/**
 * Opens and shuts endpoints. Both take the lock that publish shares, so that no delivery is inserted by a publish that saw
 * the gate as it was before.
 */
export class EndpointGate {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Lets the endpoint have deliveries again; held ones become due at once or at the time they were waiting for. */
  async enable(endpointId: string): Promise<void> {
    await inTransaction(this.#database.pool, async (client) => {
      await lockDispatch(client);
      await setStatus(client, { endpointId, status: 'enabled', reason: null });
      await client.query(
        `${lockDeliveries("status = 'held'")}
         UPDATE deliveries SET status = CASE WHEN attempts_made = 0 THEN 'queued' ELSE 'retrying' END,
           due_at = greatest(due_at, now()), wave_at = greatest(due_at, now()), rechecks = 0,
           recheck_at = CASE WHEN retry_mark IS NOT NULL THEN now() END
         WHERE id IN (SELECT id FROM target)`,
        [endpointId],
      );
    });
  }

  /** Holds the endpoint's open deliveries back; what is being sent is finished first. New events are `skipped` for it. */
  async disable(endpointId: string, reason: 'by_hand' | 'gone'): Promise<void> {
    await inTransaction(this.#database.pool, async (client) => {
      await lockDispatch(client);
      await setStatus(client, { endpointId, status: 'disabled', reason });
      await client.query(
        `${lockDeliveries("status IN ('queued', 'retrying') AND NOT is_test")}
         UPDATE deliveries SET status = 'held', wave_at = NULL, aside_at = NULL, recheck_at = CASE WHEN retry_mark IS NOT NULL THEN recheck_at END
         WHERE id IN (SELECT id FROM target)`,
        [endpointId],
      );
    });
  }

  /**
   * Deletes the endpoint and cancels its open deliveries, whose ids it returns; what was delivered stays so, and no manual
   * attempt is waited for any more. Its secrets are gone at once.
   */
  async remove(endpointId: string): Promise<readonly string[]> {
    return await inTransaction(this.#database.pool, async (client) => {
      await lockDispatch(client);
      await client.query('UPDATE endpoints SET deleted_at = now() WHERE id = $1 AND deleted_at IS NULL', [
        endpointId,
      ]);
      await client.query('UPDATE gates SET is_open = false WHERE endpoint_id = $1', [endpointId]);
      await client.query('DELETE FROM endpoint_secrets WHERE endpoint_id = $1', [endpointId]);
      const { rows } = await client.query<{ id: string; cancelled: boolean }>(
        `${lockDeliveries(`(status IN (${OPEN}) OR retry_mark IS NOT NULL)`)}
         UPDATE deliveries d SET recheck_at = NULL, retry_mark = NULL, wave_at = NULL, aside_at = NULL,
           status = CASE WHEN ${IS_RESEND} THEN 'delivered' WHEN status IN (${OPEN}) THEN 'cancelled' ELSE status END,
           finished_at = CASE WHEN status IN (${OPEN}) AND NOT ${IS_RESEND} THEN now() ELSE finished_at END,
           due_at = CASE WHEN status NOT IN (${OPEN}) THEN due_at END
         WHERE id IN (SELECT id FROM target) RETURNING id, status = 'cancelled' AS cancelled`,
        [endpointId],
      );
      return rows.filter((row) => row.cancelled).map((row) => row.id);
    });
  }
}

const OPEN = "'scheduled', 'queued', 'sending', 'retrying', 'held'";
/** Being sent once more after it was delivered. */
const IS_RESEND = "(status = 'sending' AND prior_status = 'delivered')";

/** Locks deliveries of the endpoint $1 in the order that claims and records lock them, so that no two wait for each other. */
function lockDeliveries(condition: string): string {
  return `WITH target AS (
    SELECT id FROM deliveries WHERE endpoint_id = $1 AND ${condition} ORDER BY id FOR UPDATE)`;
}

async function lockDispatch(client: PoolClient): Promise<void> {
  await client.query(`SELECT pg_advisory_xact_lock(${DISPATCH_LOCK})`);
}

async function setStatus(
  client: PoolClient,
  { endpointId, status, reason }: { endpointId: string; status: EndpointStatus; reason: string | null },
): Promise<void> {
  await client.query('UPDATE gates SET is_open = $2 WHERE endpoint_id = $1', [
    endpointId,
    status === 'enabled',
  ]);
  await client.query(
    `UPDATE endpoints SET status = $2, disabled_reason = $3, updated_at = now() WHERE id = $1 AND deleted_at IS NULL`,
    [endpointId, status, reason],
  );
}
