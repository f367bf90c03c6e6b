import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { createLogger } from '../../../src/logger.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../../src/main/servers/embedded-postgres.ts';
import { openDatabase } from '../../../src/storage/postgres/database.ts';
import { migrate } from '../../../src/storage/postgres/migrate.ts';
import {
  type Certificate,
  type Certificates,
  createCertificates,
} from '../../support/receivers/certificates.ts';
import { removeDirectory } from '../../support/remove-directory.ts';

let server: EmbeddedPostgres;
let directory: string;

let certificates: Certificates;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'posthorn-tls-'));
  certificates = await createCertificates();
  const { authority, localhost, valid, untrusted } = certificates;
  server = await startEmbeddedPostgres({ dataDir: join(directory, 'data') });
  await migrate(server.url);
  await present(localhost);
  const files = {
    'ca.pem': authority,
    'other.pem': untrusted.cert,
    'client.pem': valid.cert,
    'client.key': valid.key,
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
});
afterAll(async () => {
  await server.stop();
  removeDirectory(directory);
});

/** Has the server show this certificate to whoever connects from now on. */
async function present({ cert, key }: Certificate): Promise<void> {
  const client = new Client({ connectionString: server.url });
  await client.connect();
  const { rows } = await client.query('SHOW data_directory');
  const files = { 'server.crt': cert, 'server.key': key, 'root.crt': certificates.authority };
  for (const [name, text] of Object.entries(files)) {
    const file = join(String(rows[0].data_directory), name);
    // The server writes them, so that they are its own, whoever runs this.
    await client.query(`COPY (SELECT unnest(string_to_array('${text}', E'\\n'))) TO '${file}'`);
    chmodSync(file, 0o600);
  }
  await client.query("ALTER SYSTEM SET ssl_ca_file = 'root.crt'");
  await client.query('ALTER SYSTEM SET ssl = on');
  await client.query('SELECT pg_reload_conf()');
  await client.end();
}

function urlWith(parameters: string): string {
  const url = new URL(server.url);
  url.hostname = 'localhost';
  url.search = parameters.replaceAll('$', () => directory);
  return url.href;
}

async function connect(url: string): Promise<unknown> {
  const database = openDatabase(url, { logger: createLogger('silent') });
  try {
    const { rows } = await database.pool.query(
      'SELECT ssl, client_dn AS client FROM pg_stat_ssl WHERE pid = pg_backend_pid()',
    );
    return rows[0];
  } finally {
    await database.close();
  }
}

describe('DATABASE_URL', () => {
  it.each([
    ['', { ssl: false, client: null }],
    ['?sslmode=disable', { ssl: false, client: null }],
    ['?sslmode=require', { ssl: true, client: null }],
    ['?sslmode=verify-ca&sslrootcert=$/ca.pem', { ssl: true, client: null }],
    ['?sslmode=verify-full&sslrootcert=$/ca.pem', { ssl: true, client: null }],
    [
      '?sslmode=verify-full&sslrootcert=$/ca.pem&sslcert=$/client.pem&sslkey=$/client.key',
      { ssl: true, client: '/CN=receiver' },
    ],
  ])('%s connects as Postgres means it', async (parameters, expected) => {
    expect(await connect(urlWith(parameters))).toEqual(expected);
    await migrate(urlWith(parameters));
  });

  it.each([
    ['?sslmode=verify-full', /certificate/],
    ['?sslmode=verify-full&sslrootcert=system', /certificate/],
    ['?sslmode=verify-full&sslrootcert=$/other.pem', /certificate/],
  ])('%s refuses an authority that nobody named', async (parameters, reason) => {
    await expect(connect(urlWith(parameters))).rejects.toMatchObject({
      code: 'database_unavailable',
      message: expect.stringMatching(reason),
    });
  });

  it('sslmode=verify-ca takes a certificate for another name, verify-full does not', async () => {
    const urlOf = (mode: string): string => urlWith(`?sslmode=${mode}&sslrootcert=$/ca.pem`);
    await present(certificates.wrongName);
    expect(await connect(urlOf('verify-ca'))).toMatchObject({ ssl: true });
    await expect(connect(urlOf('verify-full'))).rejects.toThrow(/does not match certificate/);
    await present(certificates.localhost);
  });

  it('names a file that cannot be read', () => {
    const url = urlWith('?sslmode=verify-full&sslrootcert=$/none.pem');
    expect(() => openDatabase(url, { logger: createLogger('silent') })).toThrow(/ENOENT.*none\.pem/);
  });
});
