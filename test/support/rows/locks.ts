import type { Pool, PoolClient } from 'pg';
import { inTransaction } from '../../../src/storage/postgres/database.ts';

/** Does some work while nobody can make or drop a day of ended deliveries. */
export async function whileDaysAreLocked<T>(pool: Pool, work: () => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN; LOCK TABLE ended_deliveries IN SHARE UPDATE EXCLUSIVE MODE');
    return await work();
  } finally {
    await client.query('ROLLBACK');
    client.release();
  }
}

/** Does some work while nobody else can read or write a table. */
export async function whileLocked<T>(
  pool: Pool,
  table: string,
  work: (client: PoolClient) => Promise<T>,
): Promise<T> {
  return await inTransaction(pool, async (client) => {
    await client.query(`LOCK TABLE ${table}`);
    return await work(client);
  });
}

/** Keeps everybody else from a table until the function that it returns is called. */
export async function holdTable(pool: Pool, table: string): Promise<() => Promise<void>> {
  const client = await pool.connect();
  await client.query(`BEGIN; LOCK TABLE ${table}`);
  return async () => {
    await client.query('ROLLBACK');
    client.release();
  };
}
