import { type FreshnessOptions, findStaleness, parseUnixSeconds } from './freshness.ts';
import { STANDARD_PREFIX, standardSignature } from './hmac.ts';
import { type RawBody, toBytes } from './received-body.ts';
import { type ReceivedHeaders, readHeader } from './received-headers.ts';
import { decodeSecret } from './secret.ts';
import { WebhookVerificationError } from './verification-error.ts';
import { readSecrets, type VerificationSecrets } from './verification-secrets.ts';
import { isEqualInConstantTime } from './verify.ts';

/**
 * Whether `webhook-id`, `webhook-timestamp` and `webhook-signature` sign the raw body (wire format, rule 3; Standard
 * Webhooks 1.0) and the timestamp is fresh. One true entry is enough. Never throws.
 */
export function verifyStandardWebhooks(
  headers: ReceivedHeaders,
  rawBody: RawBody,
  options: FreshnessOptions & { readonly secret: VerificationSecrets },
): boolean {
  const secrets = readSecrets(options.secret);
  if (secrets instanceof WebhookVerificationError) return false;
  return findStandardWebhooksFailure(headers, rawBody, { ...options, secrets }) === undefined;
}

/** The lowercase names of the headers Standard Webhooks defines. */
export const STANDARD_HEADERS = {
  id: 'webhook-id',
  timestamp: 'webhook-timestamp',
  signature: 'webhook-signature',
} as const;

/** The error of Standard Webhooks headers that are absent, malformed, untrue or stale, to report (not thrown). */
export function findStandardWebhooksFailure(
  headers: ReceivedHeaders | undefined,
  rawBody: RawBody,
  options: FreshnessOptions & { readonly secrets: readonly string[] },
): WebhookVerificationError | undefined {
  const signed = readSigned(headers);
  if (signed instanceof WebhookVerificationError) return signed;
  const bytes = toBytes(rawBody);
  if (bytes === undefined) {
    return new WebhookVerificationError(
      'body_malformed',
      'Cannot read the body: give its raw bytes or text.',
    );
  }
  const isTrue = (secret: string): boolean => {
    const expected = standardSignature(decodeSecret(secret), `${signed.id}.${signed.timestamp}.`, bytes);
    return signed.entries.some((entry) => isEqualInConstantTime(entry, expected));
  };
  if (options.secrets.some(isTrue)) return findStaleness(signed.seconds, options);
  const message = 'No entry of webhook-signature matches id, timestamp, body and secret.';
  return new WebhookVerificationError('signature_mismatch', message);
}

interface Signed {
  readonly id: string;
  readonly timestamp: string;
  readonly seconds: number;
  readonly entries: readonly string[];
}

function readSigned(headers: ReceivedHeaders | undefined): Signed | WebhookVerificationError {
  const ofSignature = { missing: 'signature_missing', malformed: 'signature_malformed' } as const;
  const ofTimestamp = { missing: 'timestamp_missing', malformed: 'timestamp_malformed' } as const;
  const signature = readHeader(headers, STANDARD_HEADERS.signature, ofSignature);
  if (signature instanceof WebhookVerificationError) return signature;
  const id = readHeader(headers, STANDARD_HEADERS.id, ofSignature);
  if (id instanceof WebhookVerificationError) return id;
  const timestamp = readHeader(headers, STANDARD_HEADERS.timestamp, ofTimestamp);
  if (timestamp instanceof WebhookVerificationError) return timestamp;

  const seconds = parseUnixSeconds(timestamp);
  if (seconds === undefined) {
    const message =
      'webhook-timestamp must be Unix seconds in digits (milliseconds and trailing text are refused).';
    return new WebhookVerificationError('timestamp_malformed', message);
  }
  const entries = readEntries(signature);
  if (entries.length > 0) return { id, timestamp, seconds, entries };
  const form = 'entries of "v1," and 44 base64 digits, separated by blanks';
  return new WebhookVerificationError('signature_malformed', `webhook-signature must be ${form}.`);
}

// Entries of other versions are passed over, as Standard Webhooks asks.
function readEntries(signature: string): readonly string[] {
  if (signature.length > MAX_HEADER_CHARACTERS) return [];
  return signature.split(' ').filter((entry) => ENTRY.test(entry));
}

// Room for some eighty entries; more is no rotation.
const MAX_HEADER_CHARACTERS = 4096;
const ENTRY = new RegExp(`^${STANDARD_PREFIX}[A-Za-z0-9+/]{43}=$`);
