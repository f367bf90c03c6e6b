import type { PoolClient } from 'pg';
import { type Database, inTransaction } from '../postgres/database.ts';
import { DISPATCH_LOCK } from '../postgres/locks.ts';

/** So that a million events scheduled for one moment move although a statement has its time limit. */
export const MAX_PER_CHUNK = 1_000;

/** Runs `move` in a transaction in which no gate opens or shuts. */
export async function inChunk<T>(database: Database, move: (client: PoolClient) => Promise<T>): Promise<T> {
  return await inTransaction(database.pool, async (client) => {
    await client.query(`SELECT pg_advisory_xact_lock_shared(${DISPATCH_LOCK})`);
    return await move(client);
  });
}

/** SQL: those that waited longest, locked in the order in which claims and records lock. */
export function lockOverdue(condition: string): string {
  return `WITH target AS (
    SELECT id FROM deliveries WHERE ${condition} AND recheck_at <= now() AND id IN (
      SELECT id FROM deliveries WHERE ${condition} AND recheck_at <= now() ORDER BY recheck_at LIMIT ${MAX_PER_CHUNK})
    ORDER BY id FOR UPDATE)`;
}
