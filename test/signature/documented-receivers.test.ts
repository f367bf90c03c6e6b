import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { generateSecret } from '../../src/signature/secret.ts';
import { golden } from '../support/receivers/golden.ts';
import { forgedBodies, withBitFlipped } from './forgeries.ts';
import { isPresent, receiverLanguages } from './receiver-languages.ts';
import { type ReceiverCase, receiverBlock, runReceiver } from './run-receiver.ts';

const signedAt = golden.parts.timestamp.getTime() / 1000;
const blanked = Buffer.from(golden.text.replace(golden.bodySignature, ''));
const headerSignature = golden.headers['X-Webhook-Signature'];
const otherSecret = generateSecret();

interface Case extends Partial<ReceiverCase> {
  readonly what: string;
  readonly mode: ReceiverCase['mode'];
  readonly payload: Buffer;
  readonly ageSeconds?: number;
  readonly answer: string;
}

const genuine: readonly Case[] = [
  check('the blanked body and its signature', blanked, golden.bodySignature, { answer: 'true' }),
  check('the raw body and X-Webhook-Signature', golden.body, headerSignature, { answer: 'true' }),
  receipt('the golden body', golden.body, { answer: golden.parts.deliveryId }),
  receipt('a body 300 s old', golden.body, { ageSeconds: 300, answer: golden.parts.deliveryId }),
  receipt('a body 300 s ahead', golden.body, { ageSeconds: -300, answer: golden.parts.deliveryId }),
];

const forged: readonly Case[] = [
  check("the raw body and the body's own signature", golden.body, golden.bodySignature),
  check('another secret', blanked, golden.bodySignature, { secret: otherSecret }),
  check('no signature', golden.body, ''),
  check('upper-case hex', golden.body, `sha256=${headerSignature.slice(7).toUpperCase()}`),
  check('a missing prefix', golden.body, headerSignature.slice(7)),
  check('63 digits', golden.body, headerSignature.slice(0, -1)),
  check('what is not hex', golden.body, headerSignature.replace(/.$/, 'é')),
  check('10 MB of signature', golden.body, `sha256=${'0'.repeat(10_000_000)}`),
  receipt('another secret', golden.body, { secret: otherSecret }),
  receipt('a body 301 s old', golden.body, { ageSeconds: 301 }),
  receipt('a body 301 s ahead', golden.body, { ageSeconds: -301 }),
  ...forgedBodies.map(([what, body]) => receipt(what, body)),
  ...[3, 800, 1200, 1800, 3600, 5100].map((bit) => receipt(`bit ${bit} flipped`, withBitFlipped(bit))),
];

describe.each(receiverLanguages)('the documented receiver for $name', (language) => {
  const block = receiverBlock(language);

  it('names its HMAC and its comparison in constant time', () => {
    for (const name of language.names) expect(block).toContain(name);
    expect(block).toContain('300');
  });

  if (isPresent(language)) {
    it('accepts what is genuine and refuses every forgery', () => {
      const cases = [...genuine, ...forged];
      const answers = runReceiver(language, cases.map(inFull));
      const outcomes = cases.map(({ what, mode }, index) => `${mode} ${what}: ${answers[index]}`);
      expect(outcomes).toEqual(cases.map(({ what, mode, answer }) => `${mode} ${what}: ${answer}`));
    });
  } else {
    it('defines verify and receive, on a machine that cannot run it', () => {
      expect(block).toMatch(/\bverify\b[^\n]*\bpayload\b|^verify\(\) \{/im);
      expect(block).toMatch(/\breceive\b[^\n]*\braw[ _]?body\b/i);
    });
  }
});

describe('docs/receive/verify.md', () => {
  it.each(['raw', 'delivery_id', 'attempt', '300', '2xx', 'X-Webhook-Event', 'Standard Webhooks', 'replay'])(
    'speaks of %s',
    (word) => {
      expect(readFileSync('docs/receive/verify.md', 'utf8')).toContain(word);
    },
  );
});

function inFull({ ageSeconds = 0, ...rest }: Case): ReceiverCase {
  return { secret: golden.secret, signature: '', atSeconds: signedAt + ageSeconds, ...rest };
}

function check(what: string, payload: Buffer, signature: string, rest: Partial<Case> = {}): Case {
  return { what, mode: 'verify', payload, signature, answer: 'false', ...rest };
}

function receipt(what: string, payload: Buffer, rest: Partial<Case> = {}): Case {
  return { what, mode: 'receive', payload, answer: 'none', ...rest };
}
