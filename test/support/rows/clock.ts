import type { Pool } from 'pg';

/**
 * As if all periods were over: what waits for another look gets it, a wave may take what is due, dead drains are
 * missed.
 */
export async function putClockForward(pool: Pool, endpointId: string): Promise<void> {
  await pool.query('UPDATE open_deliveries SET recheck_at = now() WHERE recheck_at IS NOT NULL');
  await pool.query(
    `UPDATE open_deliveries SET wave_at = now(), recheck_at = NULL
     WHERE status IN ('queued', 'retrying') AND wave_at IS NULL`,
  );
  await pool.query('UPDATE gate_drains SET lease_until = now() WHERE endpoint_id = $1', [endpointId]);
}

/** As if every manual retry that is asked for had been made. */
export async function forgetWishes(pool: Pool): Promise<void> {
  await pool.query(
    'UPDATE open_deliveries SET retry_mark = NULL, recheck_at = now() WHERE retry_mark IS NOT NULL',
  );
}
