import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { migrate } from '../../../src/storage/postgres/migrate.ts';
import { testServers } from '../processes/test-run.ts';

/** A database that one test file has for itself. */
export interface TestDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

const TEMPLATE = 'posthorn_template';
const DRAFT = `${TEMPLATE}_draft`;
/** Any number: only one worker makes the template. */
const TEMPLATE_LOCK = 7_301;

/** Makes a fresh database with the current schema, copied from a template that the first caller of the run migrates. */
export async function createDatabase(): Promise<TestDatabase> {
  await ensureTemplate();
  return await createFrom(TEMPLATE);
}

/** Makes a database without any schema. */
export async function createEmptyDatabase(): Promise<TestDatabase> {
  return await createFrom('template1');
}

async function createFrom(template: string): Promise<TestDatabase> {
  const name = `test_${randomBytes(8).toString('hex')}`;
  await onServer((admin) => admin.query(`CREATE DATABASE ${name} TEMPLATE ${template}`));
  return {
    url: urlOf(name),
    drop: () =>
      onServer(async (admin) => void (await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`))),
  };
}

async function ensureTemplate(): Promise<void> {
  await onServer(async (admin) => {
    await admin.query('SELECT pg_advisory_lock($1)', [TEMPLATE_LOCK]);
    const { rowCount } = await admin.query('SELECT 1 FROM pg_database WHERE datname = $1', [TEMPLATE]);
    if (rowCount !== 0) return;
    await admin.query(`DROP DATABASE IF EXISTS ${DRAFT} WITH (FORCE)`);
    await admin.query(`CREATE DATABASE ${DRAFT}`);
    await migrate(urlOf(DRAFT));
    await admin.query(`ALTER DATABASE ${DRAFT} RENAME TO ${TEMPLATE}`);
  });
}

async function onServer<T>(work: (admin: Client) => Promise<T>): Promise<T> {
  const admin = new Client({ connectionString: testServers().postgresUrl });
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.end();
  }
}

function urlOf(database: string): string {
  const url = new URL(testServers().postgresUrl);
  url.pathname = `/${database}`;
  return url.href;
}
