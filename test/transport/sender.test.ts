import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { AttemptOutcome } from '../../src/domain/attempt.ts';
import { DestinationRules } from '../../src/transport/destinations/destination-rules.ts';
import { createSender, type Sender, type SenderOptions } from '../../src/transport/sender.ts';

const rules = new DestinationRules({ allowed: ['127.0.0.1'] });
let received: { request: IncomingMessage; body: string }[];
let ports: Set<number | undefined>;
let server: Server;
let sender: Sender;

beforeEach(async () => {
  received = [];
  ports = new Set();
  server = createServer(async (request, response) => {
    ports.add(request.socket.remotePort);
    let body = '';
    for await (const chunk of request) body += String(chunk);
    received.push({ request, body });
    if (request.url !== '/silent') response.end('thanks');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  sender = createSender({ rules });
});

afterEach(async () => {
  await sender.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function urlOf(path: string, host = '127.0.0.1'): string {
  return `http://${host}:${(server.address() as AddressInfo).port}${path}`;
}

async function send(url: string, signal?: AbortSignal): Promise<AttemptOutcome> {
  const request = { url, headers: { 'content-type': 'application/json', 'X-Id': '7' }, body: '{"a":"é"}' };
  return await sender.send(request, { timeoutMs: 20_000, ...(signal === undefined ? {} : { signal }) });
}

async function useSender(options: Partial<SenderOptions>): Promise<void> {
  await sender.close();
  sender = createSender({ rules, ...options });
}

describe('createSender', () => {
  it('posts path, headers and body as given, and nothing of its own but framing', async () => {
    await send(urlOf('/hook%20a?x=1&y=%0d'));

    expect(received).toHaveLength(1);
    expect(received[0]?.request).toMatchObject({ method: 'POST', url: '/hook%20a?x=1&y=%0d' });
    expect(received[0]?.request.headers).toEqual({
      host: urlOf('').slice('http://'.length),
      connection: 'keep-alive',
      'content-type': 'application/json',
      'x-id': '7',
      'content-length': '10',
    });
    expect(received[0]?.body).toBe('{"a":"é"}');
  });

  it('sends a buffer byte by byte and an empty body as none', async () => {
    const options = { timeoutMs: 20_000 };
    await sender.send({ url: urlOf('/'), headers: {}, body: Buffer.from('{"b":1}') }, options);
    await sender.send({ url: urlOf('/'), headers: {}, body: '' }, options);

    expect(received.map(({ body }) => body)).toEqual(['{"b":1}', '']);
  });

  it('tells what came back and how long each phase took', async () => {
    const outcome = await send(urlOf('/'));

    expect(outcome).toMatchObject({ statusCode: 200, errorCode: null, errorDetail: null, retryAfter: null });
    expect(outcome).toMatchObject({ remoteAddress: '127.0.0.1', tlsVersion: null });
    expect(Buffer.from(outcome.response?.body ?? '').toString()).toBe('thanks');
    expect(outcome.timings).toMatchObject({ dnsMs: null, tlsMs: null });
    expect(outcome.timings.connectMs).toBeGreaterThan(0);
    expect(outcome.timings.firstByteMs).toBeGreaterThan(0);
    expect(outcome.timings.totalMs).toBeGreaterThan(outcome.timings.firstByteMs ?? Number.NaN);
  });

  it('keeps connections and opens more only for requests side by side', async () => {
    for (let round = 0; round < 3; round++) {
      const outcomes = await Promise.all([1, 2, 3].map(() => send(urlOf('/'))));
      expect(outcomes.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200]);
    }

    expect(ports.size).toBe(3);
  });

  it('connects anew when a kept connection was closed meanwhile', async () => {
    await send(urlOf('/'));
    const closed = new Promise((resolve) => received[0]?.request.socket.once('close', resolve));
    server.closeAllConnections();
    await closed;

    expect(await send(urlOf('/'))).toMatchObject({ statusCode: 200 });
    expect(ports.size).toBe(2);
  });

  it('connects anew when a connection has been used for five minutes', async () => {
    const later = performance.now() + 6 * 60_000;
    await send(urlOf('/'));
    await send(urlOf('/'));
    expect(ports.size).toBe(1);
    const clock = jest.spyOn(performance, 'now').mockImplementation(() => later);
    await send(urlOf('/'));
    clock.mockRestore();

    expect(ports.size).toBe(2);
  });

  it('gives outcome_unknown when told to stop, before or in the middle', async () => {
    const controller = new AbortController();
    server.once('request', () => controller.abort());

    expect(await send(urlOf('/silent'), controller.signal)).toMatchObject({ errorCode: 'outcome_unknown' });
    expect(await send(urlOf('/'), controller.signal)).toMatchObject({ errorCode: 'outcome_unknown' });
    expect(received.length).toBeLessThanOrEqual(1);
  });

  it.each([
    ['a URL that is none', 'not a url', {}],
    ['a scheme it does not speak', 'ftp://127.0.0.1/', {}],
    ['a header that is none', null, { 'x y': '1' }],
    ['a header that would break the framing', null, { x: 'a\r\nb: c' }],
  ])('gives internal_error for %s instead of throwing', async (_, url, headers) => {
    const outcome = await sender.send({ url: url ?? urlOf('/'), headers, body: '' }, { timeoutMs: 20_000 });

    expect(outcome).toMatchObject({ statusCode: null, errorCode: 'internal_error' });
    expect(received).toEqual([]);
  });

  it('waits on close for what is under way, and rejects what comes later', async () => {
    const arrived = new Promise((resolve) => server.once('request', resolve));
    const underWay = send(urlOf('/'));
    await arrived;

    await sender.close();

    await expect(underWay).resolves.toMatchObject({ statusCode: 200 });
    await expect(send(urlOf('/'))).rejects.toThrow('the sender is closed');
  });
});

describe('createSender with names', () => {
  it('resolves once a connection, keeps the name for Host, and measures the time', async () => {
    const asked: string[] = [];
    await useSender({
      lookup: async (name) => {
        asked.push(name);
        return ['127.0.0.1'];
      },
    });

    const first = await send(urlOf('/', 'receiver.example'));
    const second = await send(urlOf('/', 'receiver.example'));

    expect(first).toMatchObject({ statusCode: 200, remoteAddress: '127.0.0.1' });
    expect(first.timings.dnsMs).toBeGreaterThanOrEqual(0);
    expect(second).toMatchObject({ statusCode: 200, timings: { dnsMs: null }, remoteAddress: '127.0.0.1' });
    expect(received[1]?.request.headers.host).toMatch(/^receiver\.example:\d+$/);
    expect(asked).toEqual(['receiver.example']);
  });

  it.each([
    ['a private one among several', ['8.8.8.8', '10.0.0.1']],
    ['an allowed one and a private one', ['127.0.0.1', '10.0.0.1']],
    ['a mapped private one', ['::ffff:10.0.0.1']],
    ['something that is no address', ['127.0.0.1', 'elsewhere']],
    ['public ones, over plain http', ['8.8.8.8']],
  ])('refuses a name with %s and connects nowhere', async (_, addresses) => {
    await useSender({ lookup: async () => addresses });

    const outcome = await send(urlOf('/', 'receiver.example'));

    expect(outcome).toMatchObject({
      errorCode: 'destination_not_allowed',
      remoteAddress: null,
      statusCode: null,
    });
    expect(outcome.errorDetail).not.toContain('10.0.0.1');
    expect(ports.size).toBe(0);
  });

  it.each([
    'http://127.0.0.2',
    'https://10.0.0.1',
    'https://[::1]',
    'https://[::ffff:7f00:2]',
    'https://8.8.8.8:8443',
  ])('refuses the literal address of %s', async (url) => {
    expect(await send(url)).toMatchObject({ errorCode: 'destination_not_allowed', remoteAddress: null });
  });

  it('judges a name anew at every connection', async () => {
    const answers = [['127.0.0.1'], ['10.0.0.1']];
    await useSender({ lookup: async () => answers.shift() ?? [] });

    expect(await send(urlOf('/', 'receiver.example'))).toMatchObject({ statusCode: 200 });
    const closed = new Promise((resolve) => received[0]?.request.socket.once('close', resolve));
    server.closeAllConnections();
    await closed;

    expect(await send(urlOf('/', 'receiver.example'))).toMatchObject({
      errorCode: 'destination_not_allowed',
    });
    expect(received).toHaveLength(1);
  });

  it.each([
    ['ENOTFOUND', 'dns_not_found'],
    ['ENODATA', 'dns_not_found'],
    ['EAI_AGAIN', 'dns_failed'],
    ['ESERVFAIL', 'dns_failed'],
    ['ECONNREFUSED', 'dns_failed'],
  ])('turns %s of the resolver into %s', async (code, errorCode) => {
    await useSender({ lookup: () => Promise.reject(Object.assign(new Error(`query ${code}`), { code })) });

    expect(await send('https://nowhere.example/')).toMatchObject({ errorCode, remoteAddress: null });
  });

  it('calls a name without any address not found', async () => {
    await useSender({ lookup: async () => [] });

    expect(await send('https://nowhere.example/')).toMatchObject({ errorCode: 'dns_not_found' });
  });

  it('cuts a resolver that never answers at the deadline', async () => {
    await useSender({ lookup: () => new Promise(() => {}) });

    const outcome = await sender.send(
      { url: 'https://slow.example/', headers: {}, body: '' },
      { timeoutMs: 100 },
    );

    expect(outcome).toMatchObject({ errorCode: 'timeout', remoteAddress: null });
    expect(outcome.errorDetail).toContain('resolving');
  });

  it('finds names of the system by itself', async () => {
    await useSender({ rules: new DestinationRules({ allowed: ['127.0.0.0/8', '::1'] }) });

    expect(await send(urlOf('/', 'localhost'))).toMatchObject({ statusCode: 200 });
  });
});
