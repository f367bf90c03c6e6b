import { ENDED } from '../postgres/statuses.ts';

/** SQL: which of these states a delivery has ended in; null where it is open. */
function ended(status: string): string {
  return `CASE WHEN ${status} IN (${ENDED}) THEN ${status} END`;
}

/**
 * SQL: the state in which the delivery `d` had ended before what happens to it now; null where it is open for the first
 * time, or was.
 */
export const FORMERLY = `CASE WHEN d.before_replay ? 'taken_back' THEN NULL WHEN d.status IN (${ENDED})
  THEN d.status WHEN d.prior_status IN (${ENDED}) THEN d.prior_status
    ELSE d.before_replay ->> 'status' END`;

const ATTEMPTS = `INSERT INTO outcomes (delivery_ids, endpoint_ids, customer_ids, events, created_ats, counts,
  became, formers, numbers,
      triggers, started_ats, delays_ms, durations_ms, status_codes, error_codes)
    SELECT array_agg(f.delivery_id), array_agg(f.endpoint_id), array_agg(f.customer_id), array_agg(f.event),
      array_agg(f.created_at), array_agg(f.count), array_agg(f.became), array_agg(f.former), array_agg(f.number),
      array_agg(f.trigger), array_agg(f.started_at), array_agg(f.delay_ms), array_agg(f.duration_ms),
      array_agg(f.status_code), array_agg(f.error_code)`;

/** SQL: how long after it was due the first attempt of `f` began. */
function delayMs(attempt: string, delivery: string): string {
  return `greatest(0, extract(epoch FROM ${attempt}.started_at - coalesce(${delivery}.prior_due_at,
    ${delivery}.created_at))::float8 * 1000)`;
}

/**
 * SQL: facts of attempts that ended their deliveries and were the only ones, all in one row `n` of `timed`. They are
 * nearly all there are, and joining several hundred of them would compare each with each: plans are made for few.
 */
export const ONLY_ATTEMPTS = `
      SELECT n.delivery_id, n.endpoint_id, n.customer_id, n.event, n.created_at, 1 AS count, n.status AS became,
        n.former, n.number, n.trigger, n.started_at, ${delayMs('n', 'n')} AS delay_ms, n.duration_ms, n.status_code,
          n.error_code
      FROM timed n WHERE n.is_alone AND NOT n.is_test
      UNION ALL`;

/**
 * SQL: when an attempt whose sender vanished began: at its claim, with a microsecond that no clock of a sender shows.
 */
export const LOST_STARTED_AT = "date_trunc('milliseconds', claimed_at) + interval '1 microsecond'";

/** It had been closed as lost, and keeps the time from then. */
const IS_LATE = 's.started_at <> i.started_at';

/**
 * SQL: notes the attempts `saved` (delivery_id, number, started_at) of the records `input`, and what became of their
 * deliveries by `target` (as `OUTCOME_FACTS` has them) and `moved`. Of a late one it takes back that its outcome was
 * unknown.
 * @param others facts of other attempts, up to UNION ALL
 */
export function noteAttempts(others = ''): string {
  return `${ATTEMPTS}
    FROM (${others}
      SELECT i.delivery_id, i.endpoint_id, t.customer_id, t.event, t.created_at, 1 AS count,
        ${ended('m.status')} AS became, t.former, i.number, i.trigger, s.started_at, CASE WHEN i.number = 1
          AND NOT ${IS_LATE} THEN
          ${delayMs('i', 't')} END AS delay_ms,
        i.duration_ms, i.status_code, i.error_code
      FROM saved s JOIN input i ON i.delivery_id = s.delivery_id JOIN target t ON t.id = i.delivery_id
      LEFT JOIN moved m ON m.id = t.id WHERE NOT t.is_test
      UNION ALL
      SELECT i.delivery_id, i.endpoint_id, t.customer_id, t.event, t.created_at, -1, NULL, NULL, i.number,
        i.trigger, s.started_at, NULL, NULL, NULL, 'outcome_unknown'
      FROM saved s JOIN input i ON i.delivery_id = s.delivery_id JOIN target t ON t.id = i.delivery_id
      WHERE ${IS_LATE} AND NOT t.is_test) f
    HAVING count(*) > 0`;
}

/** SQL: what `noteAttempts` has to know of the delivery `d` as it was. */
export const OUTCOME_FACTS = `d.customer_id, d.event, d.created_at, d.is_test, ${FORMERLY} AS former`;

/**
 * SQL: notes the attempts `saved` (delivery_id, number) of which nobody knows the outcome, of the `expired` claims of
 * deliveries.
 */
export const NOTE_UNKNOWN = `${ATTEMPTS}
    FROM (
      SELECT x.id AS delivery_id, x.endpoint_id, x.customer_id, x.event, x.created_at, 1 AS count,
        CASE WHEN f.status IN (${ENDED}) THEN f.status END AS became, x.former, s.number, x.trigger,
        x.claimed_at AS started_at, NULL::float8 AS delay_ms, NULL::float8 AS duration_ms,
        NULL::integer AS status_code, 'outcome_unknown' AS error_code
      FROM saved s JOIN expired x ON x.id = s.delivery_id LEFT JOIN freed f ON f.id = x.id WHERE NOT x.is_test) f
    HAVING count(*) > 0`;

/**
 * SQL: notes how deliveries ended without an attempt.
 * @param source a query of their id, endpoint_id, customer_id, event, created_at, is_test, became and former
 */
export function noteEnds(source: string): string {
  return `INSERT INTO outcomes (delivery_ids, endpoint_ids, customer_ids, events, created_ats, counts, became, formers)
    SELECT array_agg(f.id), array_agg(f.endpoint_id), array_agg(f.customer_id), array_agg(f.event),
      array_agg(f.created_at), array_agg(1), array_agg(f.became), array_agg(f.former)
    FROM (${source}) f WHERE NOT f.is_test HAVING count(*) > 0`;
}

/**
 * SQL: notes events and deliveries that were accepted.
 * @param source a query of their endpoint_id (null for events), customer_id, event, became, count and created_at, tests
 *   left out
 */
export function noteAccepted(source: string): string {
  return `INSERT INTO outcomes (endpoint_ids, customer_ids, events, created_ats, counts, became)
    SELECT array_agg(f.endpoint_id), array_agg(f.customer_id), array_agg(f.event), array_agg(f.created_at),
      array_agg(f.count), array_agg(f.became)
    FROM (${source}) f HAVING count(*) > 0`;
}
