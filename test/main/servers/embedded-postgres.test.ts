import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import type { EmbeddedPostgres } from '../../../src/main/servers/embedded-postgres.ts';
import { isAlive } from '../../../src/main/servers/process-identity.ts';
import { eventually } from '../../support/eventually.ts';
import { createProcessGroup } from '../../support/processes/processes.ts';
import { newDataDirectory, startOwnPostgres } from '../../support/runs/temporal.ts';

const processes = createProcessGroup();
const started: EmbeddedPostgres[] = [];

afterEach(async () => {
  for (const server of started.splice(0)) await server.stop();
});
afterAll(processes.stopAll);

describe('startEmbeddedPostgres', () => {
  it('keeps its data over a clean stop, and its password out of sight', async () => {
    const first = await start();
    await query(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await first.stop();
    expect(isAlive(first.pid())).toBe(false);
    const second = await start({ dataDir: first.dataDir });
    expect(await query(second.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    const password = join(first.dataDir, 'postgres', 'posthorn-password');
    expect(statSync(password).mode & 0o777).toBe(0o600);
    expect(second.url).toContain(readFileSync(password, 'utf8').trim());
  });

  it('does not lose what was committed when the server is killed, and starts it again on the same port', async () => {
    const server = await start({ restart: true });
    await query(server.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    const killed = server.pid();
    process.kill(killed, 'SIGKILL');
    await eventually(() => server.pid() !== killed);
    expect(await query(server.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  });

  it('takes over from a killed Posthorn whose server still runs', async () => {
    const dataDir = newDataDirectory();
    const orphan = await startInProcessThatDies(dataDir);
    expect(isAlive(orphan.pid)).toBe(true);
    const server = await start({ dataDir });
    expect(isAlive(orphan.pid)).toBe(false);
    expect(await query(server.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  });

  it('takes over when both the Posthorn and its server were killed', async () => {
    const dataDir = newDataDirectory();
    const orphan = await startInProcessThatDies(dataDir);
    process.kill(orphan.pid, 'SIGKILL');
    const server = await start({ dataDir });
    expect(await query(server.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  });

  it('refuses a data directory that another Posthorn uses', async () => {
    const { dataDir } = await start();
    await expect(startOwnPostgres({ dataDir })).rejects.toThrow(
      `Another Posthorn (process ${process.pid}) already runs Postgres in ${dataDir}`,
    );
  });

  it('listens on loopback only, durably', async () => {
    const { url } = await start();
    expect(await setting(url, 'listen_addresses')).toBe('127.0.0.1');
    expect(await setting(url, 'fsync')).toBe('on');
    expect(await setting(url, 'synchronous_commit')).toBe('on');
  });
});

async function start(
  options: Parameters<typeof startOwnPostgres>[0] = {},
): ReturnType<typeof startOwnPostgres> {
  const server = await startOwnPostgres(options);
  started.push(server);
  return server;
}

/** Starts a server from a process of its own, has it write something, and kills that process. */
async function startInProcessThatDies(dataDir: string): Promise<{ pid: number }> {
  const script = `
    import { startEmbeddedPostgres } from './dist/src/main/servers/embedded-postgres.js';
    import pg from 'pg';
    const server = await startEmbeddedPostgres({ dataDir: ${JSON.stringify(dataDir)} });
    const client = new pg.Client(server.url);
    await client.connect();
    await client.query('CREATE TABLE kept AS SELECT 42 AS answer');
    console.log('server ' + server.pid());`;
  const owner = processes.start(process.execPath, ['--input-type=module', '--eval', script]);
  const [, pid] = await owner.waitForOutput(/server (\d+)/);
  owner.kill('SIGKILL');
  await owner.ended;
  return { pid: Number(pid) };
}

async function setting(url: string, name: string): Promise<unknown> {
  const [row] = await query(url, `SELECT current_setting('${name}') AS value`);
  return row?.value;
}

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}
