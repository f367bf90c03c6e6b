import type { Socket } from 'node:net';
import type { TLSSocket, TlsOptions } from 'node:tls';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { AttemptOutcome } from '../../src/domain/attempt.ts';
import { DEFAULT_ROUTE, type EndpointRoute } from '../../src/domain/endpoint-route.ts';
import { DestinationRules } from '../../src/transport/destinations/destination-rules.ts';
import { createSender, type Sender, type SenderOptions } from '../../src/transport/sender.ts';
import { type Certificates, createCertificates } from '../support/receivers/certificates.ts';
import { listen, type MisbehavingReceiver } from '../support/receivers/misbehaving-receiver.ts';

const rules = new DestinationRules({ allowed: ['127.0.0.1'] });
let certificates: Certificates;
let receiver: MisbehavingReceiver;
let sender: Sender;
/** Of each connection: the peer's address, and what was negotiated where it is TLS. */
let seen: { from: string | undefined; resumed: boolean; client: string | undefined }[];

beforeAll(async () => {
  certificates = await createCertificates();
});
afterEach(async () => {
  await sender.close();
  await receiver.close();
});

async function start(tls: TlsOptions | undefined, options: Partial<SenderOptions> = {}): Promise<void> {
  seen = [];
  const answer = (socket: Socket | TLSSocket): void => {
    seen.push(describeConnection(socket));
    socket.on('data', () => socket.end('HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n'));
  };
  receiver = await listen(answer, tls);
  sender = createSender({
    rules,
    lookup: async () => ['127.0.0.1'],
    ca: [certificates.authority],
    ...options,
  });
}

function describeConnection(socket: Socket | TLSSocket): (typeof seen)[number] {
  const isTls = 'getPeerCertificate' in socket;
  return {
    from: socket.remoteAddress,
    resumed: isTls && socket.isSessionReused(),
    client: isTls ? (socket.getPeerCertificate() as { fingerprint256?: string }).fingerprint256 : undefined,
  };
}

async function send(route: Partial<EndpointRoute> | null, scheme = 'https'): Promise<AttemptOutcome> {
  const url = `${scheme}://receiver.example:${receiver.port}/`;
  const full = route === null ? null : { ...DEFAULT_ROUTE, ...route };
  return await sender.send({ url, headers: {}, body: '{}', route: full }, { timeoutMs: 20_000 });
}

function clientPair(): Partial<EndpointRoute> {
  return { clientCertificate: certificates.valid.cert, clientKey: certificates.valid.key };
}

function asking(): TlsOptions {
  return { ...certificates.valid, requestCert: true, rejectUnauthorized: true, ca: certificates.authority };
}

describe('createSender with routes', () => {
  it('steps down to TLS 1.2 only for an endpoint that asks for it', async () => {
    await start({ ...certificates.valid, maxVersion: 'TLSv1.2' }, { allowTls12: true });

    expect(await send({ minTlsVersion: '1.2' })).toMatchObject({ statusCode: 200, tlsVersion: 'TLSv1.2' });
    expect(await send({ minTlsVersion: '1.3' })).toMatchObject({ errorCode: 'tls_version_unsupported' });
    expect(await send(null)).toMatchObject({ errorCode: 'tls_version_unsupported' });
  });

  it('does not step down where the operator forbids it, whatever the endpoint asks', async () => {
    await start({ ...certificates.valid, maxVersion: 'TLSv1.2' });

    expect(await send({ minTlsVersion: '1.2' })).toMatchObject({ errorCode: 'tls_version_unsupported' });
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'shows the client certificate of the endpoint over %s',
    async (version) => {
      await start({ ...asking(), maxVersion: version }, { allowTls12: true });

      for (let time = 0; time < 2; time++) {
        const outcome = await send({ ...clientPair(), minTlsVersion: '1.2' });
        expect(outcome).toMatchObject({ statusCode: 200, tlsVersion: version });
      }
      expect(seen.map(({ resumed }) => resumed)).toEqual([false, true]);
      expect(seen[0]?.client).toMatch(/^[0-9A-F:]{95}$/);
    },
  );

  it('tells when the receiver asks for a client certificate', async () => {
    await start(asking());

    expect(await send(null)).toMatchObject({
      errorCode: 'tls_client_certificate_required',
      statusCode: null,
    });
    expect(await send(clientPair())).toMatchObject({ statusCode: 200 });
    expect(await send(null)).toMatchObject({ errorCode: 'tls_client_certificate_required' });
  });

  it('does not let endpoints share sessions or connections of another route', async () => {
    await start({ ...asking(), rejectUnauthorized: false });

    for (const route of [clientPair(), null, clientPair(), null]) await send(route);
    expect(seen.map(({ resumed }) => resumed)).toEqual([false, false, true, true]);
    expect(seen.map(({ client }) => client !== undefined)).toEqual([true, false, true, false]);
  });

  it('connects from the first egress address, or the one the endpoint chose', async () => {
    const egress = [
      { published: '203.0.113.7', local: '127.0.0.7' },
      { published: '127.0.0.8', local: '127.0.0.8' },
    ];
    await start(undefined, { egress });

    for (const egressAddress of [null, '203.0.113.7', '127.0.0.8']) {
      expect(await send({ egressAddress }, 'http')).toMatchObject({ statusCode: 200 });
    }
    expect(seen.map(({ from }) => from)).toEqual(['127.0.0.7', '127.0.0.7', '127.0.0.8']);
  });

  it('connects from nowhere else when the egress address cannot be used', async () => {
    const egress = [
      { published: '203.0.113.7', local: '203.0.113.7' },
      { published: '::1', local: '::1' },
    ];
    await start(undefined, { egress });

    for (const egressAddress of ['203.0.113.7', '::1', '203.0.113.9']) {
      expect(await send({ egressAddress }, 'http')).toMatchObject({ errorCode: 'network_unreachable' });
    }
    expect(seen).toEqual([]);
  });

  it('leaves the source to the system where the machine has none of the addresses', async () => {
    await start(undefined, { egress: [{ published: '203.0.113.7', local: '203.0.113.7' }] });

    expect(await send(null, 'http')).toMatchObject({ statusCode: 200 });
    expect(seen.map(({ from }) => from)).toEqual(['127.0.0.1']);
  });
});
