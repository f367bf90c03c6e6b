import type { PoolClient } from 'pg';
import { settleEnded } from '../open/ended.ts';
import { TAKE_BACK } from '../open/transitions/replays.ts';
import { OPEN, PENDING } from '../postgres/statuses.ts';
import type { ReplayStep } from './replay-step.ts';

const RETURNED_PER_STATEMENT = 1_000;
/**
 * SQL: whether the ended delivery `d` was delivered by its replay. What was before, and failed now, stays delivered
 * with an error.
 */
export const IS_DELIVERED = "d.status = 'delivered' AND d.last_error_code IS NULL";

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
 * Takes back what a cancelled replay released and nobody has attempted since: each delivery is again what it was. The
 * caller has locked the replay's row. @returns whether nothing more is to be taken back
 */
export async function returnUnattempted(
  client: PoolClient,
  { id }: { readonly id: string },
): Promise<boolean> {
  const { rows } = await client.query<Returned>(RETURN_SQL, [id]);
  await settleEnded(
    client,
    rows.map((row) => row.id),
  );
  const isOver = rows.length < RETURNED_PER_STATEMENT;
  await client.query(GO_BACK_SQL, [id, JSON.stringify(rows), rows.length, isOver]);
  return isOver;
}

interface Returned {
  readonly id: string;
  readonly endpoint_id: string;
  /** The delivery that was selected. */
  readonly source: string;
}

/**
 * A replay that goes on comes by them again: a part of an id sorts before it, and after all that are smaller by more.
 */
const GO_BACK_SQL = `
  WITH returned AS (
    SELECT endpoint_id, count(*)::integer AS count, min(source COLLATE "C") AS first
    FROM json_to_recordset($2::json) AS i(endpoint_id text, source text) GROUP BY endpoint_id),
  shares AS (
    INSERT INTO replay_endpoints AS s (replay_id, endpoint_id, total, cursor)
    SELECT $1, endpoint_id, count, left(first, -1) FROM returned
    ON CONFLICT (replay_id, endpoint_id) DO UPDATE
      SET released = s.released - excluded.total, cursor = least(s.cursor COLLATE "C", excluded.cursor))
  UPDATE replays SET released = released - $3, finished_at = CASE WHEN $4 THEN coalesce(finished_at, now()) END
  WHERE id = $1`;

/**
 * What is left of deleted endpoints is passed over. The counts are kept: its deliveries may be replayed again, or
 * removed.
 */
const FINISH_SQL = `
  WITH left_over AS (DELETE FROM replay_endpoints WHERE replay_id = $1 RETURNING greatest(0, total - released) AS count)
  UPDATE replays SET status = 'completed', finished_at = now(),
    passed_over = passed_over + (SELECT coalesce(sum(count), 0) FROM left_over),
    delivered = (SELECT count(*) FROM ended_deliveries d WHERE replay_id = $1 AND ${IS_DELIVERED}),
    cancelled = (SELECT count(*) FROM ended_deliveries WHERE replay_id = $1 AND status = 'cancelled')
  WHERE id = $1`;

/** A claim that was given back unsent has given its number back too. A wish for a manual attempt stays. */
const RETURN_SQL = `
  WITH target AS (
    SELECT id, coalesce(before_replay ->> 'source', id) AS source FROM open_deliveries
    WHERE replay_id = $1 AND status IN (${PENDING})
      AND attempts_made = (before_replay ->> 'attempts_made')::integer
    ORDER BY id LIMIT ${RETURNED_PER_STATEMENT} FOR UPDATE)
  ${TAKE_BACK}
  FROM target t WHERE d.id = t.id RETURNING d.id, d.endpoint_id, t.source`;
