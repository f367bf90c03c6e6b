import type { PoolClient } from 'pg';
import type { Endpoint } from '../../domain/endpoint.ts';
import { UNVERIFIED } from '../../domain/ownership.ts';
import { noteEndpointChanges } from '../access/endpoint-changes.ts';

/** The row as it is stored, to tell whether a change changed anything. */
export interface Whole {
  readonly whole: Readonly<Record<string, unknown>>;
}

/** What of it is sealed, or decides what becomes of it. */
export type SealedSettings = Pick<Endpoint, 'headers' | 'route' | 'url'> & Whole;

/** Locks an endpoint; null where there is none. */
export async function lockSealed(client: PoolClient, id: string): Promise<SealedSettings | null> {
  const { rows } = await client.query<SealedSettings>(
    'SELECT headers, route, url, to_jsonb(endpoints) AS whole ' +
      'FROM endpoints WHERE id = $1 AND deleted_at IS NULL FOR NO KEY UPDATE',
    [id],
  );
  return rows[0] ?? null;
}

/** What it was, it is again once it is verified; of one that is unverified already that stays what it was at first. */
export async function makeUnverified(client: PoolClient, id: string): Promise<void> {
  const { rowCount } = await client.query(
    `UPDATE endpoints SET prior_status = status, prior_disabled_reason = disabled_reason, status = 'disabled',
       disabled_reason = $2, status_since = now(), status_by = NULL, status_reason = NULL
     WHERE id = $1 AND disabled_reason IS DISTINCT FROM $2`,
    [id, UNVERIFIED],
  );
  if (rowCount === 1)
    await noteEndpointChanges(client, [{ endpointId: id, action: 'endpoint.disable', reason: UNVERIFIED }]);
  await client.query('UPDATE gates SET is_open = false, needs_wake = true WHERE endpoint_id = $1', [id]);
}

/** Notes that it was changed now, unless that is only tried out. */
export async function touch(client: PoolClient, id: string, isRehearsal: boolean): Promise<Date> {
  if (isRehearsal) return new Date();
  const { rows } = await client.query<{ now: Date }>(
    'UPDATE endpoints SET updated_at = now() WHERE id = $1 RETURNING updated_at AS now',
    [id],
  );
  return rows[0]?.now ?? new Date();
}
