import type { Pool } from 'pg';

/** As if a listener's stream had last been heard of so many seconds earlier. */
export async function ageHearing(pool: Pool, endpointId: string, seconds: number): Promise<void> {
  await pool.query(
    'UPDATE listeners SET heard_at = heard_at - make_interval(secs => $2) WHERE endpoint_id = $1',
    [endpointId, seconds],
  );
}

/** As if the time of listeners were over in which somebody may come back. */
export async function expireListeners(pool: Pool, endpointIds: readonly string[]): Promise<void> {
  await pool.query("UPDATE listeners SET expires_at = now() - interval '1 s' WHERE endpoint_id = ANY($1)", [
    endpointIds,
  ]);
}

/** As if a listener had been removed so many days ago because nobody came back. */
export async function sweepDaysAgo(pool: Pool, endpointId: string, days: number): Promise<void> {
  await pool.query(
    'UPDATE listeners SET swept_at = now() - make_interval(days => $2) WHERE endpoint_id = $1',
    [endpointId, days],
  );
}

/** Those of these listeners that are remembered as removed because nobody came back. */
export async function listSwept(pool: Pool, endpointIds: readonly string[]): Promise<readonly string[]> {
  const { rows } = await pool.query<{ id: string }>(
    'SELECT endpoint_id AS id FROM listeners WHERE endpoint_id = ANY($1) AND swept_at IS NOT NULL',
    [endpointIds],
  );
  return rows.map(({ id }) => id);
}
