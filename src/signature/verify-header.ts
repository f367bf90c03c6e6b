import type { RawBody } from './received-body.ts';
import { type ReceivedHeaders, readHeader } from './received-headers.ts';
import { WebhookVerificationError } from './verification-error.ts';
import { readSecrets, type VerificationSecrets } from './verification-secrets.ts';
import { isHexSignature, verify } from './verify.ts';

/**
 * Whether the value of `X-Webhook-Signature` is true for the raw body (wire format, rule 2). Says nothing about age:
 * check the body's `timestamp` too. Never throws.
 */
export function verifyHeader(rawBody: RawBody, signature: string, secret: VerificationSecrets): boolean {
  const secrets = readSecrets(secret);
  if (secrets instanceof WebhookVerificationError) return false;
  return secrets.some((candidate) => verify(rawBody, signature, candidate));
}

/** The lowercase name of the header that signs the whole body with the whole secret. */
export const SIGNATURE_HEADER = 'x-webhook-signature';

/**
 * The error of an `X-Webhook-Signature` that is absent, malformed or untrue, to report (not thrown); else undefined.
 */
export function findHeaderForgery(
  headers: ReceivedHeaders | undefined,
  rawBody: RawBody,
  secrets: readonly string[],
): WebhookVerificationError | undefined {
  const codes = { missing: 'signature_missing', malformed: 'signature_malformed' } as const;
  const signature = readHeader(headers, SIGNATURE_HEADER, codes);
  if (signature instanceof WebhookVerificationError) return signature;
  if (!isHexSignature(signature)) {
    const form = '"sha256=" and 64 lowercase hex digits';
    return new WebhookVerificationError('signature_malformed', `X-Webhook-Signature must be ${form}.`);
  }
  if (secrets.some((secret) => verify(rawBody, signature, secret))) return undefined;
  return new WebhookVerificationError(
    'signature_mismatch',
    'X-Webhook-Signature does not match body and secret.',
  );
}
