import { once } from 'node:events';
import type { Socket } from 'node:net';
import { Worker } from 'node:worker_threads';
import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { AttemptOutcome } from '../../src/domain/attempt.ts';
import { adviceFor } from '../../src/domain/error-code.ts';
import { DestinationRules } from '../../src/transport/destinations/destination-rules.ts';
import { createSender } from '../../src/transport/sender.ts';
import {
  listen,
  type MisbehavingReceiver,
  startReceiver,
} from '../support/receivers/misbehaving-receiver.ts';
import { runTransportFailures } from '../support/receivers/transport-failures.ts';

const sender = createSender({ rules: new DestinationRules({ allowed: ['127.0.0.1'] }) });
const receivers: MisbehavingReceiver[] = [];
/** A receiver with a thread of its own, which goes on while ours is stuck. */
const ANSWERING_AT_ONCE = `
  const server = require('node:http').createServer((_request, response) => response.end());
  server.listen(0, '127.0.0.1', () => require('node:worker_threads').parentPort.postMessage(server.address().port));`;

async function send(url: string, timeoutMs = 20_000): Promise<AttemptOutcome> {
  return await sender.send({ url, headers: {}, body: '{}' }, { timeoutMs });
}

function keep(receiver: MisbehavingReceiver): MisbehavingReceiver {
  receivers.push(receiver);
  return receiver;
}

afterEach(() => Promise.all(receivers.splice(0).map(({ close }) => close())));
afterAll(() => sender.close());

describe('createSender with connections that fail', () => {
  it('tells a refused connection', async () => {
    const unused = await listen(() => {});
    await unused.close();

    const outcome = await send(unused.url);

    expect(outcome).toMatchObject({ errorCode: 'connection_refused', statusCode: null, remoteAddress: null });
    expect(outcome.errorDetail).toBe('connect ECONNREFUSED');
  });

  it('tells a connection closed as soon as it is made, without trying for ever', async () => {
    const receiver = keep(await listen((socket) => socket.destroy()));

    expect(await send(receiver.url)).toMatchObject({ errorCode: 'connection_reset' });
    expect(receiver.accepted()).toBe(1);
  });

  it('tells a reset before the answer', async () => {
    const receiver = keep(await startReceiver((socket) => socket.resetAndDestroy()));

    expect(await send(`${receiver.url}/bad`)).toMatchObject({
      errorCode: 'connection_reset',
      statusCode: null,
    });
    expect(await send(`${receiver.url}/good`)).toMatchObject({ statusCode: 200 });
  });

  it('tells a reset in the middle of the body, and keeps what came', async () => {
    const head = 'HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nabc';
    const receiver = keep(
      await startReceiver((socket) => {
        socket.write(head, () => setImmediate(() => socket.resetAndDestroy()));
      }),
    );

    const outcome = await send(`${receiver.url}/bad`);

    expect(outcome).toMatchObject({ errorCode: 'response_incomplete', statusCode: 200 });
    expect(outcome.response).toMatchObject({ truncated: true });
    expect(await send(`${receiver.url}/good`)).toMatchObject({ statusCode: 200 });
  });

  it.each<[string, (socket: Socket) => void]>([
    ['ends', (socket) => socket.end()],
    ['resets', (socket) => socket.resetAndDestroy()],
  ])('sends once more, at once and once only, where the receiver %s a kept connection', async (_, end) => {
    const receiver = keep(await startReceiver(end));
    expect(await send(`${receiver.url}/good`)).toMatchObject({ resent: false });

    const outcome = await send(`${receiver.url}/bad`);

    expect(outcome).toMatchObject({
      errorCode: 'connection_reset',
      resent: true,
      timings: { connectMs: expect.any(Number) },
    });
    expect(receiver.accepted()).toBe(2);
    expect(await send(`${receiver.url}/good`)).toMatchObject({ statusCode: 200, resent: false });
  });

  it('delivers over a fresh connection where the receiver breaks off every second request of one', async () => {
    let requests = 0;
    const receiver = keep(
      await listen((socket) => {
        let onThis = 0;
        socket.on('data', () => {
          requests += 1;
          onThis += 1;
          if (onThis === 2) socket.resetAndDestroy();
          else socket.write('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n');
        });
      }),
    );

    for (const resent of [false, true, true])
      expect(await send(receiver.url)).toMatchObject({ statusCode: 200, errorCode: null, resent });
    expect([requests, receiver.accepted()]).toEqual([5, 3]);
  });

  it('never sends again what broke off on a fresh connection', async () => {
    const receiver = keep(await startReceiver((socket) => socket.resetAndDestroy()));

    expect(await send(`${receiver.url}/bad`)).toMatchObject({ errorCode: 'connection_reset', resent: false });
    expect(receiver.accepted()).toBe(1);
  });

  it.each([
    ['a byte of an answer', 'H', 'connection_reset'],
    ['an interim answer', 'HTTP/1.1 100 Continue\r\n\r\n', 'connection_reset'],
    ['half an answer', 'HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\na', 'response_incomplete'],
  ])('never sends again after %s', async (_, bytes, errorCode) => {
    const receiver = keep(await startReceiver((socket) => socket.end(bytes)));
    await send(`${receiver.url}/good`);

    expect(await send(`${receiver.url}/bad`)).toMatchObject({ errorCode, resent: false });
    expect(receiver.accepted()).toBe(1);
  });

  it('sends again within the one deadline', async () => {
    let ends = 1;
    const receiver = keep(
      await startReceiver((socket) => {
        if (ends-- > 0) socket.end();
      }),
    );
    await send(`${receiver.url}/good`);

    expect(await send(`${receiver.url}/bad`, 300)).toMatchObject({ errorCode: 'timeout', resent: true });
  });

  it('hears an answer that came in time although the process was stuck until after', async () => {
    const receiver = new Worker(ANSWERING_AT_ONCE, { eval: true });
    const [port] = await once(receiver, 'message');
    const url = `http://127.0.0.1:${port}`;
    await send(url);

    const sent = send(url, 300);
    setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_000));
    const outcome = await sent;
    await receiver.terminate();

    expect(outcome).toMatchObject({ statusCode: 200, errorCode: null });
  });

  it('never sends again once half of the time is over: its answer might not be heard', async () => {
    const receiver = keep(
      await startReceiver((socket) => {
        setTimeout(() => socket.resetAndDestroy(), 1_050);
      }),
    );
    await send(`${receiver.url}/good`);

    expect(await send(`${receiver.url}/bad`, 2_000)).toMatchObject({
      errorCode: 'connection_reset',
      resent: false,
    });
    expect(receiver.accepted()).toBe(1);
  });

  it.each([
    [
      'a second answer',
      'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\nHTTP/1.1 404 X\r\ncontent-length: 0\r\n\r\n',
    ],
    ['a byte too much', 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\nx'],
  ])('never uses a connection again that carried %s', async (_, bytes) => {
    const receiver = keep(await startReceiver((socket) => socket.write(bytes)));

    expect(await send(`${receiver.url}/bad`)).toMatchObject({ statusCode: 200 });
    expect(await send(`${receiver.url}/good`)).toMatchObject({ statusCode: 200, resent: false });
    expect(receiver.accepted()).toBe(2);
  });

  it('closes a kept connection over which something comes unasked', async () => {
    const receiver = keep(
      await listen((socket) => {
        socket.once('data', () => {
          socket.write('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n');
          setTimeout(() => socket.write('HTTP/1.1 404 X\r\ncontent-length: 0\r\n\r\n'), 20);
        });
      }),
    );

    await send(receiver.url);
    await receiver.allClosed();
    expect(await send(receiver.url)).toMatchObject({ statusCode: 200, resent: false });
  });

  it('survives any bytes for an answer, with a code that has advice', async () => {
    let bytes = Buffer.alloc(0);
    const receiver = keep(await startReceiver((socket) => socket.end(bytes)));
    const line = fc.constantFrom(
      'HTTP/1.1 200 OK',
      'HTTP/1.0 204 X',
      'HTTP/1.1 102 Wait',
      'content-length: 3',
      'content-length: 99',
      'transfer-encoding: chunked',
      'connection: close',
      'keep-alive: timeout=0',
      'connection: upgrade',
      '3',
      'abc',
      '0',
      '',
      '',
    );
    const noise = fc.uint8Array({ maxLength: 20 }).map((array) => Buffer.from(array).toString('latin1'));
    const text = fc.array(fc.oneof({ weight: 9, arbitrary: line }, noise), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(text, async (lines) => {
        bytes = Buffer.from(lines.join('\r\n'), 'latin1');
        const { errorCode, statusCode } = await send(`${receiver.url}/bad`);
        expect(errorCode).not.toBe('internal_error');
        if (errorCode === null) expect(statusCode).toBeGreaterThanOrEqual(200);
        else expect(adviceFor(errorCode)).not.toBe('');
        await receiver.allClosed();
      }),
      { numRuns: 300 },
    );
  });

  it('stays flat in memory over hundreds of failures, and leaves no connection open', async () => {
    const { codes, grownBytes } = await runTransportFailures(480);

    expect(codes).toEqual({
      dns_not_found: 30,
      destination_not_allowed: 30,
      tls_certificate_expired: 30,
      tls_certificate_invalid: 30,
      tls_certificate_name_mismatch: 30,
      tls_version_unsupported: 30,
      tls_client_certificate_required: 30,
      timeout: 90,
      connection_reset: 60,
      response_incomplete: 30,
      response_malformed: 30,
      none: 60,
    });
    expect(grownBytes).toBeLessThan(10_000_000);
  });
});
