import { ENDED, PENDING, WAITING } from '../../postgres/statuses.ts';
import { milliseconds } from '../../postgres/time-sql.ts';

/** SQL: makes the delivery `d` what its result `n` says. @param recheckMs parameter */
export function toRecorded(recheckMs: string): string {
  return `UPDATE deliveries d SET
      status = n.status, due_at = n.due_at, rechecks = 0, lease_until = NULL, prior_status = NULL, prior_due_at = NULL,
      recheck_at = CASE WHEN n.status IN (${WAITING}) AND NOT n.in_wave THEN n.due_at + ${milliseconds(recheckMs)}
        WHEN n.status = 'held' THEN now() + ${milliseconds(recheckMs)} END,
      wave_at = CASE WHEN n.status IN (${WAITING}) AND n.in_wave THEN greatest(n.due_at, now()) END,
      retry_mark = CASE n.status WHEN 'delivered' THEN NULL WHEN 'cancelled' THEN NULL ELSE d.retry_mark END,
      retries_used = d.retries_used + CASE WHEN n.verdict = 'retry' AND NOT n.is_free THEN 1 ELSE 0 END,
      batch_id = CASE n.verdict WHEN 'delivered' THEN n.batch_id WHEN 'dead' THEN NULL ELSE d.batch_id END,
      last_status_code = n.status_code, last_error_code = n.error_code,
      dead_reason = CASE WHEN n.verdict = 'dead' THEN n.dead_reason WHEN n.status = 'dead' THEN d.dead_reason END,
      finished_at = CASE WHEN n.status IN (${ENDED}) THEN now() END`;
}

/** SQL: has the delivery `d`, which was claimed as `x` says, sent again, as nobody knows what came of it; of its endpoint `e` and gate `g`. */
export const LOSE_SENDER = `UPDATE deliveries d SET
      status = CASE
        WHEN x.trigger <> 'automatic' AND x.prior_status NOT IN (${PENDING}) THEN x.prior_status
        WHEN e.deleted_at IS NOT NULL THEN 'cancelled'
        WHEN NOT g.is_open AND x.trigger <> 'test' THEN 'held'
        ELSE 'retrying' END,
      due_at = CASE
        WHEN x.trigger = 'automatic' THEN clock_timestamp()
        WHEN x.prior_status IN (${PENDING}) THEN coalesce(x.prior_due_at, clock_timestamp()) END,
      retry_mark = CASE WHEN x.trigger <> 'automatic' AND e.deleted_at IS NULL THEN gen_random_uuid()::text END,
      recheck_at = CASE WHEN e.deleted_at IS NULL AND NOT (x.in_wave AND g.is_open) THEN clock_timestamp() END,
      wave_at = CASE WHEN e.deleted_at IS NULL AND x.in_wave AND g.is_open THEN clock_timestamp() END,
      finished_at = CASE WHEN e.deleted_at IS NOT NULL THEN now() ELSE d.finished_at END,
      lease_until = NULL, prior_status = NULL, prior_due_at = NULL, last_status_code = NULL, rechecks = 0,
      last_error_code = 'outcome_unknown'`;
