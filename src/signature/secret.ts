import { randomBytes } from 'node:crypto';
import { isPredictable } from './secret-strength.ts';

/** What every secret begins with, as in Standard Webhooks; the rest is base64. */
export const SECRET_PREFIX = 'whsec_';

/** Why a text is no usable secret. `message` is one sentence for people and never quotes the secret. */
export interface SecretProblem {
  readonly code:
    | 'secret_prefix_missing'
    | 'secret_not_base64'
    | 'secret_too_short'
    | 'secret_too_long'
    | 'secret_too_weak';
  readonly message: string;
}

/** A new secret: `whsec_` and the base64 of 32 bytes from the system's random source. */
export function generateSecret(): string {
  return SECRET_PREFIX + randomBytes(GENERATED_BYTES).toString('base64');
}

/**
 * Says why `secret` may not be stored, or undefined where it may: `whsec_`, then strict base64 (padded, canonical, no
 * blanks) of 24 to 64 bytes (Standard Webhooks) that nobody could guess. Takes anything, never throws.
 */
export function checkSecret(secret: unknown): SecretProblem | undefined {
  const ofForm = formProblem(secret);
  if (ofForm !== undefined) return ofForm;
  return isPredictable(decodeSecret(String(secret)))
    ? problem('secret_too_weak', `be random, for example ${RECIPE}`)
    : undefined;
}

/** Whether `secret` has the form of a secret (prefix, strict base64, 24 to 64 bytes), weak or not. Never throws. */
export function isWellFormedSecret(secret: unknown): secret is string {
  return formProblem(secret) === undefined;
}

/** The raw key of a well-formed secret: the bytes behind the prefix, which key the Standard Webhooks signature. */
export function decodeSecret(secret: string): Buffer {
  return Buffer.from(secret.slice(SECRET_PREFIX.length), 'base64');
}

// As long as the SHA-256 digest: a longer key adds no strength (RFC 2104, section 3).
const GENERATED_BYTES = 32;
const MIN_BYTES = 24;
const MAX_BYTES = 64;
const MAX_CHARACTERS = SECRET_PREFIX.length + Math.ceil(MAX_BYTES / 3) * 4;
const RECIPE = `"${SECRET_PREFIX}" followed by the output of "openssl rand -base64 32"`;

function formProblem(secret: unknown): SecretProblem | undefined {
  if (typeof secret !== 'string' || !secret.startsWith(SECRET_PREFIX)) {
    return problem('secret_prefix_missing', `be a text that starts with "${SECRET_PREFIX}"`);
  }
  if (secret.length > MAX_CHARACTERS) {
    return problem('secret_too_long', `have at most ${MAX_CHARACTERS} characters; it has ${secret.length}`);
  }
  const key = decodeSecret(secret);
  if (key.toString('base64') !== secret.slice(SECRET_PREFIX.length)) {
    return problem(
      'secret_not_base64',
      `be padded standard base64 (A-Z a-z 0-9 + / =) behind "${SECRET_PREFIX}"`,
    );
  }
  if (key.length < MIN_BYTES) {
    return problem('secret_too_short', `decode to at least ${MIN_BYTES} bytes; it has ${key.length}`);
  }
  return key.length > MAX_BYTES
    ? problem('secret_too_long', `decode to at most ${MAX_BYTES} bytes; it has ${key.length}`)
    : undefined;
}

function problem(code: SecretProblem['code'], rule: string): SecretProblem {
  return { code, message: `The secret must ${rule}.` };
}
