import type { Pool } from 'pg';
import type { DeliveryStatus } from '../../../src/domain/delivery.ts';

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

/** In which ways deliveries of any endpoint stand, without repetition. */
export async function listStandings(pool: Pool): Promise<readonly Row[]> {
  const { rows } = await pool.query<Row>(
    'SELECT DISTINCT status, retries_used, attempts_made FROM deliveries ORDER BY status, retries_used',
  );
  return rows;
}

/** The deliveries that have this status. */
export async function listOfStatus(pool: Pool, status: DeliveryStatus): Promise<readonly string[]> {
  const { rows } = await pool.query<{ id: string }>('SELECT id FROM deliveries WHERE status = $1', [status]);
  return rows.map(({ id }) => id);
}

/** The deliveries that any replay has taken. */
export async function listReplayed(pool: Pool): Promise<readonly string[]> {
  const { rows } = await pool.query<{ id: string }>('SELECT id FROM deliveries WHERE replay_id IS NOT NULL');
  return rows.map(({ id }) => id);
}

/** By what a manual retry of a delivery is known that is asked for; null where none is. */
export async function retryMarkOf(pool: Pool, id: string): Promise<string | null> {
  const { rows } = await pool.query<{ retry_mark: string | null }>(
    'SELECT retry_mark FROM deliveries WHERE id = $1',
    [id],
  );
  return rows[0]?.retry_mark ?? null;
}

/** The delivery whose id comes first. */
export async function firstDelivery(pool: Pool): Promise<string> {
  const { rows } = await pool.query<{ id: string | null }>('SELECT min(id) AS id FROM deliveries');
  return rows[0]?.id ?? '';
}

/** Any delivery of an event of this type that waits for its first attempt. */
export async function queuedOf(pool: Pool, event: string): Promise<string> {
  const { rows } = await pool.query<{ id: string }>(
    "SELECT id FROM deliveries WHERE event = $1 AND status = 'queued'",
    [event],
  );
  return rows[0]?.id ?? '';
}

/** As if the open deliveries of an event were being sent by a run. */
export async function makeSending(pool: Pool, eventId: string): Promise<void> {
  await pool.query("UPDATE open_deliveries SET status = 'sending', wave_at = NULL WHERE event_id = $1", [
    eventId,
  ]);
}

/** As if the ended deliveries of an event had been delivered. */
export async function makeDelivered(pool: Pool, eventId: string): Promise<void> {
  await pool.query("UPDATE ended_deliveries SET status = 'delivered' WHERE event_id = $1", [eventId]);
}
