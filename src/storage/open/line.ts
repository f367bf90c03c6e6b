import type { PoolClient } from 'pg';
import { PENDING, STARTED } from '../postgres/statuses.ts';

const OF_PREDECESSORS = `FROM open_deliveries o WHERE o.endpoint_id = d.endpoint_id AND o.position < d.position
    AND o.status IN (${STARTED})`;

/** SQL: whether another delivery of its endpoint that has not ended comes before the delivery `d`. */
export const HAS_PREDECESSOR = `EXISTS (
  SELECT ${OF_PREDECESSORS})`;

/** SQL: the id of the first of them; null where there is none. */
export const FIRST_PREDECESSOR = `(SELECT o.id ${OF_PREDECESSORS} ORDER BY o.position LIMIT 1)`;

/** SQL: whether the endpoint `e` keeps the order and something comes before its delivery `d`, which is still open. */
export const IS_BEHIND = `(e.ordered AND d.status IN (${PENDING}) AND ${HAS_PREDECESSOR})`;

/**
 * Takes so many positions in line for each endpoint inside the caller's transaction: publishers line up at the gates'
 * rows until they have committed, so that positions are taken in the order of acceptance. @returns the first position
 * of each
 */
export async function takePositions(
  client: PoolClient,
  endpointIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (endpointIds.length === 0) return new Map();
  const counts = new Map<string, number>();
  for (const id of endpointIds) counts.set(id, (counts.get(id) ?? 0) + 1);
  const { rows } = await client.query<{ endpointId: string; first: string }>(TAKE_POSITIONS_SQL, [
    [...counts.keys()],
    [...counts.values()],
  ]);
  return new Map(rows.map(({ endpointId, first }) => [endpointId, Number(first)]));
}

/** Hands out the positions of each endpoint one after another. */
export function positionsFrom(first: ReadonlyMap<string, number>): (endpointId: string) => number | null {
  const next = new Map(first);
  return (endpointId) => {
    const position = next.get(endpointId);
    if (position === undefined) return null;
    next.set(endpointId, position + 1);
    return position;
  };
}

const TAKE_POSITIONS_SQL = `
  WITH input AS (SELECT * FROM unnest($1::text[], $2::bigint[]) AS i(endpoint_id, count)),
  locked AS (
    SELECT g.endpoint_id, i.count FROM gates g JOIN input i ON i.endpoint_id = g.endpoint_id
    ORDER BY g.endpoint_id FOR UPDATE OF g)
  UPDATE gates g SET next_position = g.next_position + l.count FROM locked l WHERE g.endpoint_id = l.endpoint_id
  RETURNING g.endpoint_id AS "endpointId", g.next_position - l.count AS first`;
