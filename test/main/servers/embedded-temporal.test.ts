import { once } from 'node:events';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { Connection } from '@temporalio/client';
import { google } from '@temporalio/proto';
import { readHostPaths } from '../../../src/config.ts';
import { findTemporalCli } from '../../../src/main/servers/download/find-server.ts';
import { type EmbeddedTemporal, startTemporal } from '../../../src/main/servers/embedded-temporal.ts';
import { isAlive } from '../../../src/main/servers/process-identity.ts';
import { eventually } from '../../support/eventually.ts';
import { createProcessGroup } from '../../support/processes/processes.ts';
import { newDataDirectory, startOwnTemporal } from '../../support/runs/temporal.ts';

const processes = createProcessGroup();
const DAY = google.protobuf.Duration.fromObject({ seconds: 86_400 });
const started: EmbeddedTemporal[] = [];

afterEach(async () => {
  for (const server of started.splice(0)) await server.stop();
});
afterAll(processes.stopAll);

describe('startTemporal', () => {
  it('answers as soon as it is started, with the namespaces and search attributes asked for', async () => {
    const binary = await findTemporalCli(readHostPaths());
    const server = await startTemporal({
      binary,
      dataDir: newDataDirectory(),
      inMemory: true,
      namespaces: ['extra'],
      searchAttributes: { CustomerId: 'Keyword' },
    });
    started.push(server);
    expect(await customAttributes(server.address, 'extra')).toContain('CustomerId');
    expect((await fetch(server.uiUrl ?? '')).status).toBe(200);
  });

  it('tells every port that it listens on, also when it was started again', async () => {
    const server = await start({ restart: true });
    const before = server.ports();
    expect(before).toContain(Number(server.address.split(':')[1]));
    expect(await Promise.all(before.map(accepts))).toEqual(before.map(() => true));
    const killed = server.pid();
    process.kill(killed, 'SIGKILL');
    await eventually(() => server.pid() !== killed);
    expect(await Promise.all(server.ports().map(accepts))).toEqual(before.map(() => true));
  });

  it('keeps what it knows over a stop', async () => {
    const first = await start();
    await registerNamespace(first.address, 'kept');
    await first.stop();
    expect(isAlive(first.pid())).toBe(false);
    const second = await start({ dataDir: first.dataDir });
    await expect(customAttributes(second.address, 'kept')).resolves.toBeDefined();
  });

  it('starts the server again, on the same port, when it is killed', async () => {
    const server = await start({ restart: true });
    const killed = server.pid();
    process.kill(killed, 'SIGKILL');
    await eventually(() => server.pid() !== killed);
    await expect(customAttributes(server.address, 'default')).resolves.toBeDefined();
  });

  it('ends the server of a killed Posthorn before it starts its own', async () => {
    const dataDir = newDataDirectory();
    const orphan = await startInProcessThatDies(dataDir);
    expect(isAlive(orphan)).toBe(true);
    await start({ dataDir });
    expect(isAlive(orphan)).toBe(false);
  });

  it('sets a damaged database aside and starts afresh', async () => {
    const { dataDir, stop } = await start();
    await stop();
    for (const suffix of ['-wal', '-shm']) rmSync(join(dataDir, `temporal.db${suffix}`), { force: true });
    writeFileSync(join(dataDir, 'temporal.db'), 'this is no database'.repeat(100));
    await start({ dataDir });
    expect(existsSync(join(dataDir, 'temporal.db.damaged'))).toBe(true);
  });

  it('refuses a data directory that another Posthorn uses', async () => {
    const { dataDir } = await start();
    await expect(startOwnTemporal({ dataDir })).rejects.toThrow('already runs Temporal');
  });

  it('refuses a port where something listens already', async () => {
    const { address } = await start();
    const port = Number(address.split(':')[1]);
    await expect(startOwnTemporal({ port })).rejects.toThrow(`Port ${port} is in use`);
  });

  it('says what the program said when it ends instead of serving', async () => {
    const dataDir = newDataDirectory();
    const binary = join(dataDir, 'temporal');
    writeFileSync(binary, '#!/bin/sh\necho "no such flag" >&2\nexit 3\n', { mode: 0o755 });
    await expect(startTemporal({ binary, dataDir })).rejects.toThrow(
      /did not start \(code 3\):\n.*no such flag/,
    );
  });
});

async function start(
  options: Parameters<typeof startOwnTemporal>[0] = {},
): ReturnType<typeof startOwnTemporal> {
  const server = await startOwnTemporal(options);
  started.push(server);
  return server;
}

async function startInProcessThatDies(dataDir: string): Promise<number> {
  const binary = await findTemporalCli(readHostPaths());
  const script = `
    import { startTemporal } from './dist/src/main/servers/embedded-temporal.js';
    const server = await startTemporal(${JSON.stringify({ binary, dataDir, uiPort: null })});
    console.log('server ' + server.pid());`;
  const owner = processes.start(process.execPath, ['--input-type=module', '--eval', script]);
  const [, pid] = await owner.waitForOutput(/server (\d+)/);
  owner.kill('SIGKILL');
  await owner.ended;
  return Number(pid);
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  const isConnected = await once(socket, 'connect').then(
    () => true,
    () => false,
  );
  socket.destroy();
  return isConnected;
}

async function customAttributes(address: string, namespace: string): Promise<string[]> {
  return withConnection(address, async ({ operatorService }) =>
    Object.keys((await operatorService.listSearchAttributes({ namespace })).customAttributes),
  );
}

async function registerNamespace(address: string, namespace: string): Promise<void> {
  await withConnection(address, async ({ workflowService }) => {
    await workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod: DAY });
  });
}

async function withConnection<T>(address: string, work: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = await Connection.connect({ address });
  try {
    return await work(connection);
  } finally {
    await connection.close();
  }
}
