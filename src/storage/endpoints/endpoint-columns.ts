import type { EndpointSettings } from '../../domain/endpoint.ts';
import type { EndpointRules } from '../../domain/endpoint-rules.ts';
import { DEFAULT_WIRE_CHOICES } from '../../domain/wire-choices.ts';
import { IS_LIVE, PRIMARY_FIRST } from './endpoint-secrets.ts';

/** SQL: the members of an `Endpoint` that stand in its row. */
export const COLUMNS = `id, customer_id AS "customerId", uid, url, description, metadata, events, filter, headers,
  timeout_ms AS "timeoutMs", retry, route, rate_limit AS "rateLimit", max_concurrency AS "maxConcurrency", batch,
  ordered, breaker, coalesce(wire, '${JSON.stringify(DEFAULT_WIRE_CHOICES)}') AS wire,
  replay_on_recovery AS "replayOnRecovery", status, disabled_reason AS "disabledReason",
  status_since AS "statusSince", status_by AS "statusBy", status_reason AS "statusReason",
  paused_until AS "pausedUntil", created_at AS "createdAt", updated_at AS "updatedAt"`;

const BREAKER_STATE =
  "coalesce((SELECT state FROM endpoint_health WHERE endpoint_id = endpoints.id), 'closed')";

/** When the last former secret ends to be live; null where there is none. */
const OVERLAP_END = `(SELECT max(s.expires_at) FROM endpoint_secrets s WHERE s.endpoint_id = endpoints.id
  AND ${IS_LIVE})`;

/** Of the live keys for `v1a`, the primary secret's first. */
const PUBLIC_KEYS = `ARRAY(SELECT s.public_key FROM endpoint_secrets s
  WHERE s.endpoint_id = endpoints.id AND ${IS_LIVE} ORDER BY ${PRIMARY_FIRST})`;

/** SQL: all of an `Endpoint`, from a row of `endpoints`. */
export const SELECTED = `${COLUMNS}, ${BREAKER_STATE} AS "breakerState", ${OVERLAP_END} AS "secretOverlapEndsAt",
  ${PUBLIC_KEYS} AS "publicKeys"`;

/** The rules among changes, and nothing that is secret. */
export function rulesOf(changes: Partial<EndpointSettings>): Partial<EndpointRules> {
  const { rateLimit, maxConcurrency, batch, ordered, breaker } = changes;
  const rules = Object.entries({ rateLimit, maxConcurrency, batch, ordered, breaker });
  return Object.fromEntries(rules.filter(([, value]) => value !== undefined));
}

/** SQL that sets the rules which a JSON object has, in the shape of `EndpointRules`. */
export function setRules(changes: string): string {
  const nullable = (column: string, member: string, value: string) =>
    `${column} = CASE WHEN ${changes} ? '${member}' THEN ${value} ELSE ${column} END`;
  return [
    nullable('rate_limit', 'rateLimit', `nullif(${changes} -> 'rateLimit', 'null')`),
    nullable('max_concurrency', 'maxConcurrency', `(${changes} ->> 'maxConcurrency')::integer`),
    nullable('batch', 'batch', `nullif(${changes} -> 'batch', 'null')`),
    `ordered = coalesce((${changes} ->> 'ordered')::boolean, ordered)`,
    `breaker = coalesce(${changes} -> 'breaker', breaker)`,
  ].join(', ');
}
