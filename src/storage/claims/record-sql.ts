import { noteAttempts, ONLY_ATTEMPTS, OUTCOME_FACTS } from '../open/note-outcomes.ts';
import { WAS_DELIVERED } from '../open/transitions/ends.ts';
import { DELIVER_LATE, endRecorded, STAYS_OPEN, toRecorded } from '../open/transitions/results.ts';
import { keepAttempt } from '../open/transitions/revivals.ts';
import { PENDING } from '../postgres/statuses.ts';
import { msUntil } from '../postgres/time-sql.ts';

/**
 * A group of attempts: $1, JSON rows, one a delivery; $2, the ids of their deliveries, by which any plan looks them up.
 */
const INPUT = `
  input AS (
    SELECT r.delivery_id, r.number, r.endpoint_id, r.trigger, r.verdict, r.delay_ms, r.dead_reason, r.started_at,
      r.signed_at, r.duration_ms, r.status_code, r.error_code, r.error_detail, r.request_url, r.request_headers,
      r.signature, r.response_headers, decode(r.response_body, 'base64') AS response_body, r.response_truncated,
      r.timings, r.remote_address, r.tls_version, r.in_wave, r.is_free, r.batch_id, r.batch_attempt, r.resent
    FROM json_to_recordset($1::json) AS r(
      delivery_id text, number integer, endpoint_id text, trigger text, verdict text, delay_ms float8, dead_reason text,
      started_at timestamptz, signed_at timestamptz, duration_ms float8, status_code integer, error_code text,
      error_detail text, request_url text, request_headers json, signature text, response_headers json,
      response_body text, response_truncated boolean, timings json, remote_address text, tls_version text,
      in_wave boolean, is_free boolean, batch_id text, batch_attempt integer, resent boolean))`;

/** Saves attempts `i`; one that was closed as lost gets its result after all. */
function save(from: string): string {
  return `
    INSERT INTO further_attempts AS a (delivery_id, number, endpoint_id, trigger, started_at, signed_at,
      duration_ms, status_code,
      error_code, error_detail, request_url, request_headers, signature, response_headers, response_body,
      response_truncated, timings, remote_address, tls_version, batch_id, batch_attempt, resent)
    SELECT i.delivery_id, i.number, i.endpoint_id, i.trigger, i.started_at, i.signed_at, i.duration_ms, i.status_code,
      i.error_code, i.error_detail, i.request_url, i.request_headers, i.signature, i.response_headers,
      i.response_body, i.response_truncated, i.timings, i.remote_address, i.tls_version, i.batch_id,
      i.batch_attempt, i.resent
    ${from}
    ON CONFLICT (delivery_id, number) DO UPDATE SET
      signed_at = excluded.signed_at, duration_ms = excluded.duration_ms,
      status_code = excluded.status_code, error_code = excluded.error_code, error_detail = excluded.error_detail,
      request_url = excluded.request_url, request_headers = excluded.request_headers, signature = excluded.signature,
      response_headers = excluded.response_headers, response_body = excluded.response_body,
      response_truncated = excluded.response_truncated, timings = excluded.timings,
      remote_address = excluded.remote_address, tls_version = excluded.tls_version,
      batch_id = excluded.batch_id, batch_attempt = excluded.batch_attempt, resent = excluded.resent
      WHERE a.error_code = 'outcome_unknown'
    RETURNING a.delivery_id, a.number, a.started_at`;
}

/**
 * Records a group of attempts of open deliveries ($3: when to look at them again): locks the deliveries in order, moves
 * those that are still under these claims, saves the attempts, and says how each stands. It locks no gate, so one may
 * open while it waits for a delivery: what it holds is looked at once more.
 */
export const RECORD_SQL = `
  WITH ${INPUT},
  target AS (
    SELECT d.id, d.status, d.attempts_made, d.prior_status, d.prior_due_at, d.due_at, d.dead_reason, d.retry_mark,
      ${WAS_DELIVERED} AS was_delivered, ${OUTCOME_FACTS}
    FROM open_deliveries d JOIN input i ON i.delivery_id = d.id WHERE d.id = ANY($2) ORDER BY d.id FOR UPDATE OF d),
  next AS (
    SELECT i.*, t.id, t.prior_due_at, t.retry_mark, t.customer_id, t.event, t.created_at, t.is_test, t.former,
      i.number = 1 AND t.attempts_made = 1 AND t.status = 'sending' AND i.batch_id IS NULL AS is_only,
      CASE
        WHEN i.verdict = 'delivered' OR t.was_delivered AND i.verdict = 'dead' THEN 'delivered'
        WHEN i.verdict = 'dead' THEN 'dead'
        WHEN i.verdict = 'restored' AND t.prior_status NOT IN (${PENDING}) THEN t.prior_status
        WHEN e.deleted_at IS NOT NULL THEN CASE WHEN t.was_delivered THEN 'delivered' ELSE 'cancelled' END
        WHEN NOT g.is_open THEN 'held'
        WHEN i.verdict = 'retry' OR t.prior_status = 'held' THEN 'retrying'
        ELSE t.prior_status
      END AS status
    FROM target t JOIN input i ON i.delivery_id = t.id
    JOIN endpoints e ON e.id = i.endpoint_id JOIN gates g ON g.endpoint_id = i.endpoint_id
    WHERE (t.status = 'sending' AND t.attempts_made = i.number)
      OR (i.verdict = 'delivered' AND t.status <> 'delivered')),
  timed AS (
    SELECT n.*, ${STAYS_OPEN} AS stays_open, n.is_only AND NOT ${STAYS_OPEN} AS is_alone,
      CASE
        WHEN n.status NOT IN (${PENDING}) THEN NULL
        WHEN n.verdict = 'retry' THEN clock_timestamp() + make_interval(secs => n.delay_ms / 1000.0)
        ELSE coalesce(n.prior_due_at, clock_timestamp())
      END AS due_at
    FROM next n),
  stayed AS (
    ${toRecorded('$3')}
    FROM timed n WHERE d.id = n.id AND d.id = ANY($2) AND n.stays_open
    RETURNING d.id, d.status, d.due_at, d.dead_reason),
  ${endRecorded('WHERE d.id = n.id AND d.id = ANY($2) AND NOT n.stays_open')},
  moved AS (
    SELECT id, status, due_at, dead_reason FROM stayed
    UNION ALL SELECT id, status, NULL, dead_reason FROM gone),
  saved AS (${save(`FROM input i JOIN target t ON t.id = i.delivery_id
    WHERE NOT EXISTS (SELECT FROM gone g WHERE g.id = t.id AND g.is_alone)`)}),
  noted AS (${noteAttempts(ONLY_ATTEMPTS)})
  SELECT t.id AS "deliveryId", coalesce(m.status, t.status) AS status,
    coalesce(m.dead_reason, t.dead_reason) AS "deadReason", m.id IS NOT NULL AS "hasMoved",
    ${msUntil('CASE WHEN m.id IS NULL THEN t.due_at ELSE m.due_at END')} AS "waitMs"
  FROM target t LEFT JOIN moved m ON m.id = t.id`;

/** From the least of their ids to the greatest, so that a plan for all values looks at their days only. */
const IS_OF = 'd.id = ANY($2) AND d.id BETWEEN $3 AND $4';

/**
 * Records attempts of deliveries that have ended meanwhile: a 2xx makes them delivered. What stands with its delivery
 * was recorded before.
 */
export const RECORD_LATE_SQL = `
  WITH ${INPUT},
  target AS (
    SELECT d.id, d.status, d.dead_reason, d.started_at IS NOT NULL AS is_recorded,
      i.verdict = 'delivered' AND d.status <> 'delivered' AS is_moved, NULL::timestamptz AS prior_due_at,
      d.customer_id, d.event, d.created_at, d.is_test, d.status AS former
    FROM ended_deliveries d JOIN input i ON i.delivery_id = d.id WHERE ${IS_OF} ORDER BY d.id FOR UPDATE OF d),
  moved AS (
    ${DELIVER_LATE}
    FROM target t JOIN input n ON n.delivery_id = t.id
    WHERE d.id = t.id AND ${IS_OF} AND t.is_moved
    RETURNING d.id, d.status),
  kept AS (${keepAttempt(`FROM ended_deliveries d WHERE ${IS_OF} AND d.id IN (SELECT id FROM target WHERE is_moved)`)}),
  saved AS (${save('FROM input i JOIN target t ON t.id = i.delivery_id WHERE NOT t.is_recorded')}),
  noted AS (${noteAttempts()})
  SELECT t.id AS "deliveryId", coalesce(m.status, t.status) AS status, CASE WHEN m.id IS NULL
    THEN t.dead_reason END AS "deadReason",
    m.id IS NOT NULL AS "hasMoved", NULL::float8 AS "waitMs"
  FROM target t LEFT JOIN moved m ON m.id = t.id`;
