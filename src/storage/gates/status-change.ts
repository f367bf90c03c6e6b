import type { PoolClient } from 'pg';
import type { Breaker } from '../../domain/breaker.ts';
import type { EndpointStatus } from '../../domain/endpoint.ts';
import { noteEndpointChanges, type UnrequestedAction } from '../access/endpoint-changes.ts';
import { NO_LONGER_UNVERIFIED } from '../endpoints/ownership-checks.ts';
import { lockBreaker, saveBreaker } from './breaker-store.ts';

/** Who changes the status of an endpoint, and what for; shown to everybody who may see the endpoint. */
export interface StatusChange {
  readonly by?: string | null;
  readonly reason?: string | null;
  /** Whether a request through the API asks for it, which is audited by itself; no where absent. */
  readonly isRequested?: boolean;
}

/** What an endpoint becomes, from which states, and as which action that is audited where nobody requested it. */
export interface NewStatus extends StatusChange {
  readonly from: readonly EndpointStatus[];
  readonly status: EndpointStatus;
  readonly disabledReason: string | null;
  readonly action: UnrequestedAction;
  readonly url?: string;
}

/** @returns whether the endpoint had another status before, and the URL, if one is given */
export async function setStatus(
  client: PoolClient,
  endpointId: string,
  { from, status, disabledReason, action, by = null, reason = null, isRequested = false, url }: NewStatus,
): Promise<boolean> {
  const { rowCount } = await client.query(
    `UPDATE endpoints SET status = $3, disabled_reason = $4, status_by = $5, status_reason = $6, status_since = now(),
       paused_until = NULL, updated_at = now(), ${NO_LONGER_UNVERIFIED}
     WHERE id = $1 AND status = ANY($2) AND deleted_at IS NULL AND url = coalesce($7, url)`,
    [endpointId, from, status, disabledReason, by, reason, url],
  );
  const isChanged = rowCount === 1;
  if (isChanged && !isRequested)
    await noteEndpointChanges(client, [{ endpointId, action, by, reason: reason ?? disabledReason }]);
  return isChanged;
}

/** Changes a breaker, and has its new state audited where nobody requested it. */
export async function changeBreaker(
  client: PoolClient,
  endpointId: string,
  {
    change,
    by = null,
    reason = null,
    isRequested = false,
  }: StatusChange & { readonly change: (breaker: Breaker) => Breaker },
): Promise<void> {
  const before = await lockBreaker(client, endpointId);
  if (before === null) return;
  const after = change(before);
  await saveBreaker(client, endpointId, after);
  if (isRequested || after.state === before.state) return;
  const action = after.state === 'half_open' ? 'endpoint.breaker_probe' : 'endpoint.breaker_close';
  await noteEndpointChanges(client, [{ endpointId, action, by, reason }]);
}
