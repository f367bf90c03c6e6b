import { type FreshnessOptions, findStaleness, parseBodyTimestamp } from './freshness.ts';
import { hexSignature } from './hmac.ts';
import { type RawBody, type ReceivedBody, readBody } from './received-body.ts';
import { WebhookVerificationError } from './verification-error.ts';
import { readSecrets, type VerificationSecrets } from './verification-secrets.ts';
import { isEqualInConstantTime, isHexSignature } from './verify.ts';

/**
 * Whether a body carries a true signature of itself (wire format, rule 1) and a fresh timestamp: the text as received,
 * with the first occurrence of its `signature` taken out, is what was signed. Needs no header. Never throws.
 */
export function verifyBody(
  rawBody: RawBody,
  secret: VerificationSecrets,
  options: FreshnessOptions = {},
): boolean {
  const secrets = readSecrets(secret);
  const body = readBody(rawBody);
  if (secrets instanceof WebhookVerificationError || body instanceof WebhookVerificationError) return false;
  return (findBodyForgery(body, secrets) ?? findBodyStaleness(body, options)) === undefined;
}

/** The error of a body whose own signature is absent, malformed or untrue, to report (not thrown); else undefined. */
export function findBodyForgery(
  { bytes, members }: ReceivedBody,
  secrets: readonly string[],
): WebhookVerificationError | undefined {
  const { signature } = members;
  if (signature === undefined) {
    return new WebhookVerificationError('signature_missing', 'The body has no member "signature".');
  }
  if (!isHexSignature(signature)) {
    const form = '"sha256=" and 64 lowercase hex digits';
    return new WebhookVerificationError('signature_malformed', `The body's signature must be ${form}.`);
  }
  const at = bytes.indexOf(signature, 0, 'latin1');
  const signed = [bytes.subarray(0, at), bytes.subarray(at + signature.length)];
  const matches = (secret: string): boolean =>
    isEqualInConstantTime(signature, hexSignature(secret, ...signed));
  // Not found: the signature came escaped, which Posthorn never does.
  if (at >= 0 && secrets.some(matches)) return undefined;
  return new WebhookVerificationError(
    'signature_mismatch',
    "The body's signature does not match body and secret.",
  );
}

/** The error of a body whose `timestamp` is absent, malformed or not fresh, to report (not thrown); else undefined. */
export function findBodyStaleness(
  { members }: ReceivedBody,
  options: FreshnessOptions,
): WebhookVerificationError | undefined {
  const { timestamp } = members;
  if (timestamp === undefined) {
    return new WebhookVerificationError('timestamp_missing', 'The body has no member "timestamp".');
  }
  const seconds = parseBodyTimestamp(timestamp);
  if (seconds !== undefined) return findStaleness(seconds, options);
  const form = 'a UTC time in whole seconds, such as 2024-09-26T10:02:15Z';
  return new WebhookVerificationError('timestamp_malformed', `The body's timestamp must be ${form}.`);
}
