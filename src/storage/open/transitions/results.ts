import { ENDED, PENDING, SETTLED, WAITING } from '../../postgres/statuses.ts';
import { milliseconds } from '../../postgres/time-sql.ts';

/** What is kept of the attempt with its ended delivery, where that had no other. */
const ATTEMPT_COLUMNS = [
  'started_at',
  'signed_at',
  'duration_ms',
  'error_detail',
  'request_url',
  'request_headers',
  'signature',
  'response_headers',
  'response_body',
  'response_truncated',
  'timings',
  'remote_address',
  'tls_version',
  'resent',
] as const;

const RETRIES_USED = "d.retries_used + CASE WHEN n.verdict = 'retry' AND NOT n.is_free THEN 1 ELSE 0 END";
const BATCH_ID =
  "CASE n.verdict WHEN 'delivered' THEN n.batch_id WHEN 'dead' THEN d.before_replay ->> 'batch_id' ELSE d.batch_id END";
const DEAD_REASON =
  "CASE WHEN n.status = 'dead' THEN CASE WHEN n.verdict = 'dead' THEN n.dead_reason ELSE d.dead_reason END END";

/**
 * SQL: whether a delivery stays among the open ones with its result `n`: it is open, or somebody wants it sent again.
 */
export const STAYS_OPEN = `(n.status NOT IN (${ENDED}) OR (n.status NOT IN (${SETTLED}) AND n.retry_mark IS NOT NULL))`;

/** SQL: makes the open delivery `d` what its result `n` says. @param recheckMs parameter */
export function toRecorded(recheckMs: string): string {
  return `UPDATE open_deliveries d SET
      status = n.status, due_at = n.due_at, rechecks = 0, lease_until = NULL, prior_status = NULL, prior_due_at = NULL,
      recheck_at = CASE WHEN n.status IN (${WAITING}) AND NOT n.in_wave THEN n.due_at + ${milliseconds(recheckMs)}
        WHEN n.status = 'held' THEN now() + ${milliseconds(recheckMs)} END,
      wave_at = CASE WHEN n.status IN (${WAITING}) AND n.in_wave THEN greatest(n.due_at, now()) END,
      retries_used = ${RETRIES_USED}, batch_id = ${BATCH_ID}, dead_reason = ${DEAD_REASON},
      last_status_code = n.status_code, last_error_code = n.error_code,
      finished_at = CASE WHEN n.status IN (${ENDED}) THEN now() END`;
}

/**
 * SQL: the common table expressions `gone` and `ended`, which move the open deliveries `d` of the results `n` to the
 * ended ones. Where `n.is_alone`, the attempt stands with its delivery.
 * @param which which ones, from WHERE on
 */
export function endRecorded(which: string): string {
  return `gone AS (
      DELETE FROM open_deliveries d USING timed n ${which}
      RETURNING d.id, d.event_id, d.endpoint_id, d.customer_id, d.event, d.is_test, n.status, d.attempts_made,
        ${RETRIES_USED} AS retries_used, d.position, ${BATCH_ID} AS batch_id, d.trigger, d.owner, d.run_id, d.replay_id,
        n.status_code, n.error_code, ${DEAD_REASON} AS dead_reason, d.created_at, n.is_alone,
        ${ATTEMPT_COLUMNS.map((column) => `n.${column}`).join(', ')}),
    ended AS (
      INSERT INTO ended_deliveries (id, event_id, endpoint_id, customer_id, event, is_test, status, attempts_made,
        retries_used,
        position, batch_id, trigger, owner, run_id, replay_id, last_status_code, last_error_code, dead_reason,
        created_at, finished_at, ${ATTEMPT_COLUMNS.join(', ')})
      SELECT id, event_id, endpoint_id, customer_id, event, is_test, status, attempts_made, retries_used, position,
        batch_id, trigger, owner, run_id, replay_id, status_code, error_code, dead_reason, created_at, now(),
        ${ATTEMPT_COLUMNS.map((column) => `CASE WHEN is_alone THEN ${column} END`).join(', ')}
      FROM gone)`;
}

/**
 * SQL: makes the ended delivery `d` delivered, as its late result `n` says. An attempt that stood with it has to be
 * kept elsewhere.
 */
export const DELIVER_LATE = `UPDATE ended_deliveries d SET status = 'delivered', dead_reason = NULL,
      finished_at = now(), started_at = NULL, batch_id = n.batch_id, last_status_code = n.status_code,
        last_error_code = n.error_code`;

/**
 * SQL: has the delivery `d`, which was claimed as `x` says, sent again, as nobody knows what came of it; of its
 * endpoint `e` and gate `g`.
 */
export const LOSE_SENDER = `UPDATE open_deliveries d SET
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
