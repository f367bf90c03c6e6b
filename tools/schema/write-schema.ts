import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { startEmbeddedPostgres } from '../../src/main/servers/embedded-postgres.ts';
import { migrate } from '../../src/storage/postgres/migrate.ts';
import { MIGRATIONS_TABLE } from '../../src/storage/postgres/schema-state.ts';
import { describeSchema } from './describe-schema.ts';
import { SCHEMA_FILE } from './schema-file.ts';

/** Run by `npm run schema` from the root: migrates a database of its own, and writes down what schema that has. */
const dataDir = mkdtempSync(join(tmpdir(), 'posthorn-schema-'));
try {
  const server = await startEmbeddedPostgres({ dataDir });
  try {
    await migrate(server.url);
    const client = new Client({ connectionString: server.url });
    await client.connect();
    writeFileSync(SCHEMA_FILE, await describeSchema(client, MIGRATIONS_TABLE));
    await client.end();
  } finally {
    await server.stop();
  }
} finally {
  rmSync(dataDir, { recursive: true, force: true });
}
process.stdout.write(`${SCHEMA_FILE} tells the schema as it is now.\n`);
