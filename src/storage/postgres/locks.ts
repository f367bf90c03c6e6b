import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseError, type PoolClient } from 'pg';
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

/**
 * While somebody waits to have the lock alone, nobody else can share it. So whoever wants it alone waits for so long,
 * lets others go first for as long, and tries again; after so many tries it is longer each time, lest it never gets
 * there among slow transactions.
 */
const WAIT = { ms: 50, shortTries: 20 };
/** How Postgres calls it when a lock was waited for too long. */
export const LOCK_NOT_AVAILABLE = '55P03';

/** Runs `work` in a transaction in which no gate opens or shuts. */
export async function withDispatchShared<T>(
  database: Database,
  work: (client: PoolClient) => Promise<T>,
): Promise<T> {
  return await inTransaction(database.pool, work, { first: SHARE_DISPATCH_LOCK });
}

/**
 * Runs `work` in a transaction in which nobody publishes, so that gates and waves may change. A publish that takes long
 * is waited for without keeping others from publishing meanwhile.
 */
export async function withDispatchLocked<T>(
  database: Database,
  work: (client: PoolClient) => Promise<T>,
): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    let isLocked = false;
    try {
      const first = lockDispatch(WAIT.ms * 2 ** Math.max(0, tries - WAIT.shortTries));
      return await inTransaction(
        database.pool,
        async (client) => {
          isLocked = true;
          return await work(client);
        },
        { first },
      );
    } catch (error) {
      if (isLocked || !isLockTimeout(error)) throw error;
    }
    await sleep(WAIT.ms);
  }
}

function lockDispatch(waitMs: number): string {
  return `SET LOCAL lock_timeout = ${waitMs}; SELECT pg_advisory_xact_lock(${DISPATCH_LOCK});
    SET LOCAL lock_timeout = 0`;
}

function isLockTimeout(error: unknown): boolean {
  return error instanceof DatabaseError && error.code === LOCK_NOT_AVAILABLE;
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
