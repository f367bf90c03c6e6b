import type { Pool } from 'pg';

/** Why events of a producer's outbox were refused. */
export async function listRefusals(pool: Pool): Promise<readonly string[]> {
  const { rows } = await pool.query<{ refusal: string }>(
    'SELECT refusal FROM posthorn_outbox WHERE refused_at IS NOT NULL',
  );
  return rows.map(({ refusal }) => refusal);
}
