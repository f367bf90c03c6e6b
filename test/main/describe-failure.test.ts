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

describe('describeFailure', () => {
  it('gives the reason alone where the operator can act on it', () => {
    expect(describeFailure(new ConfigError('PORT=1 is in use'))).toBe('PORT=1 is in use');
    expect(describeFailure(new AlreadyRunningError('stop it'))).toBe('stop it');
  });

  it('names the settings behind a database that is not there', async () => {
    const client = new pg.Client({ host: '127.0.0.1', port: await getPort() });
    const error: unknown = await client.connect().catch((reason: unknown) => reason);
    expect(describeFailure(error)).toMatch(/^Postgres cannot be reached \(DATABASE_URL\): .*ECONNREFUSED.*$/);
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
