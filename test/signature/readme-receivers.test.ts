import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { generateSecret } from '../../src/signature/secret.ts';
import { golden } from '../support/receivers/golden.ts';
import { forgedBodies, withBitFlipped } from './forgeries.ts';
import { isPresent, type ReceiverLanguage, receiverLanguages } from './readme-harness.ts';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const signedAt = golden.parts.timestamp.getTime() / 1000;
const blanked = Buffer.from(golden.text.replace(golden.bodySignature, ''));
const headerSignature = golden.headers['X-Webhook-Signature'];
const otherSecret = generateSecret();

interface Case {
  readonly what: string;
  readonly mode: 'verify' | 'receive';
  readonly payload: Buffer;
  readonly signature?: string;
  readonly secret?: string;
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

describe.each(receiverLanguages)('the README receiver for $name', (language) => {
  const block = blockOf(language.name);

  it('names its HMAC and its comparison in constant time', () => {
    for (const name of language.names) expect(block).toContain(name);
    expect(block).toContain('300');
  });

  if (isPresent(language)) {
    it('accepts what is genuine and refuses every forgery', () => {
      const cases = [...genuine, ...forged];
      const answers = run(language, block, cases);
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

describe('the README on verifying', () => {
  it.each(['raw', 'delivery_id', 'attempt', '300', '2xx', 'X-Webhook-Event', 'Standard Webhooks', 'replay'])(
    'speaks of %s',
    (word) => {
      const section = readme.split('## Verify deliveries')[1]?.split('\n## ')[0];
      expect(section).toContain(word);
    },
  );
});

function check(what: string, payload: Buffer, signature: string, rest: Partial<Case> = {}): Case {
  return { what, mode: 'verify', payload, signature, answer: 'false', ...rest };
}

function receipt(what: string, payload: Buffer, rest: Partial<Case> = {}): Case {
  return { what, mode: 'receive', payload, answer: 'none', ...rest };
}

function blockOf(name: string): string {
  const found = new RegExp(`<!-- receiver:${name} -->\\s*\`\`\`\\w+\\n([\\s\\S]*?)\\n\`\`\``).exec(readme);
  return `${found?.[1] ?? ''}\n`;
}

function run(language: ReceiverLanguage, block: string, cases: readonly Case[]): readonly string[] {
  const directory = mkdtempSync(join(tmpdir(), `receiver-${language.name}-`));
  try {
    const [command, ...args] = language.install(block, directory);
    // From a file, because bash reads a pipe byte by byte.
    writeFileSync(join(directory, 'cases'), cases.map(lineOf).join(''));
    const stdin = openSync(join(directory, 'cases'), 'r');
    const { stdout, stderr } = spawnSync(command, args, {
      cwd: directory,
      stdio: [stdin, 'pipe', 'pipe'],
      encoding: 'utf8',
    });
    closeSync(stdin);
    const answers = stdout.trimEnd().split('\n');
    if (answers.length !== cases.length)
      throw new Error(`The ${language.name} receiver stopped early: ${stderr}`);
    return answers;
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function lineOf({ mode, payload, signature = '', secret = golden.secret, ageSeconds = 0 }: Case): string {
  const parts = [mode, secret, String(signedAt + ageSeconds), signature, payload.toString('base64')];
  return `${parts.map((part) => part || '-').join('\t')}\n`;
}
