import { SECRET_PREFIX } from '../secret.ts';

/**
 * How the text of a secret becomes a key: its UTF-8 bytes, or what they stand for (behind `whsec_`, where that is
 * there).
 */
export type SecretEncoding = 'text' | 'base64' | 'hex';

/** The key that a secret makes. The secret must be right for the encoding: this is the hot path and checks nothing. */
export function keyOfSecret(secret: string, encoding: SecretEncoding): Buffer {
  return encoding === 'text' ? Buffer.from(secret) : Buffer.from(withoutPrefix(secret), encoding);
}

/** Whether the text of a secret can be read in this encoding, and makes a key of at least 16 bytes. */
export function isSecretFor(secret: string, encoding: SecretEncoding): boolean {
  const key = keyOfSecret(secret, encoding);
  if (key.length < MIN_FOREIGN_BYTES) return false;
  if (encoding === 'text') return true;
  const text = withoutPrefix(secret);
  return encoding === 'hex'
    ? key.toString('hex') === text.toLowerCase()
    : key.toString('base64').replace(/=+$/, '') === text.replace(/=+$/, '');
}

/** The least that the key of a secret from elsewhere may have: 128 bits. */
export const MIN_FOREIGN_BYTES = 16;

function withoutPrefix(secret: string): string {
  return secret.startsWith(SECRET_PREFIX) ? secret.slice(SECRET_PREFIX.length) : secret;
}
