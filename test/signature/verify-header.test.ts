import { describe, expect, it } from '@jest/globals';
import { generateSecret } from '../../src/signature/secret.ts';
import { verifyHeader } from '../../src/signature/verify-header.ts';
import { golden } from '../support/receivers/golden.ts';
import { forgedBodies, withBitFlipped } from './forgeries.ts';

const signature = golden.headers['X-Webhook-Signature'];

describe('verifyHeader', () => {
  it('accepts the golden header, with any of several secrets', () => {
    expect(verifyHeader(golden.body, signature, golden.secret)).toBe(true);
    expect(verifyHeader(golden.text, signature, [generateSecret(), golden.secret])).toBe(true);
  });

  it.each(forgedBodies)('refuses %s', (_what, body) => {
    expect(verifyHeader(body, signature, golden.secret)).toBe(false);
  });

  it('refuses the body with any one bit flipped', () => {
    for (let bit = 0; bit < golden.body.length * 8; bit += 1) {
      expect([bit, verifyHeader(withBitFlipped(bit), signature, golden.secret)]).toEqual([bit, false]);
    }
  });

  it("refuses the body's own signature, another secret and one of bad form", () => {
    expect(verifyHeader(golden.body, golden.bodySignature, golden.secret)).toBe(false);
    expect(verifyHeader(golden.body, signature, generateSecret())).toBe(false);
    expect(verifyHeader(golden.body, signature, golden.secret.slice(0, -1))).toBe(false);
  });
});
