import { milliseconds } from '../../postgres/time-sql.ts';

/**
 * SQL: holds the delivery `d` at a gate that may open meanwhile: nothing looks for held ones behind an open gate.
 * @param recheckMs parameter
 */
export function holdAndLookAgain(recheckMs: string): string {
  return `UPDATE open_deliveries d SET status = 'held', wave_at = NULL,
    recheck_at = CASE WHEN d.retry_mark IS NULL THEN now() + ${milliseconds(recheckMs)} ELSE d.recheck_at END`;
}

/** SQL: holds the delivery `d` at a gate that cannot open before the caller commits. */
export const HOLD = `UPDATE open_deliveries d SET status = 'held', due_at = coalesce(due_at, now()), wave_at = NULL,
    recheck_at = CASE WHEN retry_mark IS NOT NULL THEN recheck_at END`;

/** SQL: leaves the held delivery `d` to waves, as its gate opens. */
export const LEAVE_OPENED = `UPDATE open_deliveries d SET status = CASE WHEN attempts_made = 0 THEN 'queued'
  ELSE 'retrying' END,
    due_at = greatest(due_at, now()), wave_at = greatest(due_at, now()), rechecks = 0,
    recheck_at = CASE WHEN retry_mark IS NOT NULL THEN now() END`;

/** SQL: looks at the held delivery `d` and its gate `g`, and leaves it to waves where that is open. */
export const SETTLE_HELD = `UPDATE open_deliveries d SET
    status = CASE WHEN NOT g.is_open THEN 'held' WHEN d.attempts_made = 0 THEN 'queued' ELSE 'retrying' END,
    due_at = CASE WHEN g.is_open THEN coalesce(d.due_at, now()) ELSE d.due_at END,
    recheck_at = NULL, wave_at = CASE WHEN g.is_open THEN greatest(d.due_at, now()) END, rechecks = 0`;
