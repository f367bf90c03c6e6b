import { OPEN } from '../../postgres/statuses.ts';

/** Being sent once more after it was delivered. */
const IS_RESEND = "(status = 'sending' AND prior_status = 'delivered')";

/** SQL: ends the delivery `d` undelivered, because somebody wants it; nobody waits for anything of it any more. */
export const CANCEL = `UPDATE deliveries d SET status = 'cancelled', finished_at = now(), due_at = NULL, recheck_at = NULL, retry_mark = NULL,
    wave_at = NULL`;

/** SQL: cancels the delivery `d` of a deleted endpoint if it is open, unless it is only sent once more; waits for no manual attempt. */
export const END_WITH_ENDPOINT = `UPDATE deliveries d SET recheck_at = NULL, retry_mark = NULL, wave_at = NULL,
    status = CASE WHEN ${IS_RESEND} THEN 'delivered' WHEN status IN (${OPEN}) THEN 'cancelled' ELSE status END,
    finished_at = CASE WHEN status IN (${OPEN}) AND NOT ${IS_RESEND} THEN now() ELSE finished_at END,
    due_at = CASE WHEN status NOT IN (${OPEN}) THEN due_at END`;

/** SQL: takes the dead letter `d` off the list; it ended when it died. */
export const DISCARD = `UPDATE deliveries d SET status = 'cancelled', retry_mark = NULL, recheck_at = NULL`;

/** SQL: ends the held delivery `d`, which is too old. */
export const EXPIRE = `UPDATE deliveries d SET status = 'dead', dead_reason = 'expired', finished_at = now(), due_at = NULL, recheck_at = NULL,
    batch_id = NULL`;

/** SQL: forgets deliveries that ended long ago. */
export const REMOVE = `DELETE FROM deliveries`;
