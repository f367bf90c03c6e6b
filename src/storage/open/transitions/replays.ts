/**
 * SQL: begins the schedule of the delivery `d` anew for the replay $1, at the position that $3 has for it; it keeps its
 * attempts.
 */
export const REPLAY = `UPDATE open_deliveries d SET
    status = CASE WHEN g.is_open THEN 'queued' ELSE 'held' END, replay_id = $1, priority = 1,
    before_replay = jsonb_build_object('status', d.status, 'attempts_made', d.attempts_made, 'retries_used',
      d.retries_used,
      'dead_reason', d.dead_reason, 'finished_at', d.finished_at, 'position', d.position, 'batch_id', d.batch_id),
    retries_used = 0, due_at = now(), wave_at = CASE WHEN g.is_open THEN now() END, rechecks = 0,
    recheck_at = CASE WHEN d.retry_mark IS NOT NULL THEN d.recheck_at END, batch_id = NULL, dead_reason = NULL,
    finished_at = NULL, position = coalesce(($3::jsonb ->> d.id)::bigint, d.position)`;

/**
 * SQL: makes the delivery `d` what it was before its replay, and cancels one that the replay made. A wish for a manual
 * attempt stays.
 */
export const TAKE_BACK = `UPDATE open_deliveries d SET
    status = coalesce(d.before_replay ->> 'status', 'cancelled'),
    retries_used = (d.before_replay ->> 'retries_used')::integer, dead_reason = d.before_replay ->> 'dead_reason',
    finished_at = (d.before_replay ->> 'finished_at')::timestamptz,
    position = (d.before_replay ->> 'position')::bigint, due_at = NULL, wave_at = NULL, rechecks = 0,
    recheck_at = CASE WHEN d.retry_mark IS NOT NULL THEN d.recheck_at END,
    batch_id = d.before_replay ->> 'batch_id', replay_id = NULL,
    before_replay = CASE WHEN d.before_replay ? 'source' THEN '{"taken_back":true}'::jsonb END, priority = 0`;

/**
 * SQL: inserts one more delivery of events that were accepted before, from rows in the shape of draft-delivery and,
 * where a replay wants it, `replay_id` and the delivery that it repeats, `source`. It is taken back by being cancelled.
 */
export const DELIVER_AGAIN = `INSERT INTO open_deliveries (id, event_id, endpoint_id, customer_id, event, status,
  due_at, wave_at, position,
      created_at, replay_id, priority, before_replay)
    SELECT id, event_id, endpoint_id, customer_id, event, status, now(), CASE status WHEN 'queued' THEN now() END,
      position, now(), replay_id, CASE WHEN replay_id IS NULL THEN 0 ELSE 1 END, CASE WHEN replay_id IS NOT NULL
        THEN jsonb_build_object('source', source, 'attempts_made', 0, 'retries_used', 0, 'position', position) END`;
