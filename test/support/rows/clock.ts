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

/** As if the last challenge of an endpoint had been sent so many minutes ago. */
export async function ageChallenge(pool: Pool, endpointId: string, minutes: number): Promise<void> {
  await pool.query(
    `UPDATE ownership_checks SET requested_at = requested_at - make_interval(mins => $2),
       expires_at = expires_at - make_interval(mins => $2) WHERE endpoint_id = $1`,
    [endpointId, minutes],
  );
}

/** As if the time were over in which an endpoint's former secret counts beside the next. */
export async function endSecretOverlap(pool: Pool, endpointId: string): Promise<void> {
  await pool.query(
    'UPDATE endpoint_secrets SET expires_at = clock_timestamp() WHERE endpoint_id = $1 AND expires_at IS NOT NULL',
    [endpointId],
  );
}

/** As if the time had come of everything that waits for it. */
export async function makeAllDue(pool: Pool): Promise<void> {
  await pool.query(
    `UPDATE open_deliveries SET wave_at = now(), due_at = now(), recheck_at = NULL
     WHERE status IN ('queued', 'retrying')`,
  );
}

/** As if every lane of waves had been closed as abandoned. */
export async function closeLanes(pool: Pool): Promise<void> {
  await pool.query('UPDATE waves SET is_rolling = false');
}

/** Whether the only replay will not be looked at for more than so many seconds. */
export async function isReplayCaredFor(pool: Pool, seconds: number): Promise<boolean> {
  const { rows } = await pool.query<{ cared: boolean }>(
    'SELECT recheck_at > now() + make_interval(secs => $1) AS cared FROM replays',
    [seconds],
  );
  return rows.length === 1 && rows[0]?.cared === true;
}

/** As if the pause of an endpoint were over by its own time. */
export async function endPause(pool: Pool, endpointId: string): Promise<void> {
  await pool.query("UPDATE endpoints SET paused_until = now() - interval '1 second' WHERE id = $1", [
    endpointId,
  ]);
}

/** As if a customer had been deleted so many seconds ago. */
export async function ageErasure(pool: Pool, customerId: string, seconds: number): Promise<void> {
  await pool.query('UPDATE customers SET erasing_since = now() - make_interval(secs => $2) WHERE id = $1', [
    customerId,
    seconds,
  ]);
}

/** As if endpoints had become what they are so many days ago. */
export async function ageEndpointVersions(pool: Pool, days: number): Promise<void> {
  await pool.query('UPDATE endpoint_versions SET at = at - make_interval(days => $1)', [days]);
}

/** As if event types had become what they are so many days ago. */
export async function ageEventTypeVersions(pool: Pool, days: number): Promise<void> {
  await pool.query('UPDATE event_type_versions SET at = at - make_interval(days => $1)', [days]);
}

/** As if workers had told of their network last so many seconds ago. */
export async function ageSuspicions(pool: Pool, seconds: number): Promise<void> {
  await pool.query('UPDATE network_suspicions SET seen_at = now() - make_interval(secs => $1)', [seconds]);
}

/** As if processes had told of themselves last so many seconds ago. */
export async function ageHolders(pool: Pool, seconds: number): Promise<void> {
  await pool.query('UPDATE master_key_holders SET seen_at = now() - make_interval(secs => $1)', [seconds]);
}

/** As if what happened so far had been counted and removed long ago. */
export async function forgetOutcomes(pool: Pool): Promise<void> {
  await pool.query(
    `WITH gone AS (DELETE FROM outcomes RETURNING xid)
     UPDATE rollup_progress SET removed_to = (SELECT max(xid) + 1 FROM gone)`,
  );
}
