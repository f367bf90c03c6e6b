import type { Pool } from 'pg';

type Row = Readonly<Record<string, unknown>>;

/** Deliveries of an endpoint that nobody would ever look at again, and why. */
export async function listStranded(pool: Pool, endpointId: string): Promise<readonly Row[]> {
  const { rows } = await pool.query<Row>(
    `SELECT d.id, d.status, g.is_open, g.needs_wake, d.wave_at, d.recheck_at, d.retry_mark, d.owner
     FROM deliveries d JOIN gates g ON g.endpoint_id = d.endpoint_id LEFT JOIN gate_drains c
       ON c.endpoint_id = g.endpoint_id
     WHERE d.endpoint_id = $1 AND CASE
       WHEN d.status IN ('delivered', 'dead', 'skipped') THEN d.retry_mark IS NOT NULL AND d.recheck_at IS NULL
       WHEN d.status = 'held'
         THEN d.recheck_at IS NULL AND (g.is_open OR NOT (g.needs_wake OR coalesce(c.lease_until > now(), false)))
       ELSE coalesce(d.wave_at, d.recheck_at) IS NULL END`,
    [endpointId],
  );
  return rows;
}

/** Deliveries of an endpoint that are not delivered, with what keeps them. */
export async function listUndelivered(pool: Pool, endpointId: string): Promise<readonly Row[]> {
  const { rows } = await pool.query<Row>(
    `SELECT id, status, wave_at, recheck_at, position, batch_id, replay_id FROM deliveries
     WHERE endpoint_id = $1 AND status <> 'delivered'`,
    [endpointId],
  );
  return rows;
}

/** Those of these deliveries that are an endpoint's, in the order in which it is to get them. */
export async function inOrder(
  pool: Pool,
  endpointId: string,
  ids: readonly string[],
): Promise<readonly string[]> {
  const { rows } = await pool.query<{ id: string }>(
    'SELECT id FROM deliveries WHERE endpoint_id = $1 AND id = ANY($2) ORDER BY position',
    [endpointId, ids],
  );
  return rows.map(({ id }) => id);
}

/** Any delivery of an endpoint that is to be sent by a run or a wave; null where there is none. */
export async function anyToBeSent(pool: Pool, endpointId: string): Promise<string | null> {
  const { rows } = await pool.query<{ id: string }>(
    "SELECT id FROM deliveries WHERE endpoint_id = $1 AND status IN ('queued', 'retrying') LIMIT 1",
    [endpointId],
  );
  return rows[0]?.id ?? null;
}

/** Deliveries of an endpoint that are not being sent. */
export async function listNotSending(pool: Pool, endpointId: string): Promise<readonly string[]> {
  const { rows } = await pool.query<{ id: string }>(
    "SELECT id FROM deliveries WHERE endpoint_id = $1 AND status <> 'sending' ORDER BY id",
    [endpointId],
  );
  return rows.map(({ id }) => id);
}
