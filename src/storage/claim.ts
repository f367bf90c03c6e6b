import type { AttemptTrigger } from '../domain/attempt.ts';
import { type CustomHeader, LEASE_MARGIN_MS } from '../domain/endpoint.ts';
import type { EndpointRoute } from '../domain/endpoint-route.ts';
import type { RetryPolicy } from '../domain/retry-schedule.ts';
import { openHeaders } from './header-box.ts';
import { openRoute } from './route-box.ts';
import type { SecretBox } from './secret-box.ts';

/** A delivery taken for one attempt, with everything needed to send it. Secrets in clear: never log or return it. */
export interface Claim {
  readonly deliveryId: string;
  readonly attempt: number;
  readonly trigger: AttemptTrigger;
  readonly retriesUsed: number;
  readonly eventId: string;
  readonly event: string;
  readonly dataText: string;
  readonly customerId: string | null;
  readonly endpointId: string;
  readonly url: string;
  readonly headers: readonly CustomHeader[];
  readonly timeoutMs: number;
  readonly retry: RetryPolicy;
  /** With its key in clear. */
  readonly route: EndpointRoute | null;
  /** Live signing secrets, the primary one first. */
  readonly secrets: readonly string[];
  /** State and health of the endpoint's breaker when it was claimed. */
  readonly breakerEpoch: number;
  readonly isFailing: boolean;
}

/**
 * A claim as the statements return it: `CLAIMED_COLUMNS` of the moved delivery `c`, its event `ev`, its endpoint `e`
 * and that one's health `h`.
 */
export interface ClaimedRow extends Omit<Claim, 'secrets'> {
  /** In base64; null where there is none. */
  readonly secrets: readonly string[] | null;
}

export const CLAIMED_COLUMNS = `
  c.id AS "deliveryId", c.attempts_made AS attempt, c.trigger, c.retries_used AS "retriesUsed",
  c.event_id AS "eventId", c.event, c.customer_id AS "customerId", c.endpoint_id AS "endpointId",
  ev.data AS "dataText", e.url, e.headers, e.timeout_ms AS "timeoutMs", e.retry, e.route,
  coalesce(h.epoch, 0) AS "breakerEpoch", coalesce(h.is_failing, false) AS "isFailing",
  (SELECT array_agg(encode(s.ciphertext, 'base64') ORDER BY s.number)
   FROM endpoint_secrets s WHERE s.endpoint_id = e.id) AS secrets`;

/** SQL: when a claim made now runs out, given the endpoint `e`. */
export const LEASE_END = `clock_timestamp() + make_interval(secs => (e.timeout_ms + ${LEASE_MARGIN_MS}) / 1000.0)`;

/** Decrypts what a statement returned. @throws Error naming the endpoint where its secrets do not open */
export function openClaim(row: ClaimedRow, secretBox: SecretBox): Claim {
  const { endpointId } = row;
  try {
    if (row.secrets === null) throw new Error('the endpoint has no secret');
    return {
      ...row,
      route: openRoute(row.route, { secretBox, endpointId }),
      headers: openHeaders(row.headers, { secretBox, endpointId }),
      secrets: row.secrets.map((text) => secretBox.open(Buffer.from(text, 'base64'), endpointId)),
    };
  } catch (cause) {
    const message = `The secrets of endpoint ${endpointId} do not open; is POSTHORN_MASTER_KEY the one they were sealed with?`;
    throw new Error(message, { cause });
  }
}
