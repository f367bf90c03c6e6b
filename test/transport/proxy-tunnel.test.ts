import { connect, type Socket } from 'node:net';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { AttemptOutcome } from '../../src/domain/attempt.ts';
import { DestinationRules } from '../../src/transport/destinations/destination-rules.ts';
import { createSender, type Sender } from '../../src/transport/sender.ts';
import { type Certificates, createCertificates } from '../support/receivers/certificates.ts';
import {
  listen,
  type MisbehavingReceiver,
  startReceiver,
} from '../support/receivers/misbehaving-receiver.ts';

/**
 * A public address, so that the proxy is used; nobody connects to it but the proxy, who goes to the receiver instead.
 */
const PUBLIC = '93.184.216.34';

let certificates: Certificates;
let receiver: MisbehavingReceiver;
let proxy: MisbehavingReceiver;
let sender: Sender;
let heads: string[];
let addresses: string[];

beforeAll(async () => {
  certificates = await createCertificates();
});
afterEach(async () => {
  await sender.close();
  await proxy.close();
  await receiver.close();
});

async function start(
  serve: (client: Socket, head: string) => void,
  timeoutMs = 20_000,
): Promise<() => Promise<AttemptOutcome>> {
  heads = [];
  addresses = [PUBLIC];
  receiver = await startReceiver(() => {}, certificates.valid);
  proxy = await listen((client) =>
    client.once('data', (data) => {
      heads.push(data.toString('latin1'));
      serve(client, data.toString('latin1'));
    }),
  );
  sender = createSender({
    rules: new DestinationRules({ allowed: ['127.0.0.1'] }),
    lookup: async () => addresses,
    ca: [certificates.authority],
    proxy: new URL(`http://us%40er:pass@127.0.0.1:${proxy.port}`),
  });
  const url = 'https://receiver.example/';
  return async () => await sender.send({ url, headers: {}, body: '{}' }, { timeoutMs });
}

/** Opens the tunnel, to the receiver whatever was asked for. */
function tunnel(client: Socket): void {
  const upstream = connect(receiver.port, '127.0.0.1');
  upstream.on('error', () => client.destroy());
  client.on('close', () => upstream.destroy());
  client.write('HTTP/1.1 200 Connection established\r\nvia: 1.1 proxy\r\n\r\n');
  client.pipe(upstream).pipe(client);
}

describe('createSender with a forward proxy', () => {
  it('asks it for the vetted address and speaks TLS with the name through it, over a kept connection', async () => {
    const send = await start(tunnel);

    expect(await send()).toMatchObject({ statusCode: 200, remoteAddress: PUBLIC, tlsVersion: 'TLSv1.3' });
    expect(await send()).toMatchObject({ statusCode: 200, timings: { connectMs: null } });
    expect(heads).toEqual([
      `CONNECT ${PUBLIC}:443 HTTP/1.1\r\nHost: ${PUBLIC}:443\r\n` +
        `Proxy-Authorization: Basic ${Buffer.from('us@er:pass').toString('base64')}\r\n\r\n`,
    ]);
  });

  it('writes IPv6 addresses in brackets', async () => {
    const send = await start(tunnel);
    addresses = ['2606:4700::1111'];

    expect(await send()).toMatchObject({ statusCode: 200, remoteAddress: '2606:4700::1111' });
    expect(heads[0]).toContain('CONNECT [2606:4700::1111]:443 HTTP/1.1\r\n');
  });

  it('is not told of destinations that are not allowed', async () => {
    const send = await start(tunnel);
    addresses = [PUBLIC, '10.0.0.1'];

    expect(await send()).toMatchObject({ errorCode: 'destination_not_allowed' });
    expect(proxy.accepted()).toBe(0);
  });

  it('is passed by for the networks that the operator opened', async () => {
    await start(tunnel);
    addresses = ['127.0.0.1'];
    const url = `https://receiver.example:${receiver.port}/`;

    const outcome = await sender.send({ url, headers: {}, body: '' }, { timeoutMs: 20_000 });
    expect(outcome).toMatchObject({ statusCode: 200, remoteAddress: '127.0.0.1' });
    expect(proxy.accepted()).toBe(0);
  });

  it.each<[string, (client: Socket) => void, string]>([
    [
      'refuses',
      (client) => client.end('HTTP/1.1 403 Forbidden\r\n\r\n'),
      'The proxy answered 403 to CONNECT',
    ],
    [
      'speaks no HTTP',
      (client) => client.end('hello\r\n\r\n'),
      'The proxy answered something that is not HTTP to CONNECT',
    ],
    ['hangs up', (client) => client.destroy(), 'The proxy broke off'],
    ['ends early', (client) => client.end('HTTP/1.1 200'), 'The proxy broke off'],
    ['has no end', (client) => client.write('a'.repeat(20_000)), 'The proxy broke off'],
  ])('tells when it %s', async (_, serve, errorDetail) => {
    const send = await start(serve);

    expect(await send()).toMatchObject({ errorCode: 'proxy_failed', errorDetail, remoteAddress: null });
    await proxy.allClosed();
  });

  it('tells when it cannot be reached', async () => {
    const send = await start(tunnel);
    await proxy.close();

    expect(await send()).toMatchObject({
      errorCode: 'proxy_failed',
      errorDetail: 'The proxy cannot be reached',
    });
  });

  it('is left at the deadline when it hangs', async () => {
    const send = await start(() => {}, 200);

    expect(await send()).toMatchObject({ errorCode: 'timeout' });
    await proxy.allClosed();
  });
});
