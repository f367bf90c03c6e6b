import type { PoolClient } from 'pg';
import { settleEnded } from '../open/ended.ts';
import { TAKE_BACK } from '../open/transitions/replays.ts';
import { OPEN, PENDING } from '../postgres/statuses.ts';
import type { ReplayStep } from './replay-step.ts';

const RETURNED_PER_STATEMENT = 1_000;

/** Ends a replay of which nothing is left to release and nothing is under way. The caller has locked its row. */
export async function finishIfOver(
  client: PoolClient,
  replayId: string,
): Promise<Extract<ReplayStep, { kind: 'full' | 'waiting' | 'over' }>> {
  const { rows } = await client.query<{ hasMore: boolean; isOpen: boolean }>(
    `SELECT EXISTS (SELECT FROM replay_endpoints s JOIN endpoints e ON e.id = s.endpoint_id
         WHERE s.replay_id = $1 AND e.deleted_at IS NULL) AS "hasMore",
       EXISTS (SELECT FROM open_deliveries WHERE replay_id = $1 AND status IN (${OPEN})) AS "isOpen"`,
    [replayId],
  );
  if (rows[0]?.hasMore === true) return { kind: 'full' };
  if (rows[0]?.isOpen === true) return { kind: 'waiting' };
  await client.query(FINISH_SQL, [replayId]);
  return { kind: 'over', status: 'completed' };
}

/**
 * Takes back what a cancelled replay released and nobody has attempted since: each delivery is again what it was. The caller
 * has locked the replay's row. @returns whether nothing more is to be taken back
 */
export async function returnUnattempted(
  client: PoolClient,
  { id }: { readonly id: string },
): Promise<boolean> {
  const { rows } = await client.query<{ id: string }>(RETURN_SQL, [id]);
  await settleEnded(
    client,
    rows.map((row) => row.id),
  );
  const returned = rows.length;
  const isOver = returned < RETURNED_PER_STATEMENT;
  await client.query(
    `WITH left_over AS (DELETE FROM replay_endpoints WHERE replay_id = $1)
     UPDATE replays SET released = released - $2, finished_at = CASE WHEN $3 THEN coalesce(finished_at, now()) END
     WHERE id = $1`,
    [id, returned, isOver],
  );
  return isOver;
}

/** What is left of deleted endpoints is passed over. The counts are kept: its deliveries may be replayed again, or removed. */
const FINISH_SQL = `
  WITH left_over AS (DELETE FROM replay_endpoints WHERE replay_id = $1 RETURNING greatest(0, total - released) AS count)
  UPDATE replays SET status = 'completed', finished_at = now(),
    passed_over = passed_over + (SELECT coalesce(sum(count), 0) FROM left_over),
    delivered = (SELECT count(*) FROM ended_deliveries WHERE replay_id = $1 AND status = 'delivered'),
    cancelled = (SELECT count(*) FROM ended_deliveries WHERE replay_id = $1 AND status = 'cancelled')
  WHERE id = $1`;

/** A claim that was given back unsent has given its number back too. A wish for a manual attempt stays. */
const RETURN_SQL = `
  WITH target AS (
    SELECT id FROM open_deliveries
    WHERE replay_id = $1 AND status IN (${PENDING})
      AND attempts_made = (before_replay ->> 'attempts_made')::integer
    ORDER BY id LIMIT ${RETURNED_PER_STATEMENT} FOR UPDATE)
  ${TAKE_BACK}
  FROM target t WHERE d.id = t.id RETURNING d.id`;
