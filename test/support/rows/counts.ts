import type { Pool } from 'pg';
import type { DeliveryStatus } from '../../../src/domain/delivery.ts';

/** How many deliveries of an endpoint stand so. */
export async function countStatus(pool: Pool, endpointId: string, status: DeliveryStatus): Promise<number> {
  return await countOf(pool, 'FROM deliveries WHERE endpoint_id = $1 AND status = $2', [endpointId, status]);
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

/** How many attempts at an endpoint nobody knows the outcome of. */
export async function countUnknownOutcomes(pool: Pool, endpointId: string): Promise<number> {
  const text = "FROM attempts WHERE endpoint_id = $1 AND error_code = 'outcome_unknown'";
  return await countOf(pool, text, [endpointId]);
}

/** How many lanes of waves publish leaves deliveries to. */
export async function countRollingLanes(pool: Pool): Promise<number> {
  return await countOf(pool, 'FROM waves WHERE is_rolling', []);
}

async function countOf(pool: Pool, text: string, values: readonly unknown[]): Promise<number> {
  const { rows } = await pool.query<{ count: number }>(`SELECT count(*)::integer AS count ${text}`, [
    ...values,
  ]);
  return rows[0]?.count ?? 0;
}
