import type { Pool } from 'pg';

/** Everything that a table has, as one text: what is not in there is not kept. */
export async function textOf(pool: Pool, table: string): Promise<string> {
  const { rows } = await pool.query(`SELECT * FROM ${table}`);
  return JSON.stringify(rows);
}

/** How many rows a table has. */
export async function countRows(pool: Pool, table: string): Promise<number> {
  const { rows } = await pool.query<{ count: number }>(`SELECT count(*)::integer AS count FROM ${table}`);
  return rows[0]?.count ?? Number.NaN;
}

/** How many rows each of these tables has. */
export async function countRowsOf<T extends string>(
  pool: Pool,
  tables: readonly T[],
): Promise<Readonly<Record<string, number>>> {
  const counts = await Promise.all(
    tables.map(async (table) => [table, await countRows(pool, table)] as const),
  );
  return Object.fromEntries(counts);
}

/** Does some work while a table is not there. */
export async function withoutTable<T>(pool: Pool, table: string, work: () => Promise<T>): Promise<T> {
  await pool.query(`ALTER TABLE ${table} RENAME TO moved`);
  try {
    return await work();
  } finally {
    await pool.query(`ALTER TABLE moved RENAME TO ${table}`);
  }
}

/** Does some work while a table takes no row that does not satisfy this. */
export async function withConstraint<T>(
  pool: Pool,
  { table, check }: { readonly table: string; readonly check: string },
  work: () => Promise<T>,
): Promise<T> {
  await pool.query(`ALTER TABLE ${table} ADD CONSTRAINT odd CHECK (${check})`);
  try {
    return await work();
  } finally {
    await pool.query(`ALTER TABLE ${table} DROP CONSTRAINT odd`);
  }
}

/** From now on no event can be written, as where the disk is full. */
export async function fillDisk(pool: Pool): Promise<void> {
  await pool.query(`
    CREATE FUNCTION fill() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$`);
  await pool.query('CREATE TRIGGER fill BEFORE INSERT ON events FOR EACH STATEMENT EXECUTE FUNCTION fill()');
}
