import { spawnSync } from 'node:child_process';
import { webcrypto } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { sign as octokitSign, verify as octokitVerify } from '@octokit/webhooks-methods';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { generateSecret } from '../../src/signature/secret.ts';
import { type SignedDelivery, signDelivery } from '../../src/signature/sign.ts';
import { verifyHeader } from '../../src/signature/verify-header.ts';
import { verifyStandardWebhooks } from '../../src/signature/verify-standard-webhooks.ts';
import { golden } from '../support/receivers/golden.ts';

const now = new Date();
const signedCases = fc.object().map((data) => {
  const secret = generateSecret();
  const secrets = { primary: secret, additional: [generateSecret()] };
  return { secret, signed: signNow(JSON.stringify(data), secrets) };
});

function signNow(dataText: string, secrets: { primary: string; additional: string[] }): SignedDelivery {
  return signDelivery({ ...golden.parts, dataText, timestamp: now, secrets });
}

describe('signDelivery as other libraries see it', () => {
  it('signs what the standardwebhooks package verifies', () => {
    fc.assert(
      fc.property(signedCases, ({ secret, signed }) => {
        const event = new Webhook(secret).verify(signed.body.toString(), { ...signed.headers });
        expect(JSON.stringify(event)).toBe(JSON.stringify(JSON.parse(signed.body.toString())));
      }),
    );
  });

  it('signs what the standardwebhooks package signs', () => {
    fc.assert(
      fc.property(signedCases, ({ secret, signed }) => {
        const theirs = new Webhook(secret).sign(golden.parts.deliveryId, now, signed.body.toString());
        expect(signed.headers['webhook-signature'].split(' ')[0]).toBe(theirs);
      }),
    );
  });

  it('signs what @octokit/webhooks-methods verifies and signs', async () => {
    await fc.assert(
      fc.asyncProperty(signedCases, async ({ secret, signed }) => {
        const text = signed.body.toString();
        const signature = signed.headers['X-Webhook-Signature'];
        expect(await octokitVerify(secret, text, signature)).toBe(true);
        expect(await octokitSign(secret, text)).toBe(signature);
        expect(await octokitSign(secret, text.replace(signed.bodySignature, ''))).toBe(signed.bodySignature);
      }),
    );
  });

  it("agrees with Python's hmac module, or with WebCrypto where there is no Python", async () => {
    const { headers, body, bodySignature } = signNow(golden.parts.dataText, {
      primary: golden.secret,
      additional: [],
    });
    const blanked = body.toString().replace(bodySignature, '');
    expect(`sha256=${await hmacElsewhere(golden.secret, blanked)}`).toBe(bodySignature);
    expect(`sha256=${await hmacElsewhere(golden.secret, body.toString())}`).toBe(
      headers['X-Webhook-Signature'],
    );
  });
});

describe('verifyHeader', () => {
  it('accepts what @octokit/webhooks-methods signed', async () => {
    const signature = await octokitSign(golden.secret, golden.text);
    expect(verifyHeader(golden.body, signature, golden.secret)).toBe(true);
  });
});

describe('verifyStandardWebhooks', () => {
  it('accepts what the standardwebhooks package signed', () => {
    const headers = {
      'webhook-id': 'msg_1',
      'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
      'webhook-signature': new Webhook(golden.secret).sign('msg_1', now, golden.text),
    };
    expect(verifyStandardWebhooks(headers, golden.body, { secret: golden.secret, now })).toBe(true);
  });
});

async function hmacElsewhere(secret: string, text: string): Promise<string> {
  const code =
    'import hmac,sys; print(hmac.new(sys.argv[1].encode(), sys.stdin.buffer.read(), "sha256").hexdigest())';
  const python = spawnSync('python3', ['-c', code, secret], { input: text, encoding: 'utf8' });
  return python.status === 0 ? python.stdout.trim() : await hmacByWebCrypto(secret, text);
}

async function hmacByWebCrypto(secret: string, text: string): Promise<string> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const key = await webcrypto.subtle.importKey('raw', Buffer.from(secret), algorithm, false, ['sign']);
  return Buffer.from(await webcrypto.subtle.sign('HMAC', key, Buffer.from(text))).toString('hex');
}
