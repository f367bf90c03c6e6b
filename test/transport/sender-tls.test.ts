import type { TlsOptions } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { AttemptOutcome } from '../../src/domain/attempt.ts';
import { DestinationRules } from '../../src/transport/destinations/destination-rules.ts';
import { createSender, type Sender } from '../../src/transport/sender.ts';
import { type Certificates, createCertificates } from '../support/receivers/certificates.ts';
import {
  listen,
  type MisbehavingReceiver,
  startReceiver,
} from '../support/receivers/misbehaving-receiver.ts';

const rules = new DestinationRules({ allowed: ['127.0.0.1'] });
let certificates: Certificates;
let sender: Sender;
let receiver: MisbehavingReceiver;

beforeAll(async () => {
  certificates = await createCertificates();
  sender = createSender({ rules, lookup: async () => ['127.0.0.1'], ca: [certificates.authority] });
});
afterEach(() => receiver.close());
afterAll(() => sender.close());

async function send(host = 'receiver.example', timeoutMs = 20_000): Promise<AttemptOutcome> {
  const url = `https://${host}:${receiver.port}/good`;
  return await sender.send({ url, headers: {}, body: '{}' }, { timeoutMs });
}

async function startTls(options: TlsOptions): Promise<void> {
  receiver = await startReceiver(() => {}, options);
}

describe('createSender over TLS', () => {
  it('speaks TLS 1.3 to a trusted receiver and tells so, also on the kept connection', async () => {
    await startTls(certificates.valid);

    const first = await send();
    const second = await send();

    expect(first).toMatchObject({ statusCode: 200, tlsVersion: 'TLSv1.3', remoteAddress: '127.0.0.1' });
    expect(first.timings.tlsMs).toBeGreaterThan(0);
    expect(second).toMatchObject({ statusCode: 200, tlsVersion: 'TLSv1.3', remoteAddress: '127.0.0.1' });
    expect(second.timings).toMatchObject({ dnsMs: null, connectMs: null, tlsMs: null });
    expect(receiver.accepted()).toBe(1);
  });

  it('accepts a certificate for an IP address', async () => {
    await startTls(certificates.address);

    expect(await send('127.0.0.1')).toMatchObject({ statusCode: 200, tlsVersion: 'TLSv1.3' });
  });

  it('sends the name without its trailing dot for the certificate to match', async () => {
    await startTls(certificates.valid);

    expect(await send('receiver.example.')).toMatchObject({ statusCode: 200 });
  });

  it.each<[string, keyof Certificates, string]>([
    ['expired', 'expired', 'tls_certificate_expired'],
    ['not yet valid', 'notYetValid', 'tls_certificate_expired'],
    ['self-signed', 'selfSigned', 'tls_certificate_invalid'],
    ['of an unknown authority', 'untrusted', 'tls_certificate_invalid'],
    ['for another name', 'wrongName', 'tls_certificate_name_mismatch'],
  ])('refuses a certificate that is %s, every time', async (_, which, errorCode) => {
    await startTls(certificates[which] as TlsOptions);

    for (let attempt = 0; attempt < 3; attempt++) {
      const outcome = await send();

      expect(outcome).toMatchObject({
        errorCode,
        statusCode: null,
        remoteAddress: '127.0.0.1',
        response: null,
      });
    }
  });

  it('does not step down to TLS 1.2', async () => {
    await startTls({ ...certificates.valid, maxVersion: 'TLSv1.2' });

    expect(await send()).toMatchObject({ errorCode: 'tls_version_unsupported', tlsVersion: null });
  });

  it('tells a port that speaks plain HTTP from a broken certificate', async () => {
    receiver = await listen((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));

    expect(await send()).toMatchObject({ errorCode: 'tls_handshake_failed' });
  });

  it('calls it a reset when the receiver hangs up in the handshake', async () => {
    receiver = await listen((socket) => socket.once('data', () => socket.destroy()));

    expect(await send()).toMatchObject({ errorCode: 'connection_reset', remoteAddress: '127.0.0.1' });
  });

  it('cuts a stalled handshake at the deadline and closes its connection', async () => {
    receiver = await listen(() => {});

    const outcome = await send('receiver.example', 200);

    expect(outcome).toMatchObject({ errorCode: 'timeout', remoteAddress: '127.0.0.1' });
    expect(outcome.errorDetail).toContain('TLS handshake');
    await receiver.allClosed();
  });

  it('resumes its session when it connects again', async () => {
    const resumed: boolean[] = [];
    receiver = await listen((socket) => {
      resumed.push(
        'isSessionReused' in socket &&
          (socket as unknown as { isSessionReused(): boolean }).isSessionReused(),
      );
      socket.on('data', () =>
        socket.end('HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n'),
      );
    }, certificates.valid);

    await send();
    await send();

    expect(resumed).toEqual([false, true]);
  });

  it('does not take bytes sent before the request for an answer', async () => {
    receiver = await listen(
      (socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n'.repeat(2)),
      certificates.valid,
    );

    const outcome = await send('receiver.example', 2_000);

    expect(receiver.accepted()).toBeLessThanOrEqual(2);
    expect(outcome.errorCode === null || outcome.errorCode === 'connection_reset').toBe(true);
  });
});
