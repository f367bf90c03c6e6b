import { type BinaryLike, createHmac } from 'node:crypto';

/**
 * `sha256=` and 64 lowercase hex digits: HMAC-SHA256 of the chunks in a row, keyed with the whole secret text as UTF-8.
 */
export function hexSignature(secret: string, ...chunks: readonly BinaryLike[]): string {
  return HEX_PREFIX + digest(secret, chunks).toString('hex');
}

/**
 * One entry of the `webhook-signature` header: `v1,` and the base64 of HMAC-SHA256, keyed with the secret's raw key, of
 * `<id>.<unix seconds>.<body>` (Standard Webhooks 1.0). The content may come in several chunks.
 */
export function standardSignature(rawKey: Uint8Array, ...chunks: readonly BinaryLike[]): string {
  return STANDARD_PREFIX + digest(rawKey, chunks).toString('base64');
}

/** What precedes the hex digits in the body's `signature` and in `X-Webhook-Signature`. */
export const HEX_PREFIX = 'sha256=';

/** What precedes the base64 digits in each entry of `webhook-signature`. */
export const STANDARD_PREFIX = 'v1,';

/** Characters of every `hexSignature`. */
export const HEX_SIGNATURE_LENGTH = HEX_PREFIX.length + 64;

function digest(key: BinaryLike, chunks: readonly BinaryLike[]): Buffer {
  const hmac = createHmac('sha256', key);
  for (const chunk of chunks) hmac.update(chunk);
  return hmac.digest();
}
