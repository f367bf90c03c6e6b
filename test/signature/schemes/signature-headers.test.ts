import { describe, expect, it } from '@jest/globals';
import {
  type SignatureScheme,
  type SigningSubject,
  signatureHeaders,
} from '../../../src/signature/schemes/signature-headers.ts';
import { generateSigningKey } from '../../../src/signature/schemes/signing-key.ts';
import { generateSecret } from '../../../src/signature/secret.ts';
import { asReceived, peerReceivers } from './peer-receivers.ts';

const text = '{"type":"job.completed","data":{"text":"\\u00e9","n":1.50}}';
const other = generateSecret();

function sign(schemes: readonly SignatureScheme[], part: Partial<SigningSubject>): Record<string, string> {
  const subject = {
    id: 'del_1',
    seconds: String(Math.floor(Date.now() / 1000)),
    body: Buffer.from(text),
    secrets: [other],
    signingKeys: [generateSigningKey()],
    ...part,
  };
  return signatureHeaders(schemes, subject, { headerPrefix: 'X-Webhook-' });
}

describe.each(peerReceivers)('a call signed for $name', ({ scheme, secret, signatureHeader, verify }) => {
  const headers = asReceived(sign([scheme], { secrets: [secret] }));

  it('is taken by its receivers', async () => {
    expect(await verify(text, headers, secret)).toBe(true);
  });

  it('is refused with one bit of the body changed, wherever that is', async () => {
    const bytes = Buffer.from(text);
    for (const [index, byte] of bytes.entries()) {
      const changed = Buffer.from(bytes);
      changed[index] = byte ^ 1;
      expect(await verify(changed.toString(), headers, secret)).toBe(false);
    }
  });

  it('is refused with one digit of the signature changed', async () => {
    const value = headers[signatureHeader] ?? '';
    const at = value.length - 3;
    const forged = value.slice(0, at) + (value[at] === 'a' ? 'b' : 'a') + value.slice(at + 1);
    expect(await verify(text, { ...headers, [signatureHeader]: forged }, secret)).toBe(false);
  });

  it('is refused by who has another secret', async () => {
    expect(await verify(text, headers, other)).toBe(false);
  });
});

describe('signatureHeaders', () => {
  it('signs in several ways at once while a receiver moves, each as it would alone', async () => {
    const [svix, github] = ['Svix', 'GitHub'].map((name) =>
      peerReceivers.find((peer) => peer.name.startsWith(name)),
    );
    const secret = svix?.secret ?? '';
    const headers = sign(['svix', 'github', 'posthorn'], { secrets: [secret] });
    expect(await svix?.verify(text, asReceived(headers), secret)).toBe(true);
    expect(await github?.verify(text, asReceived(headers), secret)).toBe(true);
    expect(Object.keys(headers).sort()).toEqual([
      'X-Hub-Signature-256',
      'X-Webhook-Signature',
      'svix-id',
      'svix-signature',
      'svix-timestamp',
    ]);
  });

  it.each(peerReceivers.filter(({ scheme }) => !isOfOne(scheme)))(
    'carries one entry a live secret for $name',
    async ({ scheme, secret, verify }) => {
      const headers = asReceived(sign([scheme], { secrets: [other, secret] }));
      expect(await verify(text, headers, secret)).toBe(true);
      expect(await verify(text, headers, other)).toBe(true);
    },
  );

  it('leaves secrets out that a signature cannot read while a receiver moves', async () => {
    const secrets = ['a phrase, and no base64', other];
    const { 'webhook-signature': entries = '' } = sign(['standard'], { secrets });
    expect(entries.split(' ')).toHaveLength(1);
  });
});

/** Whether its header has room for one signature. */
function isOfOne(scheme: SignatureScheme): boolean {
  if (typeof scheme === 'string') return scheme === 'github' || scheme === 'convoy_simple';
  return scheme.scheme !== 'stripe';
}
