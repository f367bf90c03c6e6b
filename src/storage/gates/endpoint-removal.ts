import { deliveriesFinished } from '../../metrics/attempt-metrics.ts';
import { endWithEndpoint } from '../open/transitions/ends.ts';
import type { Database } from '../postgres/database.ts';
import { withDispatchLocked } from '../postgres/locks.ts';
import { OPEN } from '../postgres/statuses.ts';

/** Deletes endpoints with what belongs to them. Their deliveries and attempts are kept as long as others. */
export class EndpointRemoval {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * Deletes the endpoint and cancels its open deliveries, whose ids it returns; what was delivered stays so, and no
   * manual attempt is waited for any more. Its secrets, headers and client key are gone at once.
   */
  async remove(endpointId: string): Promise<readonly string[]> {
    const cancelled = await withDispatchLocked(this.#database, async (client) => {
      await client.query(
        `UPDATE endpoints SET deleted_at = now(), headers = '[]', route = NULL WHERE id = $1 AND deleted_at IS NULL`,
        [endpointId],
      );
      await client.query('UPDATE gates SET is_open = false WHERE endpoint_id = $1', [endpointId]);
      await client.query('DELETE FROM endpoint_secrets WHERE endpoint_id = $1', [endpointId]);
      const { rows } = await client.query<{ id: string; cancelled: boolean }>(CANCEL_OPEN_SQL, [endpointId]);
      return rows.filter((row) => row.cancelled).map((row) => row.id);
    });
    deliveriesFinished.inc({ status: 'cancelled', reason: '' }, cancelled.length);
    return cancelled;
  }
}

const CANCEL_OPEN_SQL = `
  WITH target AS (
    SELECT id FROM open_deliveries WHERE endpoint_id = $1 AND (status IN (${OPEN}) OR retry_mark IS NOT NULL)
    ORDER BY id FOR UPDATE),
  ${endWithEndpoint('USING target t WHERE d.id = t.id')}
  SELECT id, status = 'cancelled' AS cancelled FROM ended`;
