import type { PoolClient } from 'pg';
import { LEAVE_OPENED } from '../open/transitions/gates.ts';
import { IN_BATCH } from '../postgres/statuses.ts';

/** SQL: whether the endpoint `e` has rules that only its gate's drain can keep. */
export const IS_ALWAYS_SHUT =
  '(e.rate_limit IS NOT NULL OR e.max_concurrency IS NOT NULL OR e.batch IS NOT NULL OR e.ordered)';

/**
 * SQL: whether no rule, switch or breaker of endpoint `e` (health `h`, may be absent) keeps its gate shut; at most a
 * backlog does.
 */
export const MAY_OPEN = `(e.status = 'enabled' AND e.deleted_at IS NULL AND NOT ${IS_ALWAYS_SHUT}
  AND coalesce(h.state, 'closed') = 'closed')`;

/** More than these are let go by the gate's drain, which begins slowly. */
const FEW_HELD = 100;

/** SQL: whether the endpoint $1 has a batch that is formed and not done: it must stay together. */
const HAS_BATCH = `EXISTS (SELECT FROM open_deliveries WHERE endpoint_id = $1 AND batch_id IS NOT NULL
  AND status IN (${IN_BATCH}))`;

/**
 * Opens a gate that nothing but a few held deliveries keeps shut, and leaves those to waves. The caller holds the
 * dispatch lock.
 * @returns how many were let go; null where the gate stays shut
 */
export async function openIfFewAreHeld(client: PoolClient, endpointId: string): Promise<number | null> {
  const { rows } = await client.query<{ opens: boolean }>(
    `SELECT ${MAY_OPEN} AND NOT ${HAS_BATCH} AND (SELECT count(*) FROM (
         SELECT FROM open_deliveries WHERE endpoint_id = $1 AND status = 'held' AND priority IN (0, 1)
           AND due_at <= now()
         LIMIT ${FEW_HELD + 1}) AS due) <= ${FEW_HELD}
       AS opens
     FROM endpoints e LEFT JOIN endpoint_health h ON h.endpoint_id = e.id WHERE e.id = $1`,
    [endpointId],
  );
  if (rows[0]?.opens !== true) return null;
  await client.query('UPDATE gates SET is_open = true, needs_wake = false WHERE endpoint_id = $1', [
    endpointId,
  ]);
  const { rowCount } = await client.query(
    `WITH target AS (SELECT id FROM open_deliveries WHERE endpoint_id = $1 AND status = 'held' ORDER BY id FOR UPDATE)
     ${LEAVE_OPENED}
     WHERE id IN (SELECT id FROM target)`,
    [endpointId],
  );
  return rowCount ?? 0;
}
