import type { PoolClient } from 'pg';
import { newId } from '../../new-id.ts';

/** What happens to endpoints without a request through the API. */
export const UNREQUESTED_ACTIONS = [
  'endpoint.pause',
  'endpoint.resume',
  'endpoint.enable',
  'endpoint.disable',
  'endpoint.verified',
  'endpoint.breaker_open',
  'endpoint.breaker_probe',
  'endpoint.breaker_reopen',
  'endpoint.breaker_close',
] as const;
export type UnrequestedAction = (typeof UNREQUESTED_ACTIONS)[number];

/** A change of an endpoint's state that no request asked for. */
export interface EndpointChange {
  readonly endpointId: string;
  readonly action: UnrequestedAction;
  /** Whom a signal to its workflow named; null or absent where it was Posthorn. */
  readonly by?: string | null;
  /** In their words, or the code of what led to it. */
  readonly reason: string | null;
}

/** Notes changes in the audit log, in the transaction that makes them. */
export async function noteEndpointChanges(
  client: PoolClient,
  changes: readonly EndpointChange[],
): Promise<void> {
  if (changes.length === 0) return;
  const rows = changes.map(({ endpointId, action, by = null, reason }) => ({
    id: newId('aud'),
    endpoint_id: endpointId,
    action,
    by,
    reason,
  }));
  await client.query(NOTE_SQL, [JSON.stringify(rows)]);
}

/** Only operators reach workflows. */
const NOTE_SQL = `
  INSERT INTO audit_entries (id, action, subject_id, customer_id, actor, person, reason)
  SELECT i.id, i.action, e.id, e.customer_id, CASE WHEN i.by IS NULL THEN 'system' ELSE 'operator' END, i.by, i.reason
  FROM json_to_recordset($1::json) AS i(id text, endpoint_id text, action text, by text, reason text)
  JOIN endpoints e ON e.id = i.endpoint_id`;
