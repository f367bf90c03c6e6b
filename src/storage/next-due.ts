import type { PoolClient } from 'pg';
import type { BatchSettings } from '../domain/batch.ts';
import { planBatches } from './batch-plan.ts';

/** What decides when an endpoint's held deliveries are due. */
export interface DueRules {
  readonly ordered: boolean;
  readonly batch: BatchSettings | null;
  readonly hasFrozen: boolean;
}

/** SQL: whether the gate of the endpoint $1 holds a batch that is made up. */
export const HAS_FROZEN =
  "EXISTS (SELECT FROM deliveries WHERE endpoint_id = $1 AND batch_id IS NOT NULL AND status = 'held')";

/** Milliseconds until something that the gate holds can go, 0 where it can now; null where nothing is held. */
export async function nextDueOf(
  client: PoolClient,
  endpointId: string,
  rules: DueRules,
): Promise<number | null> {
  const { ordered, batch: settings, hasFrozen } = rules;
  const next: (number | null)[] = [];
  if (settings !== null || hasFrozen) {
    const { due, cuts, waitMs } = await planBatches(client, { endpointId, settings, ordered, most: 1 });
    next.push(due.length + cuts.length > 0 ? 0 : waitMs);
  }
  if (settings === null && !(ordered && hasFrozen)) next.push(await nextAlone(client, endpointId, ordered));
  const known = next.filter((wait) => wait !== null);
  return known.length === 0 ? null : Math.min(...known);
}

/** Where the order is kept the first in line decides. */
async function nextAlone(client: PoolClient, endpointId: string, ordered: boolean): Promise<number | null> {
  const { rows } = await client.query<{ wait: number }>({
    name: ordered ? 'next-in-order' : 'next-held',
    text: `SELECT greatest(0, extract(epoch FROM coalesce(due_at, now()) - clock_timestamp()) * 1000)::float8 AS wait FROM deliveries
           WHERE endpoint_id = $1 AND status = 'held' AND batch_id IS NULL
           ORDER BY ${ordered ? 'position NULLS FIRST, id' : 'due_at, id'} LIMIT 1`,
    values: [endpointId],
  });
  return rows[0]?.wait ?? null;
}
