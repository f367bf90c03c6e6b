import type { PoolClient } from 'pg';
import type { BatchSettings } from '../../domain/batch.ts';
import { planBatches } from '../claims/batch-plan.ts';
import { waitMsUntil } from '../postgres/time-sql.ts';

/** What decides when an endpoint's held deliveries are due. */
export interface DueRules {
  readonly ordered: boolean;
  readonly batch: BatchSettings | null;
  readonly hasFrozen: boolean;
}

/** SQL: whether the gate of the endpoint $1 holds a batch that is formed. */
export const HAS_FROZEN =
  "EXISTS (SELECT FROM open_deliveries WHERE endpoint_id = $1 AND batch_id IS NOT NULL AND status = 'held')";

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
  const { rows } = await client.query<{ wait: number | null }>({
    name: ordered ? 'next-in-order' : 'next-held',
    text: ordered ? NEXT_IN_ORDER_SQL : NEXT_HELD_SQL,
    values: [endpointId],
  });
  return rows[0]?.wait ?? null;
}

const HELD_ALONE =
  "FROM open_deliveries d WHERE d.endpoint_id = $1 AND d.status = 'held' AND d.batch_id IS NULL";

const NEXT_IN_ORDER_SQL = `
  SELECT ${waitMsUntil('coalesce(d.due_at, now())')} AS wait ${HELD_ALONE} ORDER BY d.position NULLS FIRST, d.id
  LIMIT 1`;

/** Each priority by itself, as the index has them. */
const NEXT_HELD_SQL = `
  SELECT ${waitMsUntil('n.due_at')} AS wait FROM (VALUES (0), (1)) AS p(priority), LATERAL (
    SELECT coalesce(d.due_at, now()) AS due_at ${HELD_ALONE} AND d.priority = p.priority
    ORDER BY d.due_at, d.id LIMIT 1) n
  ORDER BY n.due_at LIMIT 1`;
