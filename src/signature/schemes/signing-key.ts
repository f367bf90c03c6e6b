import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

/** What every private key for `v1a` begins with, as in Standard Webhooks; the rest is base64 of the Ed25519 seed. */
export const SIGNING_KEY_PREFIX = 'whsk_';

/** What its public key begins with; the rest is base64 of the 32 bytes that Ed25519 verifies with. */
export const PUBLIC_KEY_PREFIX = 'whpk_';

/** A new private key of an endpoint, `whsk_…`. */
export function generateSigningKey(): string {
  const { privateKey } = generateKeyPairSync('ed25519');
  const seed = privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(PKCS8_HEAD.length);
  return SIGNING_KEY_PREFIX + seed.toString('base64');
}

/**
 * The private key that a text means, in the form of `generateSigningKey`; null where it is none. Others write the seed
 * with the public key behind it (64 bytes), which must belong to it.
 */
export function readSigningKey(text: string): string | null {
  if (!text.startsWith(SIGNING_KEY_PREFIX)) return null;
  const encoded = text.slice(SIGNING_KEY_PREFIX.length);
  const bytes = Buffer.from(encoded, 'base64');
  if (bytes.toString('base64') !== encoded) return null;
  const key = SIGNING_KEY_PREFIX + bytes.subarray(0, SEED_BYTES).toString('base64');
  if (bytes.length === SEED_BYTES) return key;
  if (bytes.length !== 2 * SEED_BYTES) return null;
  const publicKey = PUBLIC_KEY_PREFIX + bytes.subarray(SEED_BYTES).toString('base64');
  return publicKeyOf(key) === publicKey ? key : null;
}

/** The public key of a private one, `whpk_…`, for receivers. */
export function publicKeyOf(signingKey: string): string {
  const der = createPublicKey(toKeyObject(signingKey)).export({ format: 'der', type: 'spki' });
  return PUBLIC_KEY_PREFIX + der.subarray(-SEED_BYTES).toString('base64');
}

/**
 * One entry of the `webhook-signature` header: `v1a,` and the base64 of the Ed25519 signature (Standard Webhooks 1.0).
 */
export function asymmetricSignature(signingKey: string, content: Uint8Array): string {
  return `v1a,${sign(null, content, toKeyObject(signingKey)).toString('base64')}`;
}

const SEED_BYTES = 32;
/** PKCS #8 of an Ed25519 key up to its seed (RFC 8410). */
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');

function toKeyObject(signingKey: string): KeyObject {
  const seed = Buffer.from(signingKey.slice(SIGNING_KEY_PREFIX.length), 'base64');
  return createPrivateKey({ key: Buffer.concat([PKCS8_HEAD, seed]), format: 'der', type: 'pkcs8' });
}
