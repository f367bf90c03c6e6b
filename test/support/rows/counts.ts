import { Pool } from 'pg';
import type { DeliveryStatus } from '../../../src/domain/delivery.ts';
import type { ErrorCode } from '../../../src/domain/error-code.ts';

/** How many deliveries of endpoints stand so. */
export async function countStatus(
  pool: Pool,
  endpointIds: string | readonly string[],
  status: DeliveryStatus,
): Promise<number> {
  const text = 'FROM deliveries WHERE endpoint_id = ANY($1) AND status = $2';
  return await countOf(pool, text, [[endpointIds].flat(), status]);
}

/** How many deliveries of any endpoint stand so. */
export async function countAllOf(pool: Pool, status: DeliveryStatus): Promise<number> {
  return await countOf(pool, 'FROM deliveries WHERE status = $1', [status]);
}

/** How many deliveries to be sent again were left to waves, and how many to runs of their own. */
export async function countRetriesByTaker(
  pool: Pool,
): Promise<{ readonly waves: number; readonly runs: number }> {
  const retrying = "FROM deliveries WHERE status = 'retrying'";
  return {
    waves: await countOf(pool, `${retrying} AND wave_at = due_at AND recheck_at IS NULL`, []),
    runs: await countOf(pool, `${retrying} AND wave_at IS NULL AND recheck_at > due_at`, []),
  };
}

/** How many events there are. */
export async function countEvents(pool: Pool): Promise<number> {
  return await countOf(pool, 'FROM events', []);
}

/** How many events a customer has. */
export async function countEventsOf(pool: Pool, customerId: string): Promise<number> {
  return await countOf(pool, 'FROM events WHERE customer_id = $1', [customerId]);
}

/** How many deliveries of endpoints no attempt has been made of. */
export async function countUnattempted(pool: Pool, endpointIds: readonly string[]): Promise<number> {
  return await countOf(pool, 'FROM deliveries WHERE endpoint_id = ANY($1) AND attempts_made = 0', [
    endpointIds,
  ]);
}

/** How many deliveries of endpoints wait for a wave as publish left them: nobody has ever claimed them. */
export async function countUntouched(pool: Pool, endpointIds: readonly string[]): Promise<number> {
  const text =
    'FROM deliveries WHERE endpoint_id = ANY($1) ' +
    "AND status = 'queued' AND attempts_made = 0 AND owner IS NULL AND wave_at = due_at";
  return await countOf(pool, text, [endpointIds]);
}

/** How many deliveries of an endpoint wait for a wave and are no part of a replay. */
export async function countLiveLeftToWaves(pool: Pool, endpointId: string): Promise<number> {
  const text = 'FROM deliveries WHERE endpoint_id = $1 AND priority = 0 AND wave_at IS NOT NULL';
  return await countOf(pool, text, [endpointId]);
}

/** How many deliveries of an endpoint were last looked after by waves or gates and not by runs of their own. */
export async function countWithoutRun(pool: Pool, endpointId: string): Promise<number> {
  return await countOf(pool, 'FROM deliveries WHERE endpoint_id = $1 AND run_id IS NULL', [endpointId]);
}

/** How many deliveries of an endpoint wait for a wave. */
export async function countLeftToWaves(pool: Pool, endpointId: string): Promise<number> {
  return await countOf(pool, 'FROM deliveries WHERE endpoint_id = $1 AND wave_at IS NOT NULL', [endpointId]);
}

/** How many deliveries of an endpoint this workflow sent last. */
export async function countSentBy(pool: Pool, endpointId: string, workflowId: string): Promise<number> {
  const text = 'FROM deliveries WHERE endpoint_id = $1 AND starts_with(owner, $2)';
  return await countOf(pool, text, [endpointId, `${workflowId}/`]);
}

/** How many attempts at an endpoint ended with this error. */
export async function countErrors(pool: Pool, endpointId: string, errorCode: ErrorCode): Promise<number> {
  return await countOf(pool, 'FROM attempts WHERE endpoint_id = $1 AND error_code = $2', [
    endpointId,
    errorCode,
  ]);
}

/** How many deliveries of any endpoint have not ended. */
export async function countOpen(pool: Pool): Promise<number> {
  return await countOf(pool, "FROM deliveries WHERE status NOT IN ('delivered', 'dead', 'cancelled')", []);
}

/** How many deliveries an event has. */
export async function countDeliveriesOf(pool: Pool, eventId: string): Promise<number> {
  return await countOf(pool, 'FROM deliveries WHERE event_id = $1', [eventId]);
}

/** How many deliveries of any endpoint there are. */
export async function countDeliveries(pool: Pool): Promise<number> {
  return await countOf(pool, 'FROM deliveries', []);
}

/** How many attempts at any endpoint there were. */
export async function countAttempts(pool: Pool): Promise<number> {
  return await countOf(pool, 'FROM attempts', []);
}

/** How many lanes of waves publish leaves deliveries to. */
export async function countRollingLanes(pool: Pool): Promise<number> {
  return await countOf(pool, 'FROM waves WHERE is_rolling', []);
}

/** How many of these events a server has, by its URL. */
export async function countKnownEvents(url: string, ids: readonly string[]): Promise<number> {
  const pool = new Pool({ connectionString: url, max: 1 });
  try {
    return await countOf(pool, 'FROM events WHERE id = ANY($1)', [ids]);
  } finally {
    await pool.end();
  }
}

async function countOf(pool: Pool, text: string, values: readonly unknown[]): Promise<number> {
  const { rows } = await pool.query<{ count: number }>(`SELECT count(*)::integer AS count ${text}`, [
    ...values,
  ]);
  return rows[0]?.count ?? 0;
}
