import { runner } from 'node-pg-migrate';
import { DatabaseUnavailable } from './database-unavailable.ts';
import { PostgresClient, readDatabaseUrl } from './postgres-client.ts';
import {
  describeMismatch,
  MIGRATIONS_DIRECTORY,
  MIGRATIONS_TABLE,
  readSchemaState,
  SCHEMA,
} from './schema-state.ts';
import { prepareSession, WITHOUT_TIME_LIMIT } from './session.ts';

/** Whoever runs it hears of faults by what is thrown. */
const SILENT = { info: () => {}, warn: () => {}, error: () => {} };

/**
 * Brings a database to the current schema, all in one transaction; safe to run again and from several processes at
 * once.
 * @throws DatabaseUnavailable where it cannot be connected to; `schema_outdated` where another program, a former
 * version or a newer one made its tables: nothing is changed then
 */
export async function migrate(databaseUrl: string): Promise<void> {
  const client = new PostgresClient({
    ...readDatabaseUrl(databaseUrl),
    application_name: 'posthorn-migrate',
  });
  await client.connect();
  try {
    await prepareSession(client, WITHOUT_TIME_LIMIT);
    const state = await readSchemaState(client);
    if (state.kind === 'foreign' || state.kind === 'newer')
      throw new DatabaseUnavailable('schema_outdated', describeMismatch(state) ?? '');
    if (state.kind !== 'current') await requireRights(client);
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

/** Since Postgres 15 only the owner of a database may make tables in it unless somebody lets others. */
async function requireRights(client: PostgresClient): Promise<void> {
  const { rows } = await client.query<{ may: boolean; user: string }>(
    `SELECT has_schema_privilege('${SCHEMA}', 'CREATE') AS may, current_user AS user`,
  );
  const [role] = rows;
  if (role === undefined || role.may) return;
  const message = `the user ${role.user} may not make tables: have it own the database, or GRANT CREATE
    ON SCHEMA ${SCHEMA} to it`;
  throw new DatabaseUnavailable('database_unavailable', message);
}
