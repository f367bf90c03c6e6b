import { OPEN } from '../../postgres/statuses.ts';
import { FORMERLY, noteEnds } from '../note-outcomes.ts';

/** What an ended delivery keeps of the open one. */
export const KEPT_COLUMNS = `id, event_id, endpoint_id, customer_id, event, is_test, attempts_made, retries_used,
  position, trigger, owner,
    run_id, replay_id, last_status_code, last_error_code, created_at`;

/** SQL: whether the delivery `d` was delivered before the replay that it is in. */
export const WAS_DELIVERED = "coalesce(d.before_replay ->> 'status' = 'delivered', false)";

/** How deliveries end, each as SQL over the open row `d`. What is absent stays as it is. */
interface End {
  readonly status: string;
  readonly finishedAt?: string;
  readonly deadReason?: string;
  readonly batchId?: string;
}

/**
 * SQL: the common table expression `ended`, which moves open deliveries `d` to the ended ones; nobody waits for
 * anything of them any more.
 * @param which which ones, from USING or WHERE on
 */
export function endAs(
  { status, finishedAt = 'now()', deadReason = 'd.dead_reason', batchId = 'd.batch_id' }: End,
  which: string,
): string {
  const kept = `${KEPT_COLUMNS}, ${unlessDelivered("'delivered'", status)}, ${finishedAt},
        ${unlessDelivered('NULL', deadReason)}, ${unlessDelivered("d.before_replay ->> 'batch_id'", batchId)}`;
  return `gone AS (DELETE FROM open_deliveries d ${which} RETURNING d.*),
    ended AS (
      INSERT INTO ended_deliveries (${KEPT_COLUMNS}, status, finished_at, dead_reason, batch_id)
      SELECT ${kept} FROM gone d
      RETURNING *),
    noted AS (${noteEnds(`SELECT d.id, d.endpoint_id, d.customer_id, d.event, d.created_at, d.is_test,
      e.status AS became,
      ${FORMERLY} AS former FROM gone d JOIN ended e ON e.id = d.id`)})`;
}

/** What was delivered before its replay stays so, whatever comes of that. */
function unlessDelivered(delivered: string, otherwise: string): string {
  return `CASE WHEN ${WAS_DELIVERED} THEN ${delivered} ELSE ${otherwise} END`;
}

/** Being sent once more after it was delivered. */
const IS_RESEND = "(d.status = 'sending' AND d.prior_status = 'delivered')";

/** SQL: ends open deliveries undelivered, because somebody wants it. */
export function cancel(which: string): string {
  return endAs({ status: "'cancelled'" }, which);
}

/**
 * SQL: cancels what is open of a deleted endpoint, unless it is only sent once more; nobody waits for manual attempts
 * any more.
 */
export function endWithEndpoint(which: string): string {
  const end = {
    status: `CASE WHEN ${IS_RESEND} THEN 'delivered' WHEN d.status IN (${OPEN}) THEN 'cancelled' ELSE d.status END`,
    finishedAt: `CASE WHEN d.status IN (${OPEN}) AND NOT ${IS_RESEND} THEN now()
      ELSE coalesce(d.finished_at, now()) END`,
  };
  return endAs(end, which);
}

/** SQL: ends held deliveries that are too old. */
export function expire(which: string): string {
  return endAs({ status: "'dead'", deadReason: "'expired'", batchId: 'NULL' }, which);
}

/** SQL: takes the dead letter `d` off the list; it ended when it died. */
export const DISCARD = `UPDATE ended_deliveries d SET status = 'cancelled'`;

/** SQL: the same for one that is marked for a manual attempt. */
export function discardMarked(which: string): string {
  return endAs({ status: "'cancelled'", finishedAt: 'd.finished_at' }, which);
}

/** SQL: forgets what the receiver answered to the ended delivery `d`, and what its body could be built from again. */
export const ERASE_ANSWER = `UPDATE ended_deliveries d SET signature = NULL, response_headers = NULL,
  response_body = NULL`;
