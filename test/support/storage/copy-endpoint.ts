import type { Pool } from 'pg';
import { newId } from '../../../src/new-id.ts';

/** Makes so many more endpoints like this one, but without secrets, sooner than the API would. @returns their ids */
export async function copyEndpoint(
  pool: Pool,
  endpointId: string,
  count: number,
): Promise<readonly string[]> {
  const ids = Array.from({ length: count }, () => newId('ep'));
  await pool.query(
    `WITH copies AS (
       INSERT INTO endpoints SELECT (jsonb_populate_record(e, jsonb_build_object('id', n.id, 'uid', NULL))).*
       FROM endpoints e, unnest($2::text[]) AS n(id) WHERE e.id = $1 RETURNING id)
     INSERT INTO gates (endpoint_id, is_open) SELECT c.id, g.is_open FROM copies c, gates g WHERE g.endpoint_id = $1`,
    [endpointId, ids],
  );
  return ids;
}
