import type { PoolClient } from 'pg';

/** SQL: whether another delivery of its endpoint that has not ended comes before the delivery `d`. */
export const HAS_PREDECESSOR = `EXISTS (
  SELECT FROM deliveries o WHERE o.endpoint_id = d.endpoint_id AND o.position < d.position
    AND o.status IN ('queued', 'sending', 'retrying', 'held'))`;

/**
 * Takes so many places in line for each endpoint inside the caller's transaction: publishers line up at the gates' rows until
 * they have committed, so that places are taken in the order of acceptance. @returns the first place of each
 */
export async function takePlaces(
  client: PoolClient,
  endpointIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (endpointIds.length === 0) return new Map();
  const { rows } = await client.query<{ endpointId: string; first: string }>(TAKE_PLACES_SQL, [endpointIds]);
  return new Map(rows.map(({ endpointId, first }) => [endpointId, Number(first)]));
}

/** Hands out the places of each endpoint one after another. */
export function placesFrom(first: ReadonlyMap<string, number>): (endpointId: string) => number | null {
  const next = new Map(first);
  return (endpointId) => {
    const place = next.get(endpointId);
    if (place === undefined) return null;
    next.set(endpointId, place + 1);
    return place;
  };
}

const TAKE_PLACES_SQL = `
  WITH input AS (SELECT endpoint_id, count(*) FROM unnest($1::text[]) AS i(endpoint_id) GROUP BY endpoint_id),
  locked AS (
    SELECT g.endpoint_id, i.count FROM gates g JOIN input i ON i.endpoint_id = g.endpoint_id
    ORDER BY g.endpoint_id FOR UPDATE OF g)
  UPDATE gates g SET next_position = g.next_position + l.count FROM locked l WHERE g.endpoint_id = l.endpoint_id
  RETURNING g.endpoint_id AS "endpointId", g.next_position - l.count AS first`;
