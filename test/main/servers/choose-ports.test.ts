import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import getPort from 'get-port';
import { choosePorts } from '../../../src/main/servers/choose-ports.ts';

const host = '127.0.0.1';
const listeners: Server[] = [];

afterEach(() => {
  for (const server of listeners.splice(0)) server.close();
});

describe('choosePorts', () => {
  it('takes the expected port where it is free', async () => {
    const port = await getPort({ host });
    expect(await choosePorts({ host, port, portIsNamed: false })).toMatchObject({ api: port });
  });

  it('takes a free one where it is in use, and says so', async () => {
    const port = await occupiedPort();
    const { api, notes } = await choosePorts({ host, port, portIsNamed: false });
    expect(api).not.toBe(port);
    expect(notes).toContain(`Port ${port} is in use: Posthorn listens on ${api} instead`);
  });

  it('refuses when the port was named and is in use', async () => {
    const port = await occupiedPort();
    const chosen = choosePorts({ host, port, portIsNamed: true });
    await expect(chosen).rejects.toThrow(`PORT=${port} is in use on 127.0.0.1`);
  });

  it('takes any free port for a named 0', async () => {
    const { api } = await choosePorts({ host, port: 0, portIsNamed: true });
    expect(api).toBeGreaterThan(0);
  });

  it('never gives one port to two servers', async () => {
    const { api, temporal, temporalUi } = await choosePorts({ host, port: 7233, portIsNamed: false });
    expect(new Set([api, temporal, temporalUi]).size).toBe(3);
  });
});

async function occupiedPort(): Promise<number> {
  const server = createServer().listen(0, host);
  listeners.push(server);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
