import { WAITING } from '../../postgres/statuses.ts';
import { milliseconds } from '../../postgres/time-sql.ts';

/** Who claims, each as SQL; of a drain's claims only `owner` and `leaseEnd` differ. */
export interface Sending {
  readonly owner: string;
  readonly leaseEnd: string;
  readonly runId?: string;
  readonly trigger?: string;
}

/**
 * SQL: takes the delivery `d` for one attempt; to be completed by FROM and WHERE. What it was is kept for whoever gives
 * it back; a wish for a manual attempt is granted by it.
 */
export function toSending({ owner, leaseEnd, runId = 'NULL', trigger = "'automatic'" }: Sending): string {
  return `UPDATE open_deliveries d SET
      status = 'sending', attempts_made = d.attempts_made + 1, trigger = ${trigger}, owner = ${owner},
      run_id = ${runId}, claimed_at = clock_timestamp(), retry_mark = NULL, prior_status = d.status,
      prior_due_at = d.due_at, rechecks = 0, wave_at = NULL, lease_until = ${leaseEnd}, recheck_at = ${leaseEnd}`;
}

/**
 * SQL: makes a claimed delivery `d` what it was, with its number; whoever was to send it is asked again.
 * @param recheckMs parameter
 */
export function giveBack(recheckMs: string): string {
  return `UPDATE open_deliveries d SET status = prior_status, due_at = prior_due_at, attempts_made = attempts_made - 1,
    lease_until = NULL,
    recheck_at = CASE WHEN run_id IS NOT NULL THEN now() WHEN prior_status = 'held'
      THEN now() + ${milliseconds(recheckMs)} END,
    wave_at = CASE WHEN run_id IS NULL AND prior_status IN (${WAITING}) THEN greatest(prior_due_at, now()) END,
    retry_mark = CASE WHEN trigger <> 'automatic' THEN coalesce(retry_mark, gen_random_uuid()::text) END`;
}
