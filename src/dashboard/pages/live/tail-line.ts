import type { Delivery, DeliveryStatus, Outcome } from '../../data/types.ts';

/** A line of what happens, whichever way it was learned. */
export interface TailLine {
  readonly key: string;
  readonly deliveryId: string;
  readonly endpointId: string;
  readonly event: string;
  readonly status: DeliveryStatus;
  readonly attempt: number | null;
  readonly code: string | null;
  readonly durationMs: number | null;
  readonly at: string;
}

/** A message of the stream as a line; what goes on waits for another attempt. */
export function lineOfOutcome(outcome: Outcome): TailLine {
  const { delivery_id: deliveryId, attempt, status, at } = outcome;
  const code = outcome.error_code ?? outcome.status_code;
  return {
    key: [deliveryId, attempt, status, at].join(' '),
    deliveryId,
    endpointId: outcome.endpoint_id,
    event: outcome.event,
    status: status === 'open' ? 'retrying' : status,
    attempt,
    code: code === null ? null : String(code),
    durationMs: outcome.duration_ms,
    at,
  };
}

/** A delivery as it was found as a line. */
export function lineOfDelivery(delivery: Delivery): TailLine {
  const { id, status, attempts_made: made } = delivery;
  const code = delivery.last_error_code ?? delivery.last_status_code;
  return {
    key: [id, made, status].join(' '),
    deliveryId: id,
    endpointId: delivery.endpoint_id,
    event: delivery.event,
    status,
    attempt: made === 0 ? null : made,
    code: code === null ? null : String(code),
    durationMs: null,
    at: delivery.finished_at ?? delivery.created_at,
  };
}
