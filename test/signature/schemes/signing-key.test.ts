import { spawnSync } from 'node:child_process';
import { createPublicKey, verify } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { signatureHeaders } from '../../../src/signature/schemes/signature-headers.ts';
import {
  generateSigningKey,
  publicKeyOf,
  readSigningKey,
} from '../../../src/signature/schemes/signing-key.ts';

// RFC 8032, section 7.1, test 1.
const seed = Buffer.from('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'hex');
const published = Buffer.from('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a', 'hex');

const keys = [generateSigningKey(), generateSigningKey()] as const;
const body = Buffer.from('{"type":"job.completed","text":"é"}');
const subject = { id: 'del_1', seconds: '1727344935', body, secrets: [], signingKeys: keys };
const headers = signatureHeaders(['standard_asymmetric'], subject, { headerPrefix: 'X-Webhook-' });
const [first = '', second = ''] = (headers['webhook-signature'] ?? '').split(' ');

/** The text that the specification signs, from what a receiver has. */
const content = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
const forged = content.replace('completed', 'complete!');

/** A check of `v1a` entries by the Ed25519 of another language: key, signature and content in base64, one a line. */
interface Verifier {
  readonly name: string;
  readonly file: string;
  readonly code: string;
  readonly probe: readonly [command: string, ...args: string[]];
  readonly run: readonly [command: string, ...args: string[]];
}

const verifiers: readonly Verifier[] = [
  {
    name: 'Python',
    file: 'verify.py',
    probe: ['python3', '-c', 'import cryptography'],
    run: ['python3', 'verify.py'],
    code: `
import base64, sys
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
for line in sys.stdin:
    key, signature, content = (base64.b64decode(part) for part in line.split())
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, content)
        print(True)
    except InvalidSignature:
        print(False)
`,
  },
  {
    name: 'Go',
    file: 'verify.go',
    probe: ['go', 'version'],
    run: ['go', 'run', 'verify.go'],
    code: `
package main
import ("bufio"; "crypto/ed25519"; "encoding/base64"; "fmt"; "os"; "strings")
func main() {
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		var parts [][]byte
		for _, text := range strings.Fields(lines.Text()) {
			part, _ := base64.StdEncoding.DecodeString(text)
			parts = append(parts, part)
		}
		fmt.Println(ed25519.Verify(parts[0], parts[2], parts[1]))
	}
}
`,
  },
];

describe('a v1a signature', () => {
  it('is verified by Node over the text that the specification signs, and no other', () => {
    expect([first, second].map((entry, index) => byNode(entry, keys[index] ?? '', content))).toEqual([
      true,
      true,
    ]);
    expect(byNode(first, keys[1], content)).toBe(false);
    expect(byNode(first, keys[0], forged)).toBe(false);
  });

  for (const verifier of verifiers) {
    if (isPresent(verifier)) {
      it(`is verified by ${verifier.name}, and refused over another text or with another key`, () => {
        const cases = [
          lineOf(first, keys[0], content),
          lineOf(first, keys[0], forged),
          lineOf(first, keys[1], content),
        ];
        expect(answersOf(verifier, cases).map((answer) => answer.toLowerCase())).toEqual([
          'true',
          'false',
          'false',
        ]);
      });
    } else {
      it(`would be verified by ${verifier.name}, which is not installed here`, () => {
        expect(isPresent(verifier)).toBe(false);
      });
    }
  }
});

describe('publicKeyOf', () => {
  it('agrees with the test vector of RFC 8032', () => {
    expect(publicKeyOf(`whsk_${seed.toString('base64')}`)).toBe(`whpk_${published.toString('base64')}`);
  });
});

describe('readSigningKey', () => {
  it('takes a seed, alone or with its public key behind it', () => {
    const alone = `whsk_${seed.toString('base64')}`;
    expect(readSigningKey(alone)).toBe(alone);
    expect(readSigningKey(`whsk_${Buffer.concat([seed, published]).toString('base64')}`)).toBe(alone);
  });

  it.each([
    ['another prefix', `whsec_${seed.toString('base64')}`],
    ['31 bytes', `whsk_${seed.subarray(1).toString('base64')}`],
    ['another public key behind it', `whsk_${Buffer.concat([seed, seed]).toString('base64')}`],
    ['no base64', `whsk_${'é'.repeat(43)}`],
    ['nothing', ''],
  ])('refuses %s', (_what, key) => {
    expect(readSigningKey(key)).toBeNull();
  });
});

function byNode(entry: string, signingKey: string, signed: string): boolean {
  const x = rawKeyOf(signingKey).toString('base64url');
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  return verify(null, Buffer.from(signed), key, signatureIn(entry));
}

function lineOf(entry: string, signingKey: string, signed: string): string {
  const parts = [rawKeyOf(signingKey), signatureIn(entry), Buffer.from(signed)];
  return `${parts.map((part) => part.toString('base64')).join(' ')}\n`;
}

function rawKeyOf(signingKey: string): Buffer {
  return Buffer.from(publicKeyOf(signingKey).replace('whpk_', ''), 'base64');
}

function signatureIn(entry: string): Buffer {
  return Buffer.from(entry.replace(/^v1a,/, ''), 'base64');
}

function isPresent({ probe: [command, ...args] }: Verifier): boolean {
  return spawnSync(command, args).status === 0;
}

function answersOf(
  { file, code, run: [command, ...args] }: Verifier,
  lines: readonly string[],
): readonly string[] {
  const cwd = mkdtempSync(join(tmpdir(), 'v1a-'));
  try {
    writeFileSync(join(cwd, file), code);
    const { stdout } = spawnSync(command, args, { cwd, input: lines.join(''), encoding: 'utf8' });
    return stdout.trim().split('\n');
  } finally {
    rmSync(cwd, { recursive: true });
  }
}
