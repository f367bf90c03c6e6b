import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Peer } from '../../../src/domain/moving-in/peers.ts';
import { type PeerReceiver, peerReceivers } from '../../signature/schemes/peer-receivers.ts';
import { type ExportedEndpoint, peerExports } from '../../support/moving-in/peer-exports.ts';
import { type Posthorn, startPosthorn } from '../../support/processes/posthorn.ts';
import { type Receiver, startReceiver } from '../../support/receivers/receiver.ts';

const DATA = { job_id: 'job_1', note: 'é', rows: 1.5 };
const BITS = [1, 2, 4, 8, 16, 32, 64, 128];
/** The digest of a signature, as hex or as base64. */
const DIGEST = /[0-9a-f]{64}|[A-Za-z0-9+/]{43}=/;
const TIME = /\d{10}/;

let posthorn: Posthorn;
let receiver: Receiver;
beforeAll(async () => {
  posthorn = await startPosthorn();
  await posthorn.startWorker();
  receiver = await startReceiver();
});
afterAll(async () => {
  await posthorn.stop();
  await receiver.close();
});

/** What is imported for receivers of this name; what has no API of its own to be listed by is told in our words. */
function importOf(
  { name, scheme }: PeerReceiver,
  endpoint: ExportedEndpoint,
): { readonly from: Peer; readonly headers: object; readonly endpoint: object } {
  switch (name) {
    case 'Svix (its library)':
      return {
        from: 'svix',
        headers: { 'x-team': 'data', authorization: 'Bearer abc' },
        endpoint: peerExports.svix(endpoint),
      };
    case 'Convoy, simple':
    case 'Convoy, advanced':
      return {
        from: 'convoy',
        headers: { 'x-key': 'abc' },
        endpoint: { ...peerExports.convoy(endpoint), advanced_signatures: name === 'Convoy, advanced' },
      };
    case 'Outpost':
      return { from: 'outpost', headers: { 'x-team': 'data' }, endpoint: peerExports.outpost(endpoint) };
    default:
      return { from: 'posthorn', headers: {}, endpoint: ownExport(scheme, endpoint) };
  }
}

function ownExport(scheme: PeerReceiver['scheme'], endpoint: ExportedEndpoint): object {
  const { id: uid, customerId: customer_id, url, secret } = endpoint;
  if (typeof scheme === 'string')
    return { uid, customer_id, url, secret, payload: 'data', signatures: [scheme] };
  const { secretEncoding: secret_encoding, ...own } = scheme;
  return { uid, customer_id, url, secret, payload: 'data', signatures: [{ ...own, secret_encoding }] };
}

/** A request as its receiver reads it. */
interface Received {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Which of these the receiver takes. */
async function taken({ verify, secret }: PeerReceiver, all: Iterable<Received>): Promise<Received[]> {
  const found: Received[] = [];
  for (const one of all) if (await verify(one.body, one.headers, secret)) found.push(one);
  return found;
}

/** These bytes with each of their bits changed, one at a time. */
function* flipped(bytes: Buffer): Generator<Buffer> {
  for (const [index, byte] of bytes.entries())
    for (const bit of BITS) {
      const changed = Buffer.from(bytes);
      changed[index] = byte ^ bit;
      yield changed;
    }
}

/** A request with each bit changed of what stands in a header. */
function* withHeaderFlipped(
  { body, headers }: Received,
  { name, pattern, encoding }: { name: string; pattern: RegExp; encoding: BufferEncoding },
): Generator<Received> {
  const value = headers[name] ?? '';
  const part = pattern.exec(value)?.[0] ?? '';
  for (const changed of flipped(Buffer.from(part, encoding)))
    yield { body, headers: { ...headers, [name]: value.replace(part, changed.toString(encoding)) } };
}

describe.each(peerReceivers)('an endpoint imported for $name', (peer) => {
  const customerId = `moved-${peerReceivers.indexOf(peer)}`;
  let received: Received;
  let own: object;

  beforeAll(async () => {
    const url = `${receiver.url}/${customerId}`;
    const { from, endpoint, headers } = importOf(peer, {
      id: customerId,
      customerId,
      url,
      secret: peer.secret,
    });
    own = headers;
    const imported = await posthorn.call('POST', '/v1/imports', { from, endpoints: [endpoint] });
    expect(imported).toMatchObject({ status: 200, body: { created: 1, refused: 0 } });
    const event = { event: 'job.completed', customer_id: customerId, data: DATA };
    expect(await posthorn.call('POST', '/v1/events', event)).toMatchObject({ status: 202 });
    const request = await receiver.waitFor(({ path }) => path === `/${customerId}`);
    received = { body: request.body.toString(), headers: request.headers as Record<string, string> };
  });

  it('is sent what its receiver takes unchanged, with the headers it knows', async () => {
    expect(received.body).toBe(JSON.stringify(DATA));
    expect(received.headers).toMatchObject(own);
    expect(await taken(peer, [received])).toEqual([received]);
  });

  it('is sent nothing that is taken with one bit of the body changed, whichever that is', async () => {
    const bodies = [...flipped(Buffer.from(received.body))];
    expect(bodies).toHaveLength(8 * Buffer.byteLength(received.body));
    const forged = bodies.map((body) => ({ ...received, body: body.toString() }));
    expect(await taken(peer, forged)).toEqual([]);
  });

  it('is sent nothing that is taken with one bit of the signature changed, whichever that is', async () => {
    const name = peer.signatureHeader;
    const encoding = /[0-9a-f]{64}/.test(received.headers[name] ?? '') ? 'hex' : 'base64';
    const forged = [...withHeaderFlipped(received, { name, pattern: DIGEST, encoding })];
    expect(forged).toHaveLength(256);
    expect(await taken(peer, forged)).toEqual([]);
  });

  if (peer.timeHeader !== null) {
    const name = peer.timeHeader;
    it('is sent nothing that is taken with one bit of the time changed, whichever that is', async () => {
      const forged = [...withHeaderFlipped(received, { name, pattern: TIME, encoding: 'latin1' })];
      expect(forged).toHaveLength(80);
      expect(await taken(peer, forged)).toEqual([]);
    });
  }
});
