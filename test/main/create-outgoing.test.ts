import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readConfig } from '../../src/config.ts';
import { createOutgoing, type Outgoing } from '../../src/main/create-outgoing.ts';
import { checkDestination } from '../../src/transport/destinations/check-destination.ts';
import { createSender } from '../../src/transport/sender.ts';
import { type DnsServer, startDnsServer } from '../support/receivers/dns-server.ts';

let dns: DnsServer;
/** On every loopback address: who connects to the forbidden one is seen. */
let server: Server;
let reached: (string | undefined)[];
let port: number;
let temporalPorts: readonly number[] = [];

beforeAll(async () => {
  dns = await startDnsServer();
  reached = [];
  server = createServer((_, response) => response.setHeader('connection', 'close').end('ok'));
  server.on('connection', (socket) => reached.push(socket.localAddress));
  await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await dns.close();
});

function outgoing(environment: Readonly<Record<string, string>> = {}): Outgoing {
  const config = readConfig('worker', {
    DATABASE_URL: 'postgres://db.example:6000,127.0.0.1:6001/posthorn',
    TEMPORAL_ADDRESS: '127.0.0.1:7233',
    POSTHORN_MASTER_KEY: Buffer.alloc(32).toString('base64'),
    POSTHORN_ALLOWED_DESTINATIONS: '127.0.0.1',
    POSTHORN_DNS_SERVERS: dns.address,
    ...environment,
  });
  const { databaseUrl, temporal } = config;
  const temporalAddress = temporal.address;
  if (databaseUrl === null || temporalAddress === null) throw new Error('both are given');
  return createOutgoing({
    config,
    databaseUrl,
    temporalAddress,
    temporalUiUrl: 'http://127.0.0.1:8233',
    page: { sockets: [{ host: '127.0.0.1', port: 9464 }] },
    temporalPorts: () => temporalPorts,
  });
}

describe('createOutgoing', () => {
  it('opens no socket to an address that a name got between check and connect', async () => {
    const { rules, lookup } = outgoing();
    const url = `http://rebinding.example:${port}/`;
    dns.tell('rebinding.example', ['127.0.0.1'], ['127.0.0.1'], ['127.0.0.2'], ['127.0.0.1', '127.0.0.2']);
    const sender = createSender({ rules, lookup });
    const send = async () => await sender.send({ url, headers: {}, body: '' }, { timeoutMs: 20_000 });

    expect(await checkDestination(url, { rules, lookup })).toBeNull();
    expect(await send()).toMatchObject({ statusCode: 200, remoteAddress: '127.0.0.1' });
    for (let time = 0; time < 3; time++) {
      expect(await send()).toMatchObject({ errorCode: 'destination_not_allowed', remoteAddress: null });
    }
    await sender.close();
    expect(reached).toEqual(['127.0.0.1']);
  });

  it.each([
    ['the API', 'http://127.0.0.1:3400/v1/events'],
    ['the API by another spelling', 'http://[::ffff:7f00:1]:3400/'],
    ['the API by a name', 'http://api.example:3400/v1/echo/../events'],
    ['the API beyond an echo receiver', 'http://127.0.0.1:3400/v1/echo/a%2f..%2fevents'],
    ['Postgres by its name', 'http://db.example:6000/'],
    ['Postgres by its address', 'http://127.0.0.1:6000/'],
    ['a further server of Postgres', 'http://127.0.0.1:6001/'],
    ['Temporal', 'http://127.0.0.1:7233/'],
    ['the Temporal UI', 'http://127.0.0.1:8233/'],
  ])('refuses %s although loopback is allowed', async (_, url) => {
    const { rules, lookup, ownSockets } = outgoing({ POSTHORN_ECHO: 'true' });
    dns.tell('api.example', ['127.0.0.1']);
    dns.tell('db.example', ['127.0.0.1']);
    await ownSockets.refresh();

    expect(await checkDestination(url, { rules, lookup })).toMatchObject({ code: 'destination_not_allowed' });
  });

  it('refuses every port of a Temporal server of our own, those after its restart too', async () => {
    temporalPorts = [41_001];
    const { rules, lookup } = outgoing();
    const codeAt = async (at: number) =>
      (await checkDestination(`http://127.0.0.1:${at}/`, { rules, lookup }))?.code;
    expect([await codeAt(41_001), await codeAt(41_002)]).toEqual(['destination_not_allowed', undefined]);
    temporalPorts = [41_002];
    expect([await codeAt(41_001), await codeAt(41_002)]).toEqual([undefined, 'destination_not_allowed']);
  });

  it('refuses the API by every address of the machine where it listens on all', async () => {
    const { rules, lookup } = outgoing({ HOST: '0.0.0.0', POSTHORN_ALLOWED_DESTINATIONS: '0.0.0.0/0,::/0' });

    for (const host of ['127.0.0.1', '127.9.9.9', '0.0.0.0', '[::1]', '[::]']) {
      const url = `http://${host}:3400/`;
      expect(await checkDestination(url, { rules, lookup })).toMatchObject({
        code: 'destination_not_allowed',
      });
      expect(await checkDestination(`http://${host}:3401/`, { rules, lookup })).toBeNull();
    }
  });

  it('leaves echo receivers open where there are any, on a connection of their own', async () => {
    const environment = { PORT: String(port), POSTHORN_ECHO: 'true' };
    const { rules, lookup } = outgoing(environment);
    const echo = `http://127.0.0.1:${port}/v1/echo/hello`;
    const sender = createSender({ rules });

    expect(await checkDestination(`${echo}?status=503`, { rules, lookup })).toBeNull();
    const options = { timeoutMs: 20_000 };
    expect(await sender.send({ url: echo, headers: {}, body: '' }, options)).toMatchObject({
      statusCode: 200,
    });
    const url = `http://127.0.0.1:${port}/v1/events`;
    expect(await sender.send({ url, headers: {}, body: '' }, options)).toMatchObject({
      errorCode: 'destination_not_allowed',
    });
    await sender.close();
    const without = outgoing({ ...environment, POSTHORN_ECHO: 'false' });
    expect(await checkDestination(echo, without)).toMatchObject({ code: 'destination_not_allowed' });
  });

  it.each(['POSTHORN_ALLOWED_DESTINATIONS', 'POSTHORN_DENIED_DESTINATIONS'])(
    'refuses a bad network in %s',
    (name) => {
      expect(() => outgoing({ [name]: '10.0.0.0/33' })).toThrow('10.0.0.0/33');
    },
  );
});
