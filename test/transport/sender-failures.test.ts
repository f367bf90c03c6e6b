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

  it('calls it a reset when a kept connection is closed upon the next request', async () => {
    const receiver = keep(await startReceiver((socket) => socket.end()));
    await send(`${receiver.url}/good`);

    const outcome = await send(`${receiver.url}/bad`);

    expect(outcome).toMatchObject({ errorCode: 'connection_reset', timings: { connectMs: null } });
    expect(await send(`${receiver.url}/good`)).toMatchObject({ statusCode: 200 });
    expect(receiver.accepted()).toBe(2);
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
      response_headers_too_large: 30,
      none: 30,
    });
    expect(grownBytes).toBeLessThan(10_000_000);
  });
});
