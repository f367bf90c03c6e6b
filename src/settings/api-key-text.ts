import { createHash, randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** What secret scanners look for. */
const PREFIX = 'phk_';
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** 238 random bits. */
const RANDOM_LENGTH = 40;
/** As many digits of base 62 as 32 bits need. */
const CHECKSUM_LENGTH = 6;

const CHECKED = new RegExp(`^${PREFIX}[${ALPHABET}]{${RANDOM_LENGTH + CHECKSUM_LENGTH}}$`);

/** A new key: `phk_`, 40 random characters of base 62, and 6 that are the CRC-32 of what is before them. */
export function newKeyText(): string {
  const digits = Array.from({ length: RANDOM_LENGTH }, () => ALPHABET.charAt(randomInt(ALPHABET.length)));
  const text = PREFIX + digits.join('');
  return text + checksumOf(text);
}

/** Whether a text can be a key that was ever given out; where not, nobody needs to look for it. */
export function mayBeKey(text: string): boolean {
  return CHECKED.test(text) && checksumOf(text.slice(0, -CHECKSUM_LENGTH)) === text.slice(-CHECKSUM_LENGTH);
}

/** How a key is stored and compared: SHA-256 of its text, which is enough for that many random bits. */
export function hashKey(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** CRC-32 (as in zlib) of the text in base 62, digits before capitals before small letters, padded with zeros. */
function checksumOf(text: string): string {
  let rest = crc32(text);
  let digits = '';
  for (let place = 0; place < CHECKSUM_LENGTH; place += 1) {
    digits = ALPHABET.charAt(rest % ALPHABET.length) + digits;
    rest = Math.floor(rest / ALPHABET.length);
  }
  return digits;
}
