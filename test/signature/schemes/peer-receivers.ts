import { createHmac, timingSafeEqual } from 'node:crypto';
import { verify as octokitVerify } from '@octokit/webhooks-methods';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import Stripe from 'stripe';
import { Webhook as SvixWebhook } from 'svix';
import type { SignatureScheme } from '../../../src/signature/schemes/signature-headers.ts';

/** What a receiver of another sender checks, by the code or the steps that this sender publishes. */
export interface PeerReceiver {
  readonly name: string;
  readonly scheme: SignatureScheme;
  readonly secret: string;
  readonly verify: (
    body: string,
    headers: Readonly<Record<string, string>>,
    secret: string,
  ) => boolean | Promise<boolean>;
}

const base64Secret = `whsec_${Buffer.alloc(24, 'a phrase that was chosen').toString('base64')}`;
const phrase = 'correct horse battery staple';
const custom = { prefix: '', secretEncoding: 'text' } as const;

/** Every way of signing by another sender's name, and headers of one's own. */
export const peerReceivers: readonly PeerReceiver[] = [
  {
    name: 'Standard Webhooks (its library)',
    scheme: 'standard',
    secret: base64Secret,
    verify: (body, headers, secret) => succeeds(() => new StandardWebhook(secret).verify(body, headers)),
  },
  {
    name: 'Svix (its library)',
    scheme: 'svix',
    secret: base64Secret,
    verify: (body, headers, secret) => succeeds(() => new SvixWebhook(secret).verify(body, headers)),
  },
  {
    name: 'GitHub (its library)',
    scheme: 'github',
    secret: phrase,
    verify: async (body, headers, secret) =>
      await octokitVerify(secret, body, headers['X-Hub-Signature-256'] ?? ''),
  },
  {
    name: 'Stripe (its library)',
    scheme: { ...custom, header: 'Stripe-Signature', scheme: 'stripe' },
    secret: 'whsec_test_secret_of_stripe',
    verify: (body, headers, secret) =>
      succeeds(() =>
        new Stripe('sk_test').webhooks.constructEvent(body, headers['Stripe-Signature'] ?? '', secret),
      ),
  },
  {
    name: 'Convoy, simple',
    scheme: 'convoy_simple',
    secret: phrase,
    verify: (body, headers, secret) =>
      isEqual(headers['X-Convoy-Signature'] ?? '', hmac(secret, body).toString('hex')),
  },
  {
    name: 'Convoy, advanced',
    scheme: 'convoy_advanced',
    secret: phrase,
    verify: (body, headers, secret) => {
      const pairs = (headers['X-Convoy-Signature'] ?? '').split(',').map((part) => part.split('='));
      const time = pairs.find(([name]) => name === 't')?.[1] ?? '';
      const expected = hmac(secret, `${time},${body}`).toString('hex');
      return isFresh(time) && pairs.some(([name, value = '']) => name !== 't' && isEqual(value, expected));
    },
  },
  {
    name: 'Outpost',
    scheme: 'outpost',
    secret: 'whsec_6c1ab6e2a1f4', // the whole text is the key, as its guide says
    verify: (body, headers, secret) => {
      const header = headers['x-outpost-signature'] ?? '';
      if (!header.startsWith('v0=')) return false;
      const expected = hmac(secret, body).toString('hex');
      return header
        .slice(3)
        .split(',')
        .some((candidate) => isEqual(candidate, expected));
    },
  },
  {
    name: 'hex behind a prefix',
    scheme: { ...custom, header: 'X-Acme-Signature', scheme: 'hex', prefix: 'sha256=' },
    secret: phrase,
    verify: (body, headers, secret) =>
      isEqual(headers['X-Acme-Signature'] ?? '', `sha256=${hmac(secret, body).toString('hex')}`),
  },
  {
    name: 'base64 keyed by a hex secret',
    scheme: { header: 'X-Shop-Hmac', scheme: 'base64', prefix: '', secretEncoding: 'hex' },
    secret: '000102030405060708090a0b0c0d0e0f',
    verify: (body, headers, secret) =>
      isEqual(headers['X-Shop-Hmac'] ?? '', hmac(Buffer.from(secret, 'hex'), body).toString('base64')),
  },
];

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function isEqual(given: string, expected: string): boolean {
  return given.length === expected.length && timingSafeEqual(Buffer.from(given), Buffer.from(expected));
}

function isFresh(time: string): boolean {
  return Math.abs(Date.now() / 1000 - Number(time)) <= 300;
}

function succeeds(verify: () => unknown): boolean {
  try {
    verify();
    return true;
  } catch {
    return false;
  }
}
