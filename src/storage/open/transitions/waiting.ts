import { milliseconds } from '../../postgres/time-sql.ts';

/** SQL: puts the scheduled delivery `d` where publish would put it now, given its endpoint `e` and gate `g`. */
export const COME_DUE = `UPDATE open_deliveries d SET
    status = CASE WHEN e.status = 'disabled' THEN 'skipped' WHEN g.is_open THEN 'queued' ELSE 'held' END,
    recheck_at = NULL, wave_at = CASE WHEN e.status <> 'disabled' AND g.is_open THEN now() END,
    finished_at = CASE WHEN e.status = 'disabled' THEN now() END`;

/** SQL: gives the delivery `d` the position that `i` has for it. */
export const LINE_UP = `UPDATE open_deliveries d SET position = i.position`;

/**
 * SQL: leaves the delivery `d` to waves from when it is due; never in the past, where no look of theirs goes back to.
 */
export const LEAVE_TO_WAVES = `UPDATE open_deliveries d SET wave_at = greatest(due_at, now()), recheck_at = NULL`;

/**
 * SQL: leaves the delivery `d` to the run of its own that was started, and looks again after $2 ms, each time later,
 * but after $3 ms.
 */
export const LEAVE_TO_RUN = `UPDATE open_deliveries d SET rechecks = rechecks + 1, wave_at = NULL,
    recheck_at = now() + ${milliseconds('least($3::float8, $2::float8 * power(2, least(rechecks, 10)))')}`;

/** SQL: marks the delivery `d` for a manual attempt by $2 unless it is marked already, and looks after it in $3 ms. */
export const MARK = `UPDATE open_deliveries d SET retry_mark = coalesce(d.retry_mark, $2),
  recheck_at = now() + ${milliseconds('$3')}, rechecks = 0`;

/** SQL: waits for no manual attempt of the delivery `d` any more. */
export const FORGET_MARK = `UPDATE open_deliveries d SET retry_mark = NULL`;

/** SQL: takes the delivery `d` out of a batch that lost another member. */
export const LEAVE_BATCH = `UPDATE open_deliveries d SET batch_id = NULL`;

/** SQL: puts the delivery `d` into the batch that `t` has for it. */
export const JOIN_BATCH = `UPDATE open_deliveries d SET batch_id = t.batch_id`;

/**
 * SQL: inserts deliveries from rows in the shape of draft-delivery, due now, or since their event was accepted, unless
 * they are scheduled.
 * @param recheckMs parameter
 */
export function accept(recheckMs: string): string {
  return `INSERT INTO open_deliveries (id, event_id, endpoint_id, customer_id, event, is_test, status, due_at,
    recheck_at, wave_at,
      retry_mark, position, created_at)
    SELECT id, event_id, endpoint_id, customer_id, event, is_test, status,
      CASE status WHEN 'scheduled' THEN deliver_at ELSE coalesce(created_at, now()) END,
      CASE WHEN status = 'scheduled' THEN deliver_at WHEN mark IS NOT NULL THEN now() + ${milliseconds(recheckMs)} END,
      CASE WHEN status = 'queued' AND mark IS NULL THEN now() END,
      mark, position, coalesce(created_at, now())`;
}

/**
 * SQL: inserts deliveries from the same rows that no endpoint gets: it is disabled, or it or the event is gone before
 * they were made.
 */
export const END_AT_ONCE = `INSERT INTO ended_deliveries (id, event_id, endpoint_id, customer_id, event, is_test,
      status, position, created_at, finished_at)
    SELECT id, event_id, endpoint_id, customer_id, event, is_test, status, position, coalesce(created_at, now()),
      CASE WHEN status = 'skipped' AND created_at IS NOT NULL THEN created_at ELSE now() END`;
