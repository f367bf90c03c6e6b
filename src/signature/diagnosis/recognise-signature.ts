import { createHmac, timingSafeEqual } from 'node:crypto';
import { decodeSecret, SECRET_PREFIX } from '../secret.ts';

/** The three signatures of the wire format, by where they travel. */
export type SignatureRule = 'body_signature' | 'header_signature' | 'standard_webhooks';

/** What a signature can be keyed with: the whole secret text, the text behind its prefix, or the bytes that stands for. */
export type SigningKey = 'whole_secret' | 'secret_without_prefix' | 'raw_key';

/** A received request as far as signatures go. `bodySignature` is '' where the body has none. */
export interface SignedRequest {
  readonly bytes: Buffer;
  readonly bodySignature: string;
  readonly id: string;
  readonly unixSeconds: string;
}

/** Where a digest really comes from: the rule whose content it covers, and its key. */
export interface SignatureOrigin {
  readonly rule: SignatureRule;
  readonly key: SigningKey;
}

/** Which key each rule uses (wire format). */
export const KEY_OF_RULE: Readonly<Record<SignatureRule, SigningKey>> = {
  body_signature: 'whole_secret',
  header_signature: 'whole_secret',
  standard_webhooks: 'raw_key',
};

/** The 32 bytes behind a signature written in hex or base64, with or without prefix, in any case; else undefined. */
export function readDigest(signature: string): Buffer | undefined {
  if (signature.length > MAX_SIGNATURE_CHARACTERS) return undefined;
  const bare = signature.trim().replace(/^(?:sha256=|v1,)/i, '');
  if (/^[0-9a-f]{64}$/i.test(bare)) return Buffer.from(bare, 'hex');
  return /^[A-Za-z0-9+/]{43}=?$/.test(bare) ? Buffer.from(bare, 'base64') : undefined;
}

/** Finds what a digest signs by trying every rule's content with every key; undefined if nothing fits. */
export function recogniseSignature(
  digest: Uint8Array,
  request: SignedRequest,
  secret: string,
): SignatureOrigin | undefined {
  for (const rule of RULES) {
    const key = KEYS.find((candidate) => isDigestOf(digest, { ...request, rule, key: candidate, secret }));
    if (key !== undefined) return { rule, key };
  }
  return undefined;
}

/** Whether `digest` is the HMAC-SHA256 of what `rule` signs of the request, under the given reading of the secret. */
export function isDigestOf(
  digest: Uint8Array,
  signed: SignedRequest & SignatureOrigin & { readonly secret: string },
): boolean {
  const hmac = createHmac('sha256', keyBytes(signed.secret, signed.key));
  for (const chunk of signedContent(signed)) hmac.update(chunk);
  const expected = hmac.digest();
  return expected.length === digest.length && timingSafeEqual(expected, digest);
}

const RULES: readonly SignatureRule[] = ['body_signature', 'header_signature', 'standard_webhooks'];
const KEYS: readonly SigningKey[] = ['whole_secret', 'raw_key', 'secret_without_prefix'];
// Twice the longest form; anything longer is not worth a regular expression.
const MAX_SIGNATURE_CHARACTERS = 200;

function keyBytes(secret: string, key: SigningKey): string | Buffer {
  if (key === 'whole_secret') return secret;
  return key === 'raw_key' ? decodeSecret(secret) : secret.slice(SECRET_PREFIX.length);
}

function signedContent({
  rule,
  bytes,
  bodySignature,
  id,
  unixSeconds,
}: SignedRequest & SignatureOrigin): Buffer[] {
  if (rule === 'standard_webhooks') return [Buffer.from(`${id}.${unixSeconds}.`), bytes];
  const at = rule === 'body_signature' ? bytes.indexOf(bodySignature) : -1;
  return at < 0 ? [bytes] : [bytes.subarray(0, at), bytes.subarray(at + Buffer.byteLength(bodySignature))];
}
