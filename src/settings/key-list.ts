/** AES-256 takes keys of this size. */
const KEY_BYTES = 32;
/** 32 bytes in base64 or base64url, padded or not. */
const KEY = /^[\w+/-]{43}=?$/;

/**
 * Reads secret keys, each base64 of 32 bytes, separated by commas: the first encrypts and all decrypt, so that a key
 * can be replaced. Null where one is malformed or comes twice.
 */
export function parseKeyList(text: string): readonly Buffer[] | null {
  const entries = text.split(',').map((entry) => entry.trim());
  const keys = entries.map((entry) => Buffer.from(KEY.test(entry) ? entry : '', 'base64'));
  const isMalformed = keys.some((key) => key.length !== KEY_BYTES);
  const isRepeated = new Set(keys.map((key) => key.toString('hex'))).size < keys.length;
  return isMalformed || isRepeated ? null : keys;
}
