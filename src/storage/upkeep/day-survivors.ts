import type { PoolClient } from 'pg';
import { type Day, ENDED, FURTHER, firstIdOf, partitionOf } from '../history/days.ts';
import { IS_AWAITED } from './awaited.ts';

/** A day whose retention is over. */
export interface EndingDay {
  readonly day: Day;
  readonly retentionDays: number;
}

/** Moved within a moment, while nothing is written to history. */
const MOST_MOVED = 10_000;

/** Whether more of a day has to be kept yet than can be moved at once. */
export async function tooManySurvive(
  client: Pick<PoolClient, 'query'>,
  { day, retentionDays }: EndingDay,
): Promise<boolean> {
  const { rows } = await client.query<{ count: number }>(
    `SELECT count(*)::integer AS count FROM (
       (SELECT FROM (${survivorsOf(day)}) survivors LIMIT ${MOST_MOVED + 1})
       UNION ALL
       (SELECT FROM ${partitionOf(FURTHER, day)} a
        WHERE a.delivery_id IN (${openOf(day)} UNION ${survivorsOf(day)}) LIMIT ${MOST_MOVED + 1})) counted`,
    [retentionDays],
  );
  return (rows[0]?.count ?? 0) > MOST_MOVED;
}

/**
 * Moves what has to be kept of a day to what is older, which takes anything meanwhile: what ended less than the
 * retention ago, what a replay is to release, and attempts of what is open.
 */
export async function moveSurvivors(client: PoolClient, { day, retentionDays }: EndingDay): Promise<void> {
  const kept = partitionOf(ENDED, 'older');
  await client.query(
    `INSERT INTO ${kept} SELECT d.* FROM ${partitionOf(ENDED, day)} d WHERE d.id IN (${survivorsOf(day)})`,
    [retentionDays],
  );
  await client.query(
    `INSERT INTO ${partitionOf(FURTHER, 'older')} SELECT a.* FROM ${partitionOf(FURTHER, day)} a
     WHERE a.delivery_id IN (${openOf(day)} UNION SELECT id FROM ${kept} WHERE ${isOf(day)})`,
  );
}

function survivorsOf(day: Day): string {
  const ended = partitionOf(ENDED, day);
  return `SELECT d.id FROM ${ended} d WHERE d.finished_at >= now() - make_interval(days => $1)
    UNION SELECT d.id FROM ${ended} d WHERE ${IS_AWAITED}`;
}

function openOf(day: Day): string {
  return `SELECT id FROM open_deliveries WHERE ${isOf(day)}`;
}

function isOf(day: Day): string {
  return `id >= ${firstIdOf(ENDED, day)} AND id < ${firstIdOf(ENDED, day + 1)}`;
}
