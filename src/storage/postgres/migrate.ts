import { runner } from 'node-pg-migrate';
import pg from 'pg';
import { DomainError } from '../../domain/errors.ts';
import {
  MIGRATIONS_DIRECTORY,
  MIGRATIONS_TABLE,
  readSchemaState,
  SCHEMA,
  type SchemaState,
} from './schema-state.ts';

/** Whoever runs it hears of faults by what is thrown. */
const SILENT = { info: () => {}, warn: () => {}, error: () => {} };

/**
 * Brings a database to the current schema, all in one transaction; safe to run again and from several processes at once.
 * @throws DomainError `schema_unknown` where another program, a former version or a newer one made its tables: nothing is
 * changed then
 */
export async function migrate(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const refusal = refusalOf(await readSchemaState(client));
    if (refusal !== null) throw new DomainError('conflict', 'schema_unknown', { message: refusal });
    await runner({
      dbClient: client,
      dir: MIGRATIONS_DIRECTORY,
      migrationsTable: MIGRATIONS_TABLE,
      schema: SCHEMA,
      direction: 'up',
      singleTransaction: true,
      advisoryLockMode: 'wait',
      logger: SILENT,
    });
  } finally {
    await client.end();
  }
}

function refusalOf(state: SchemaState): string | null {
  switch (state.kind) {
    case 'foreign':
      return `The database has a table ${state.table} that this version of Posthorn did not make: name an empty database (DATABASE_URL), or, where "npm start" keeps one, remove the data directory (POSTHORN_DATA_DIR).`;
    case 'newer':
      return `The database has a newer schema than this version of Posthorn (${state.has}): run the newer version, or name another database (DATABASE_URL).`;
    default:
      return null;
  }
}
