import { timingSafeEqual } from 'node:crypto';
import { HEX_SIGNATURE_LENGTH, hexSignature } from './hmac.ts';
import { type RawBody, toBytes } from './received-body.ts';

/**
 * The receiver's contract: whether `signature` is `sha256=` + hex(HMAC-SHA256(secret, payload)), compared in constant
 * time. Give the body with its signature blanked, or the raw body with `X-Webhook-Signature`; the raw body with its own
 * `signature` member fails. False for anything that is not of this form, also an empty secret; never throws.
 */
export function verify(payload: RawBody, signature: string, secret: string): boolean {
  const bytes = toBytes(payload);
  if (bytes === undefined || typeof secret !== 'string' || secret === '') return false;
  return isHexSignature(signature) && isEqualInConstantTime(signature, hexSignature(secret, bytes));
}

/** Whether `value` is `sha256=` and 64 lowercase hex digits, and nothing else. */
export function isHexSignature(value: unknown): value is string {
  return typeof value === 'string' && value.length === HEX_SIGNATURE_LENGTH && HEX_SIGNATURE.test(value);
}

/** Whether two texts are equal, in a time that depends on their lengths only. */
export function isEqualInConstantTime(left: string, right: string): boolean {
  const [leftBytes, rightBytes] = [Buffer.from(left), Buffer.from(right)];
  return leftBytes.length === rightBytes.length && timingSafeEqual(leftBytes, rightBytes);
}

const HEX_SIGNATURE = /^sha256=[0-9a-f]{64}$/;
