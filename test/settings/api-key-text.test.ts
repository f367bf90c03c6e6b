import { crc32 } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { mayBeKey, newKeyText } from '../../src/settings/api-key-text.ts';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

describe('newKeyText', () => {
  it('ends with the CRC-32 of what is before it, in base 62', () => {
    for (let times = 0; times < 100; times += 1) {
      const [, body = '', checksum = ''] = /^(phk_[0-9A-Za-z]{40})([0-9A-Za-z]{6})$/.exec(newKeyText()) ?? [];
      const value = [...checksum].reduce((sum, digit) => sum * 62 + ALPHABET.indexOf(digit), 0);
      expect(value).toBe(crc32(body));
    }
  });

  it('never gives the same twice', () => {
    expect(new Set(Array.from({ length: 1_000 }, newKeyText)).size).toBe(1_000);
  });
});

describe('mayBeKey', () => {
  it('takes new keys', () => {
    expect(mayBeKey(newKeyText())).toBe(true);
  });

  it('notices any character that was changed', () => {
    const key = newKeyText();
    for (let index = 4; index < key.length; index += 1) {
      const other = key[index] === 'a' ? 'b' : 'a';
      expect(mayBeKey(key.slice(0, index) + other + key.slice(index + 1))).toBe(false);
    }
  });

  it.each([
    '',
    'phk_',
    'phk_unknown',
    'sk_live_1',
    'x'.repeat(50),
    `phk_${'a'.repeat(47)}`,
    `phk_${'aB-_'.repeat(10)}abc`,
  ])('refuses "%s"', (text) => {
    expect(mayBeKey(text)).toBe(false);
  });
});
