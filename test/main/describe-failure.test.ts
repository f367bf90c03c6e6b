import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import getPort from 'get-port';
import pg from 'pg';
import { describeFailure } from '../../src/main/describe-failure.ts';
import { AlreadyRunningError } from '../../src/main/servers/instance-lock.ts';
import { ConfigError } from '../../src/settings/config-error.ts';
import { migrate } from '../../src/storage/postgres/migrate.ts';
import { createEmptyDatabase } from '../support/storage/database.ts';

describe('describeFailure', () => {
  it('gives the reason alone where the operator can act on it', () => {
    expect(describeFailure(new ConfigError('PORT=1 is in use'))).toBe('PORT=1 is in use');
    expect(describeFailure(new AlreadyRunningError('stop it'))).toBe('stop it');
  });

  it('names the settings behind a database that is not there', async () => {
    const client = new pg.Client({ host: '127.0.0.1', port: await getPort() });
    const error: unknown = await client.connect().catch((reason: unknown) => reason);
    expect(describeFailure(error)).toMatch(/^Postgres cannot be used \(DATABASE_URL\): .*ECONNREFUSED.*$/);
  });

  const mistakes: readonly (readonly [string, (url: URL) => string, RegExp])[] = [
    [
      'a wrong password',
      (url) => url.href.replace(`:${url.password}@`, ':wrong@'),
      /password authentication failed/,
    ],
    [
      'no such database',
      (url) => url.href.replace(url.pathname, '/nowhere'),
      /database "nowhere" does not exist/,
    ],
    [
      'a certificate that is not there',
      (url) => `${url.href}?sslmode=verify-full&sslrootcert=/nowhere.pem`,
      /ENOENT: .*nowhere\.pem/,
    ],
    [
      'no TLS at the server',
      (url) => `${url.href}?sslmode=require`,
      /The server does not support SSL connections/,
    ],
  ];
  it.each(mistakes)('names the setting behind %s', async (_, urlOf, reason) => {
    const database = await createEmptyDatabase();
    const error: unknown = await migrate(urlOf(new URL(database.url))).catch((cause: unknown) => cause);
    const lines = describeFailure(error).split('\n');
    expect(lines).toEqual([expect.stringMatching(/^Postgres cannot be used \(DATABASE_URL\): /)]);
    expect(lines[0]).toMatch(reason);
    await database.drop();
  });

  it('tells in a sentence what to do about a database of another program', async () => {
    const database = await createEmptyDatabase();
    const client = new pg.Client(database.url);
    await client.connect();
    await client.query('CREATE TABLE endpoints ()');
    await client.end();
    const error: unknown = await migrate(database.url).catch((cause: unknown) => cause);
    expect(describeFailure(error)).toMatch(
      /^The database has a table endpoints .* name an empty database .*\.$/,
    );
    await database.drop();
  });

  it('names the settings behind an address that is not ours', async () => {
    const [error] = await once(createServer().listen(0, '203.0.113.1').on('listening', fail), 'error');
    expect(describeFailure(error)).toMatch(/^Cannot listen \(HOST, PORT\): .*EADDRNOTAVAIL.*$/);
  });

  it('names the settings behind a host that does not exist', async () => {
    const error: unknown = await lookup('nowhere.invalid').catch((reason: unknown) => reason);
    expect(describeFailure(error)).toMatch(/^No such host \(HOST, DATABASE_URL\): .*nowhere\.invalid$/);
  });

  it('says where anything else arose', async () => {
    const missing: unknown = await readFile('/nowhere/at-all').catch((reason: unknown) => reason);
    expect(describeFailure(missing)).toMatch(/^Error: ENOENT/);
    expect(describeFailure(new Error('odd'))).toMatch(/odd\n +at /);
    expect(describeFailure('odd')).toBe('odd');
  });
});

function fail(): never {
  throw new Error('a documentation address is on this machine');
}
