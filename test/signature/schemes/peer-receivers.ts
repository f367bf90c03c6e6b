import { createHmac, timingSafeEqual } from 'node:crypto';
import { verify as octokitVerify } from '@octokit/webhooks-methods';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import Stripe from 'stripe';
import { Webhook as SvixWebhook } from 'svix';
import type { SignatureScheme } from '../../../src/signature/schemes/signature-headers.ts';
import { generateSecret } from '../../../src/signature/secret.ts';

/** What a receiver of another sender checks, by the code or the steps that this sender publishes. */
export interface PeerReceiver {
  readonly name: string;
  readonly scheme: SignatureScheme;
  readonly secret: string;
  /** The header that it reads signatures from, in lower case. */
  readonly signatureHeader: string;
  /** The header of the time that is signed, which ten digits are; null where none is. */
  readonly timeHeader: string | null;
  /** Takes the body as text, and the headers by their names in lower case. */
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
    // As wherever Posthorn's own ways of signing are the only ones, it has to be strong.
    secret: generateSecret(),
    signatureHeader: 'webhook-signature',
    timeHeader: 'webhook-timestamp',
    verify: (body, headers, secret) => succeeds(() => new StandardWebhook(secret).verify(body, headers)),
  },
  {
    name: 'Svix (its library)',
    scheme: 'svix',
    secret: base64Secret,
    signatureHeader: 'svix-signature',
    timeHeader: 'svix-timestamp',
    verify: (body, headers, secret) => succeeds(() => new SvixWebhook(secret).verify(body, headers)),
  },
  {
    name: 'GitHub (its library)',
    scheme: 'github',
    secret: phrase,
    signatureHeader: 'x-hub-signature-256',
    timeHeader: null,
    verify: async (body, headers, secret) =>
      await octokitVerify(secret, body, headers['x-hub-signature-256'] ?? ''),
  },
  {
    name: 'Stripe (its library)',
    scheme: { ...custom, header: 'Stripe-Signature', scheme: 'stripe' },
    secret: 'whsec_test_secret_of_stripe',
    signatureHeader: 'stripe-signature',
    timeHeader: 'stripe-signature',
    verify: (body, headers, secret) =>
      succeeds(() =>
        new Stripe('sk_test').webhooks.constructEvent(body, headers['stripe-signature'] ?? '', secret),
      ),
  },
  {
    name: 'Convoy, simple',
    scheme: 'convoy_simple',
    secret: phrase,
    signatureHeader: 'x-convoy-signature',
    timeHeader: null,
    verify: (body, headers, secret) =>
      isEqual(headers['x-convoy-signature'] ?? '', hmac(secret, body).toString('hex')),
  },
  {
    name: 'Convoy, advanced',
    scheme: 'convoy_advanced',
    secret: phrase,
    signatureHeader: 'x-convoy-signature',
    timeHeader: 'x-convoy-signature',
    verify: (body, headers, secret) => {
      const pairs = (headers['x-convoy-signature'] ?? '').split(',').map((part) => part.split('='));
      const time = pairs.find(([name]) => name === 't')?.[1] ?? '';
      const expected = hmac(secret, `${time},${body}`).toString('hex');
      return isFresh(time) && pairs.some(([name, value = '']) => name !== 't' && isEqual(value, expected));
    },
  },
  {
    name: 'Outpost',
    scheme: 'outpost',
    secret: 'whsec_6c1ab6e2a1f4', // the whole text is the key, as its guide says
    signatureHeader: 'x-outpost-signature',
    timeHeader: null,
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
    signatureHeader: 'x-acme-signature',
    timeHeader: null,
    verify: (body, headers, secret) =>
      isEqual(headers['x-acme-signature'] ?? '', `sha256=${hmac(secret, body).toString('hex')}`),
  },
  {
    name: 'base64 keyed by a hex secret',
    scheme: { header: 'X-Shop-Hmac', scheme: 'base64', prefix: '', secretEncoding: 'hex' },
    secret: '000102030405060708090a0b0c0d0e0f',
    signatureHeader: 'x-shop-hmac',
    timeHeader: null,
    verify: (body, headers, secret) =>
      isEqual(headers['x-shop-hmac'] ?? '', hmac(Buffer.from(secret, 'hex'), body).toString('base64')),
  },
];

/** Headers by their names in lower case, as servers show them. */
export function asReceived(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

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
