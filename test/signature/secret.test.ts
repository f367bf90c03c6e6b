import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { checkSecret, decodeSecret, generateSecret, isWellFormedSecret } from '../../src/signature/secret.ts';
import { golden } from '../support/receivers/golden.ts';

const secretOf = (bytes: Uint8Array): string => `whsec_${Buffer.from(bytes).toString('base64')}`;
const counting = (length: number): Uint8Array => Uint8Array.from({ length }, (_, index) => index);

describe('generateSecret', () => {
  it('makes a well-formed secret of 32 bytes, another one each time', () => {
    const secrets = Array.from({ length: 100 }, generateSecret);
    expect(new Set(secrets).size).toBe(100);
    for (const secret of secrets) {
      expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
      expect(checkSecret(secret)).toBeUndefined();
      expect(decodeSecret(secret)).toHaveLength(32);
    }
  });
});

describe('checkSecret', () => {
  it.each([24, 25, 26, 32, 63, 64])('accepts %i random bytes', (length) => {
    expect(checkSecret(secretOf(randomBytes(length)))).toBeUndefined();
  });

  it.each([
    ['random text of base64', randomBytes(24).toString('base64')],
    ['random hexadecimal digits', randomBytes(24).toString('hex')],
    ['a random UUID', randomUUID()],
    [
      'the secret of the golden vector, by which receivers are tried',
      Buffer.from(counting(32)).toString('latin1'),
    ],
    [
      'random small letters',
      Array.from({ length: 32 }, () => String.fromCharCode(97 + randomInt(26))).join(''),
    ],
  ])('accepts %s', (_case, text) => {
    expect(checkSecret(secretOf(Buffer.from(text)))).toBeUndefined();
  });

  it.each([
    ['a secret without prefix', golden.secret.slice('whsec_'.length), 'secret_prefix_missing'],
    ['an upper-case prefix', golden.secret.replace('whsec_', 'WHSEC_'), 'secret_prefix_missing'],
    ['a leading blank', ` ${golden.secret}`, 'secret_prefix_missing'],
    ['an empty text', '', 'secret_prefix_missing'],
    ['a number', 42, 'secret_prefix_missing'],
    ['null', null, 'secret_prefix_missing'],
    ['undefined', undefined, 'secret_prefix_missing'],
    ['an object that prints as a secret', { toString: () => golden.secret }, 'secret_prefix_missing'],
    ['the prefix alone', 'whsec_', 'secret_too_short'],
    ['23 bytes', secretOf(counting(23)), 'secret_too_short'],
    ['65 bytes', secretOf(counting(65)), 'secret_too_long'],
    ['10 MB', `whsec_${'A'.repeat(10_000_000)}`, 'secret_too_long'],
    ['a trailing newline', `${golden.secret}\n`, 'secret_not_base64'],
    ['missing padding', golden.secret.slice(0, -1), 'secret_not_base64'],
    ['the URL alphabet', `whsec_${'-_'.repeat(16)}`, 'secret_not_base64'],
    ['an inner blank', golden.secret.replace('AAEC', 'AA EC'), 'secret_not_base64'],
    ['letters outside base64', `whsec_${'é'.repeat(32)}`, 'secret_not_base64'],
    ['set bits behind the last byte', golden.secret.replace('h8=', 'h9='), 'secret_not_base64'],
    ['zeros', secretOf(new Uint8Array(32)), 'secret_too_weak'],
    ['one repeated byte', secretOf(new Uint8Array(64).fill(0xab)), 'secret_too_weak'],
    ['a short repeated pattern', secretOf(Buffer.from('abcabc1'.repeat(5))), 'secret_too_weak'],
    ['random bytes said twice', secretOf(Buffer.concat(Array(2).fill(randomBytes(16)))), 'secret_too_weak'],
    [
      'a pattern cut short',
      secretOf(Buffer.concat(Array(3).fill(randomBytes(12))).subarray(0, 32)),
      'secret_too_weak',
    ],
    [
      'the alphabet and digits',
      secretOf(Buffer.from('abcdefghijklmnopqrstuvwxyz0123456789')),
      'secret_too_weak',
    ],
    ['a password', secretOf(Buffer.from('MyS3cretPassw0rd!ForAcme#2024')), 'secret_too_weak'],
    ['a phrase', secretOf(Buffer.from('correct horse battery staple')), 'secret_too_weak'],
    ['a phrase of capitals', secretOf(Buffer.from('JOIN-THE-DOTS-AND-HOPE-FOR-IT')), 'secret_too_weak'],
  ])('refuses %s', (_case, secret, code) => {
    expect(checkSecret(secret)).toMatchObject({ code });
  });

  it('never quotes the secret', () => {
    const secret = `${golden.secret}!`;
    expect(checkSecret(secret)?.message).not.toContain(golden.secret.slice('whsec_'.length));
  });

  it('judges any text without throwing', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.anything()), (value) => {
        expect(() => checkSecret(value)).not.toThrow();
      }),
    );
  });
});

describe('isWellFormedSecret', () => {
  it('accepts what has the form, however weak', () => {
    expect(isWellFormedSecret(secretOf(new Uint8Array(32)))).toBe(true);
    expect(isWellFormedSecret(`${golden.secret} `)).toBe(false);
  });
});

describe('decodeSecret', () => {
  it('gives the bytes behind the prefix', () => {
    expect([...decodeSecret(golden.secret)]).toEqual([...counting(32)]);
  });
});
