import type { PoolClient } from 'pg';
import { type Database, inTransaction } from './database.ts';

/*
 * Whoever locks more than one thing does it in this order, so that no two wait for each other: advisory locks, rows of
 * gates by endpoint, rows of health by endpoint, deliveries by id. Recording locks no gate.
 */

/** Any number that is the same everywhere. */
const DISPATCH_LOCK = 7_406_412;
/** One replica at a time reconciles; a dead one's lock is freed by Postgres. */
const RECONCILE_LOCK = 7_406_413;
/** One replica at a time counts outcomes. */
const COUNTING_LOCK = 7_406_414;
/** One replica at a time makes and drops days of history. */
const DAYS_LOCK = 7_406_415;
/** One replica at a time follows which hosts fail. */
const ALERTING_LOCK = 7_406_416;

/**
 * SQL that takes the dispatch lock, shared, until the transaction ends: no gate opens or shuts and no wave closes
 * meanwhile. Publish reads gates and waves in its next statement. A transaction that also locks rows begins with it.
 */
export const SHARE_DISPATCH_LOCK = `SELECT pg_advisory_xact_lock_shared(${DISPATCH_LOCK})`;

const LOCK_DISPATCH = `SELECT pg_advisory_xact_lock(${DISPATCH_LOCK})`;

/**
 * Waits for every publish under way and keeps new ones waiting until the caller's transaction ends; then gates and
 * waves may change.
 */
export async function lockDispatch(client: PoolClient): Promise<void> {
  await client.query(LOCK_DISPATCH);
}

/** Runs `work` in a transaction in which no gate opens or shuts. */
export async function withDispatchShared<T>(
  database: Database,
  work: (client: PoolClient) => Promise<T>,
): Promise<T> {
  return await inTransaction(database.pool, work, { first: SHARE_DISPATCH_LOCK });
}

/** Runs `work` in a transaction in which nobody publishes, so that gates and waves may change. */
export async function withDispatchLocked<T>(
  database: Database,
  work: (client: PoolClient) => Promise<T>,
): Promise<T> {
  return await inTransaction(database.pool, work, { first: LOCK_DISPATCH });
}

/** Runs `work` unless another replica reconciles at this moment; false where it did not run. */
export async function whileReconciling(database: Database, work: () => Promise<void>): Promise<boolean> {
  const done = await unlessLocked(database, RECONCILE_LOCK, async () => {
    await work();
    return true;
  });
  return done ?? false;
}

/** Runs `work` in a transaction unless another replica counts outcomes at this moment; null where it did not run. */
export async function whileCounting<T>(
  database: Database,
  work: (client: PoolClient) => Promise<T>,
): Promise<T | null> {
  return await unlessLocked(database, COUNTING_LOCK, work);
}

/**
 * Runs `work` in a transaction unless another replica makes or drops days of history at this moment; null where it did
 * not run.
 */
export async function whileKeepingDays<T>(
  database: Database,
  work: (client: PoolClient) => Promise<T>,
): Promise<T | null> {
  return await unlessLocked(database, DAYS_LOCK, work);
}

/** Runs `work` in a transaction unless another replica follows outages at this moment; null where it did not run. */
export async function whileAlerting<T>(
  database: Database,
  work: (client: PoolClient) => Promise<T>,
): Promise<T | null> {
  return await unlessLocked(database, ALERTING_LOCK, work);
}

async function unlessLocked<T>(
  database: Database,
  lock: number,
  work: (client: PoolClient) => Promise<T>,
): Promise<T | null> {
  return await inTransaction(database.pool, async (client) => {
    const { rows } = await client.query<{ locked: boolean }>(
      'SELECT pg_try_advisory_xact_lock($1) AS locked',
      [lock],
    );
    return rows[0]?.locked === true ? await work(client) : null;
  });
}
