import type { Pool } from 'pg';

/** Whether a gate lets deliveries through. */
export async function isGateOpen(pool: Pool, endpointId: string): Promise<boolean> {
  const { rows } = await pool.query<{ is_open: boolean }>(
    'SELECT is_open FROM gates WHERE endpoint_id = $1',
    [endpointId],
  );
  return rows[0]?.is_open === true;
}

/** Whether anything is kept of how an endpoint fares. */
export async function hasHealth(pool: Pool, endpointId: string): Promise<boolean> {
  return (
    (await pool.query('SELECT FROM endpoint_health WHERE endpoint_id = $1', [endpointId])).rowCount === 1
  );
}

/** As if an endpoint had begun to fail so much earlier, and been announced as failing. */
export async function ageFailing(pool: Pool, endpointId: string, ms: number): Promise<void> {
  await pool.query(
    `UPDATE endpoint_health SET announced_at = announced_at - make_interval(secs => $2 / 1000),
       breaker = jsonb_set(breaker, '{failingSince}', to_jsonb((breaker->>'failingSince')::float8 - $2))
     WHERE endpoint_id = $1`,
    [endpointId, ms],
  );
}

/** How long after it opened the breaker of an endpoint lets a probe through, in seconds. */
export async function probeWaitOf(pool: Pool, endpointId: string): Promise<number> {
  const { rows } = await pool.query<{ wait: number }>(
    `SELECT round(((breaker->>'probeAt')::float8 - (breaker->>'openedAt')::float8) / 1000) AS wait
     FROM endpoint_health WHERE endpoint_id = $1`,
    [endpointId],
  );
  return rows[0]?.wait ?? Number.NaN;
}

/** How the breakers stand of all endpoints of which anything is kept. */
export async function listBreakers(pool: Pool): Promise<readonly string[]> {
  const { rows } = await pool.query<{ state: string }>('SELECT state FROM endpoint_health');
  return rows.map(({ state }) => state);
}

/** How a gate stands: whether it lets deliveries through, and whether somebody has to look after it. */
export async function gateOf(
  pool: Pool,
  endpointId: string,
): Promise<{ readonly is_open: boolean; readonly needs_wake: boolean } | undefined> {
  const { rows } = await pool.query<{ is_open: boolean; needs_wake: boolean }>(
    'SELECT is_open, needs_wake FROM gates WHERE endpoint_id = $1',
    [endpointId],
  );
  return rows[0];
}

/** Notes how an endpoint fares of which nothing is kept yet. */
export async function insertHealth(
  pool: Pool,
  {
    endpointId,
    state,
    epoch = 0,
    breaker = {},
  }: {
    readonly endpointId: string;
    readonly state: string;
    readonly epoch?: number;
    readonly breaker?: object;
  },
): Promise<void> {
  await pool.query(
    'INSERT INTO endpoint_health (endpoint_id, breaker, state, epoch) VALUES ($1, $2, $3, $4)',
    [endpointId, JSON.stringify(breaker), state, epoch],
  );
}
