import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { migrate } from '../../../src/storage/postgres/migrate.ts';
import { MIGRATIONS_TABLE, readSchemaState } from '../../../src/storage/postgres/schema-state.ts';
import { describeSchema } from '../../../tools/schema/describe-schema.ts';
import { SCHEMA_FILE } from '../../../tools/schema/schema-file.ts';
import { createEmptyDatabase, type TestDatabase } from '../../support/storage/database.ts';

let database: TestDatabase;
let client: Client;
beforeEach(async () => {
  database = await createEmptyDatabase();
  client = new Client({ connectionString: database.url });
  await client.connect();
});
afterEach(async () => {
  await client.end();
  await database.drop();
});

/** By their names, in order. */
const MIGRATIONS = readdirSync('src/storage/migrations')
  .map((file) => file.replace(/\.sql$/, ''))
  .sort();

describe('migrate', () => {
  it('brings an empty database to the current schema, once for many that begin together', async () => {
    expect(await readSchemaState(client)).toEqual({ kind: 'missing' });
    await Promise.all([migrate(database.url), migrate(database.url), migrate(database.url)]);
    expect(await readSchemaState(client)).toEqual({ kind: 'current' });
    await migrate(database.url);
    const { rows } = await client.query(`SELECT name FROM ${MIGRATIONS_TABLE}`);
    expect(rows).toEqual(MIGRATIONS.map((name) => ({ name })));
  });

  it('makes the schema that is written down; `npm run schema` writes it anew', async () => {
    await migrate(database.url);
    expect(await describeSchema(client, MIGRATIONS_TABLE)).toBe(readFileSync(SCHEMA_FILE, 'utf8'));
  });

  it('goes on where it was broken off', async () => {
    await client.query('CREATE TABLE waves (lane integer)');
    await expect(migrate(database.url)).rejects.toThrow('"waves" already exists');
    await client.query('DROP TABLE waves');
    expect(await readSchemaState(client)).toEqual({ kind: 'missing' });
    await migrate(database.url);
    expect(await readSchemaState(client)).toEqual({ kind: 'current' });
  });

  it('refuses a database whose tables it did not make, and changes nothing', async () => {
    await client.query(
      'CREATE SCHEMA drizzle; CREATE TABLE drizzle.__drizzle_migrations (); CREATE TABLE endpoints (id text)',
    );
    const before = await describeSchema(client, MIGRATIONS_TABLE);
    const refused = expect(migrate(database.url)).rejects;
    await refused.toMatchObject({
      code: 'schema_outdated',
      message: expect.stringMatching(/table endpoints .* name an empty database \(DATABASE_URL\)/),
    });
    expect(await describeSchema(client, MIGRATIONS_TABLE)).toBe(before);
  });

  it('refuses a database that a newer version migrated', async () => {
    await migrate(database.url);
    await client.query(`INSERT INTO ${MIGRATIONS_TABLE} (name, run_on) VALUES ('0999_cells', now())`);
    await expect(migrate(database.url)).rejects.toMatchObject({
      code: 'schema_outdated',
      message: expect.stringMatching(/newer schema .*\(0999_cells\)/),
    });
  });
});

describe('describeSchema', () => {
  beforeEach(async () => await migrate(database.url));

  it.each([
    'ALTER TABLE waves ADD COLUMN pace integer',
    'ALTER TABLE waves ALTER COLUMN token TYPE varchar(10)',
    'ALTER TABLE waves ALTER COLUMN token DROP NOT NULL',
    'ALTER TABLE gates ALTER COLUMN is_open SET DEFAULT false',
    'ALTER TABLE waves ALTER COLUMN token TYPE text COLLATE "C"',
    'ALTER TABLE waves ADD CHECK (lane >= 0)',
    'DROP INDEX gates_shut',
    'ALTER TABLE events SET (autovacuum_enabled = false)',
    'ALTER TABLE rate_limit_windows SET LOGGED',
    'CREATE VIEW lanes AS SELECT lane FROM waves',
    'CREATE TRIGGER odd BEFORE UPDATE ON waves EXECUTE FUNCTION suppress_redundant_updates_trigger()',
  ])('tells what %s changes', async (change) => {
    const before = await describeSchema(client, MIGRATIONS_TABLE);
    await client.query(change);
    expect(await describeSchema(client, MIGRATIONS_TABLE)).not.toBe(before);
  });
});
