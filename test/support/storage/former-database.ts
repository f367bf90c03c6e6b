import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import pg from 'pg';
import { removeDirectory } from '../remove-directory.ts';
import { createEmptyDatabase, type TestDatabase } from './database.ts';

interface Journal {
  readonly entries: readonly { readonly tag: string }[];
}

const MIGRATIONS = fileURLToPath(new URL('../../../src/storage/migrations', import.meta.url));

/** Makes a database with the schema as it was after this migration. */
export async function createFormerDatabase(lastTag: string): Promise<TestDatabase> {
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-migrations-'));
  cpSync(MIGRATIONS, folder, { recursive: true });
  const file = join(folder, 'meta', '_journal.json');
  const journal: Journal = JSON.parse(readFileSync(file, 'utf8'));
  const count = journal.entries.findIndex(({ tag }) => tag === lastTag) + 1;
  if (count === 0) throw new Error(`there is no migration ${lastTag}`);
  writeFileSync(file, JSON.stringify({ ...journal, entries: journal.entries.slice(0, count) }));
  const database = await createEmptyDatabase();
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    await migrate(drizzle(client), { migrationsFolder: folder });
  } finally {
    await client.end();
    removeDirectory(folder);
  }
  return database;
}
