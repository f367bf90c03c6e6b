import type { AttemptTrigger } from '../../domain/attempt.ts';
import type { CustomHeader } from '../../domain/endpoint.ts';
import type { EndpointRoute } from '../../domain/endpoint-route.ts';
import type { RetryPolicy } from '../../domain/retry-schedule.ts';
import type { Timing } from '../../domain/timing.ts';
import type { WireChoices } from '../../domain/wire-choices.ts';
import { IS_LIVE, PRIMARY_FIRST } from '../endpoints/endpoint-secrets.ts';
import { EVENT_CREATED_AT, EVENT_OCCURRED_AT } from '../history/attempt-store.ts';
import { milliseconds } from '../postgres/time-sql.ts';
import { openHeaders } from '../sealed/sealed-headers.ts';
import { openRoute } from '../sealed/sealed-route.ts';
import { openPair } from '../sealed/sealed-secret.ts';
import type { SecretBox } from '../sealed/secret-box.ts';

/** The call that a member of a batch goes with. */
export interface BatchCall {
  /** Stands in the call where the id of a lone delivery stands. */
  readonly id: string;
  /** From 1, counting the attempts of the batch, whatever its members went through before. */
  readonly attempt: number;
  /** When the member's event was accepted, in milliseconds since the epoch. */
  readonly eventCreatedAt: number;
}

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
  /** Whose event it is; null where it went to all. */
  readonly eventCustomerId: string | null;
  /** When the event occurred, or was accepted where nobody said; milliseconds since the epoch. */
  readonly occurredAt: number;
  /** The trace that the event was published in, as `traceparent` has it; null where nobody said. */
  readonly traceParent: string | null;
  readonly endpointId: string;
  readonly url: string;
  readonly headers: readonly CustomHeader[];
  readonly timeoutMs: number;
  readonly retry: RetryPolicy;
  /** Null is Posthorn's own format. */
  readonly wire: WireChoices | null;
  /** With its key in clear. */
  readonly route: EndpointRoute | null;
  /** Live signing secrets, the primary one first. */
  readonly secrets: readonly string[];
  /** The private keys that belong to them, in the same order. */
  readonly signingKeys: readonly string[];
  /** State and health of the endpoint's breaker when it was claimed. */
  readonly breakerEpoch: number;
  readonly isFailing: boolean;
  /** Since when it has been due, in milliseconds since the epoch by Postgres' clock; absent where a gate held it. */
  readonly dueAt?: number;
  /** Absent where it goes by itself. */
  readonly batch?: BatchCall;
}

/** For whom a gate's drain claims; the owner is kept in the rows so that their history can be explained. */
export interface ClaimingDrain {
  readonly owner: string;
  readonly secretBox: SecretBox;
  readonly timing: Timing;
}

/** Payload that one claim brings at most, unless a single event has more: all of it is in memory at once. */
export const MOST_PAYLOAD_BYTES = 33_554_432;

/** What goes out in one call: one claim, or those of all members of a batch, in order. */
export type Outgoing = readonly [lead: Claim, ...others: Claim[]];

/**
 * A claim as the statements return it: `CLAIMED_COLUMNS` of the moved delivery `c`, its event `ev`, its endpoint `e`
 * and that one's health `h`.
 */
export interface ClaimedRow extends Omit<Claim, 'secrets' | 'signingKeys' | 'batch'> {
  /** In base64; null where there is none. */
  readonly secrets: readonly string[] | null;
}

/**
 * A claim of which the statement also returns the batch it goes with, `BATCH_COLUMNS`; id and attempt are null where it
 * goes by itself.
 */
export interface BatchedRow extends ClaimedRow {
  readonly batchId: string | null;
  readonly batchAttempt: number | null;
  readonly eventCreatedAt: number;
}

export const BATCH_COLUMNS = `
  c.batch_id AS "batchId", c.batch_attempt AS "batchAttempt", ${EVENT_CREATED_AT} AS "eventCreatedAt"`;

/** SQL: how many bytes the payload of the event `ev` has; nothing of a large one is read for that. */
export const PAYLOAD_BYTES = 'coalesce(octet_length(ev.data), 0)';

/** SQL: since when a claim `c` has been due; its columns must keep what it was. */
export const CLAIMED_DUE_AT = 'floor(extract(epoch FROM c.prior_due_at) * 1000)::float8 AS "dueAt"';

export const CLAIMED_COLUMNS = `
  c.id AS "deliveryId", c.attempts_made AS attempt, c.trigger, c.retries_used AS "retriesUsed",
  c.event_id AS "eventId", c.event, c.customer_id AS "customerId", c.endpoint_id AS "endpointId",
  ev.data AS "dataText", ev.customer_id AS "eventCustomerId", ${EVENT_OCCURRED_AT} AS "occurredAt",
  ev.trace_parent AS "traceParent", e.url, e.headers,
  e.timeout_ms AS "timeoutMs", e.retry, e.wire, e.route,
  coalesce(h.epoch, 0) AS "breakerEpoch", coalesce(h.is_failing, false) AS "isFailing",
  (SELECT array_agg(encode(s.ciphertext, 'base64') ORDER BY ${PRIMARY_FIRST})
   FROM endpoint_secrets s WHERE s.endpoint_id = e.id AND ${IS_LIVE}) AS secrets`;

/**
 * SQL: whether the gate of the endpoint $1 may let deliveries go. It belongs into the statement that reads the URL: one
 * that was changed since the gate was looked at may be a stranger's.
 */
export const IS_SERVED = "EXISTS (SELECT FROM endpoints WHERE id = $1 AND status = 'enabled')";

/** SQL: when a claim made now runs out, given the endpoint `e` and the parameter with the margin of `Timing`. */
export function leaseEnd(margin: string): string {
  return `clock_timestamp() + ${milliseconds(`(e.timeout_ms + ${margin}::integer)`)}`;
}

/** How many bytes all payloads of a call have. */
export function payloadBytesOf(outgoing: readonly Pick<Claim, 'dataText'>[]): number {
  return outgoing.reduce((sum, { dataText }) => sum + Buffer.byteLength(dataText), 0);
}

/** Decrypts what a statement returned. @throws Error naming the endpoint where its secrets do not open */
export function openClaim(row: ClaimedRow, secretBox: SecretBox): Claim {
  const { endpointId } = row;
  try {
    if (row.secrets === null) throw new Error('the endpoint has no secret');
    const pairs = row.secrets.map((text) => openPair(text, { secretBox, endpointId }));
    return {
      ...row,
      route: openRoute(row.route, { secretBox, endpointId }),
      headers: openHeaders(row.headers, { secretBox, endpointId }),
      secrets: pairs.map(({ secret }) => secret),
      signingKeys: pairs.map(({ signingKey }) => signingKey),
    };
  } catch (cause) {
    const message =
      `The secrets of endpoint ${endpointId} do not open; is POSTHORN_MASTER_KEY ` +
      `the one they were sealed with?`;
    throw new Error(message, { cause });
  }
}

/** The same for a row that knows its batch. */
export function openBatched(row: BatchedRow, secretBox: SecretBox): Claim {
  const { batchId, batchAttempt, eventCreatedAt, ...claimed } = row;
  const claim = openClaim(claimed, secretBox);
  if (batchId === null || batchAttempt === null) return claim;
  return { ...claim, batch: { id: batchId, attempt: batchAttempt, eventCreatedAt } };
}
