import type { PoolClient } from 'pg';
import { allOf } from '../postgres/conditions.ts';
import {
  askedConditions,
  indexedConditions,
  type ReplaySelection,
  type ReplayTarget,
} from './replay-selection.ts';

/** A replay that has not counted all of its selection yet. */
export type CountingReplay = ReplaySelection & {
  readonly id: string;
  /** The last delivery that was looked at. */
  readonly countedTo: string;
};

/** So many deliveries are looked at in one statement. */
const LOOKED_AT_ONCE = 10_000;

/**
 * Counts a further part of what a replay selects, by where it goes.
 * @returns how far it counted, null where all is counted
 */
export async function countFurther(client: PoolClient, replay: CountingReplay): Promise<string | null> {
  const { id, target, countedTo } = replay;
  const indexed = allOf([...indexedConditions(replay), ['d.id > $', countedTo]], 3);
  const asked = allOf(askedConditions(replay), 3 + indexed.values.length);
  const { rows } = await client.query<{ countedTo: string | null }>(countSql(indexed.text, asked.text), [
    id,
    target?.endpointId ?? null,
    ...indexed.values,
    ...asked.values,
  ]);
  return rows[0]?.countedTo ?? null;
}

/** SQL: whether the endpoint that the delivery `d` would go to is still there. @param target parameter */
export function goesSomewhere(target: string): string {
  return `EXISTS (SELECT FROM endpoints e WHERE e.id = coalesce(${target}, d.endpoint_id) AND e.deleted_at IS NULL)`;
}

/** What ended after the replay was asked for is not what was asked for. */
function countSql(indexed: string, asked: string): string {
  return `
    WITH looked AS MATERIALIZED (
      SELECT d.id, d.endpoint_id, d.event_id, d.event, d.status, d.is_test, d.last_error_code, d.dead_reason,
        d.created_at, d.finished_at
      FROM deliveries d WHERE ${indexed} ORDER BY d.id LIMIT ${LOOKED_AT_ONCE}),
    counted AS (
      SELECT coalesce($2, d.endpoint_id) AS endpoint_id, count(*)::integer AS total FROM looked d
      WHERE ${asked} AND ${goesSomewhere('$2')} AND d.finished_at <= (SELECT created_at FROM replays WHERE id = $1)
      GROUP BY 1),
    shares AS (
      INSERT INTO replay_endpoints AS s (replay_id, endpoint_id, total) SELECT $1, endpoint_id, total FROM counted
      ON CONFLICT (replay_id, endpoint_id) DO UPDATE SET total = s.total + excluded.total)
    UPDATE replays SET total = total + (SELECT coalesce(sum(total), 0) FROM counted),
      counted_to = (SELECT CASE WHEN count(*) >= ${LOOKED_AT_ONCE} THEN max(id) END FROM looked)
    WHERE id = $1 RETURNING counted_to AS "countedTo"`;
}

/** A replay's row, as `SELECT_FOR_STEP` has it. */
export interface SelectingRow extends Pick<ReplaySelection, 'kind' | 'filter' | 'isNewDelivery'> {
  readonly toEndpointId: string | null;
  readonly toCustomerId: string | null;
}

/** The selection that a row tells of. */
export function selectionOf({
  kind,
  filter,
  isNewDelivery,
  toEndpointId,
  toCustomerId,
}: SelectingRow): ReplaySelection {
  const target: ReplayTarget | undefined =
    toEndpointId === null ? undefined : { endpointId: toEndpointId, customerId: toCustomerId };
  return { kind, filter, isNewDelivery, target };
}
