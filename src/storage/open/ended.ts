import type { PoolClient } from 'pg';
import { spanOf } from '../postgres/id-span.ts';
import { ENDED } from '../postgres/statuses.ts';
import { endAs } from './transitions/ends.ts';
import { REVIVE } from './transitions/revivals.ts';

/**
 * Moves those of these deliveries that have ended to the open ones, inside the caller's transaction, which has them
 * sent again; whoever leaves them as they are rolls back.
 */
export async function revive(client: PoolClient, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await client.query({ name: 'revive', text: REVIVE, values: [ids, ...spanOf(ids)] });
}

/** Moves those of these open deliveries that have ended by now, and that nobody wants sent again, to the ended ones. */
export async function settleEnded(client: PoolClient, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await client.query({ name: 'settle-ended', text: SETTLE_SQL, values: [ids] });
}

const SETTLE_SQL = `
  WITH target AS (
    SELECT id FROM open_deliveries WHERE id = ANY($1) AND status IN (${ENDED}) AND retry_mark IS NULL ORDER BY id
    FOR UPDATE),
  ${endAs(
    { status: 'd.status', finishedAt: 'coalesce(d.finished_at, now())' },
    'USING target t WHERE d.id = t.id AND d.id = ANY($1)',
  )}
  SELECT FROM ended`;
