import type { Client } from 'pg';

/** How much the server has ever written to its log of changes. */
export async function walBytes(postgres: Client): Promise<number> {
  return await numberOf(postgres, `pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')`);
}

/** What the database takes on disk. */
export async function bytesKept(postgres: Client): Promise<number> {
  return await numberOf(postgres, 'pg_database_size(current_database())');
}

async function numberOf(postgres: Client, expression: string): Promise<number> {
  const { rows } = await postgres.query<{ bytes: number }>(`SELECT (${expression})::float8 AS bytes`);
  return rows[0]?.bytes ?? Number.NaN;
}
