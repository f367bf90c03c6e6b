import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ClientBase } from 'pg';

/** Where the migrations lie: SQL files, run in the order of their numbers. */
export const MIGRATIONS_DIRECTORY = fileURLToPath(new URL('../migrations', import.meta.url));
/** Which of them a database has had. */
export const MIGRATIONS_TABLE = 'schema_migrations';
/** Where everything of ours is, whatever the search path of a role or database. */
export const SCHEMA = 'public';

/** How a database stands to the schema that this program was made for. */
export type SchemaState =
  | { readonly kind: 'current' }
  | { readonly kind: 'missing' }
  | { readonly kind: 'older'; readonly lacks: string }
  | { readonly kind: 'newer'; readonly has: string }
  /** It has tables of our names which no migration of ours made. */
  | { readonly kind: 'foreign'; readonly table: string };

/** Compares what a database has had with the migrations of this program. */
export async function readSchemaState(client: ClientBase): Promise<SchemaState> {
  const { rows } = await client.query<{ isOurs: boolean; foreign: string | null }>(
    `SELECT to_regclass($1) IS NOT NULL AS "isOurs",
       coalesce(to_regclass('${SCHEMA}.endpoints'), to_regclass('${SCHEMA}.deliveries'))::text AS foreign`,
    [`${SCHEMA}.${MIGRATIONS_TABLE}`],
  );
  const [found] = rows;
  if (found?.isOurs === true) return compareMigrations(await listApplied(client), knownMigrations());
  const table = found?.foreign ?? null;
  return table === null ? { kind: 'missing' } : { kind: 'foreign', table };
}

/** What to do about a schema that is not current, in a sentence; null where it is. */
export function describeMismatch(state: SchemaState): string | null {
  switch (state.kind) {
    case 'current':
      return null;
    case 'missing':
      return 'The database has no schema yet: run "posthorn migrate".';
    case 'older':
      return (
        `The database has an older schema than this version of Posthorn (it lacks ` +
        `${state.lacks}): run "posthorn migrate".`
      );
    case 'newer':
      return (
        `The database has a newer schema than this version of Posthorn (${state.has}): run the newer version, ` +
        `or name another database (DATABASE_URL).`
      );
    case 'foreign':
      return (
        `The database has a table ${state.table} that this version of Posthorn did not make: name an empty ` +
        `database (DATABASE_URL), or, where "npm start" keeps one, remove the data directory (POSTHORN_DATA_DIR).`
      );
  }
}

async function listApplied(client: ClientBase): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT name FROM ${SCHEMA}.${MIGRATIONS_TABLE} ORDER BY id`,
  );
  return rows.map(({ name }) => name);
}

/** What a database that has had these migrations lacks or has beyond those that are known. */
export function compareMigrations(applied: readonly string[], known: readonly string[]): SchemaState {
  const has = applied.find((name) => !known.includes(name));
  if (has !== undefined) return { kind: 'newer', has };
  const lacks = known.find((name) => !applied.includes(name));
  if (lacks === undefined) return { kind: 'current' };
  return applied.length === 0 ? { kind: 'missing' } : { kind: 'older', lacks };
}

function knownMigrations(): readonly string[] {
  return readdirSync(MIGRATIONS_DIRECTORY)
    .filter((file) => file.endsWith('.sql'))
    .map((file) => file.slice(0, -'.sql'.length))
    .sort();
}
