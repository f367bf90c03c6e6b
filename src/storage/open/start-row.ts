import type { DeliveryStart } from '../../domain/delivery-start.ts';
import { waitMsUntil } from '../postgres/time-sql.ts';

/** A row of `SELECT_STARTS`. */
export interface StartRow extends Omit<DeliveryStart, 'host'> {
  readonly url: string;
}

/** SQL: what a run of the delivery `d` would begin with. */
export const SELECT_STARTS = selectStartsFrom('open_deliveries');

/** SQL: the same where it may have ended. */
export const SELECT_ANY_START = selectStartsFrom('deliveries');

function selectStartsFrom(deliveries: string): string {
  return `
  SELECT d.id AS "deliveryId", d.event_id AS "eventId", d.event, d.endpoint_id AS "endpointId",
    d.customer_id AS "customerId", e.url, d.attempts_made AS "attemptsMade", d.retry_mark AS mark,
    ${waitMsUntil('coalesce(d.due_at, now())', 'now()')} AS "dueInMs"
  FROM ${deliveries} d JOIN endpoints e ON e.id = d.endpoint_id`;
}

/** Of the endpoint's URL only the host may be seen in Temporal. */
export function asStart({ url, ...start }: StartRow): DeliveryStart {
  return { ...start, host: new URL(url).host };
}
