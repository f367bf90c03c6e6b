import { createHmac } from 'node:crypto';
import { hexSignature, standardSignature } from '../hmac.ts';
import { isSecretFor, keyOfSecret, type SecretEncoding } from './secret-key.ts';
import { asymmetricSignature } from './signing-key.ts';

/** A way of signing by name, or in a header of one's own. */
export type SignatureScheme =
  | 'posthorn'
  | 'standard'
  | 'standard_asymmetric'
  | 'svix'
  | 'convoy_simple'
  | 'convoy_advanced'
  | 'outpost'
  | 'github'
  | CustomScheme;

export interface CustomScheme {
  readonly header: string;
  readonly scheme: 'hex' | 'base64' | 'stripe';
  readonly prefix: string;
  readonly secretEncoding: SecretEncoding;
}

/** A call to be signed: `secrets` and `signingKeys` are the live ones, the primary one first. */
export interface SigningSubject {
  /** Stands in `webhook-id` and `svix-id`. */
  readonly id: string;
  /** Unix seconds of when this attempt is signed. */
  readonly seconds: string;
  /** The exact bytes that are sent. */
  readonly body: Buffer;
  readonly secrets: readonly string[];
  /** `whsk_…` for `v1a`. */
  readonly signingKeys: readonly string[];
}

/**
 * The headers that sign a call by these schemes. Where a header has room for one signature the primary secret makes it.
 */
export function signatureHeaders(
  schemes: readonly SignatureScheme[],
  subject: SigningSubject,
  { headerPrefix }: { readonly headerPrefix: string },
): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const scheme of schemes) Object.assign(headers, headersOf(scheme, subject, headerPrefix));
  const entries = standardEntries(schemes, subject);
  return entries.length === 0 ? headers : { ...headers, ...standardHeaders(subject, entries) };
}

/** The headers of Standard Webhooks with these entries, `v1,…` and `v1a,…`. */
export function standardHeaders(
  { id, seconds }: Pick<SigningSubject, 'id' | 'seconds'>,
  entries: readonly string[],
): StandardHeaders {
  return { 'webhook-id': id, 'webhook-timestamp': seconds, 'webhook-signature': entries.join(' ') };
}

export interface StandardHeaders {
  readonly 'webhook-id': string;
  readonly 'webhook-timestamp': string;
  readonly 'webhook-signature': string;
}

/** One `v1` entry a live secret. */
export function symmetricEntries({ id, seconds, body, secrets }: Omit<SigningSubject, 'signingKeys'>) {
  const prefix = `${id}.${seconds}.`;
  return usable(secrets, 'base64').map((secret) =>
    standardSignature(keyOfSecret(secret, 'base64'), prefix, body),
  );
}

function standardEntries(schemes: readonly SignatureScheme[], subject: SigningSubject): readonly string[] {
  return [
    ...(schemes.includes('standard') ? symmetricEntries(subject) : []),
    ...(schemes.includes('standard_asymmetric') ? asymmetricEntries(subject) : []),
  ];
}

function asymmetricEntries({ id, seconds, body, signingKeys }: SigningSubject): readonly string[] {
  const content = Buffer.concat([Buffer.from(`${id}.${seconds}.`), body]);
  return signingKeys.map((key) => asymmetricSignature(key, content));
}

function headersOf(
  scheme: SignatureScheme,
  subject: SigningSubject,
  headerPrefix: string,
): Record<string, string> {
  if (typeof scheme !== 'string') return { [scheme.header]: customSignature(scheme, subject) };
  const { id, seconds, body, secrets } = subject;
  const [primary = ''] = secrets;
  switch (scheme) {
    case 'standard':
    case 'standard_asymmetric':
      return {};
    case 'posthorn':
      return { [`${headerPrefix}Signature`]: hexSignature(primary, body) };
    case 'svix':
      return {
        'svix-id': id,
        'svix-timestamp': seconds,
        'svix-signature': symmetricEntries(subject).join(' '),
      };
    case 'convoy_simple':
      return { 'X-Convoy-Signature': digest(Buffer.from(primary), [body]).toString('hex') };
    case 'convoy_advanced': {
      const signed = secrets.map((secret) => digest(Buffer.from(secret), [`${seconds},`, body]));
      return { 'X-Convoy-Signature': withTime(seconds, signed) };
    }
    case 'outpost': {
      const signed = secrets.map((secret) => digest(Buffer.from(secret), [body]).toString('hex'));
      return { 'x-outpost-signature': `v0=${signed.join(',')}` };
    }
    case 'github':
      return { 'X-Hub-Signature-256': hexSignature(primary, body) };
  }
}

function customSignature(
  { scheme, prefix, secretEncoding }: CustomScheme,
  { seconds, body, secrets }: SigningSubject,
): string {
  const keys = usable(secrets, secretEncoding).map((secret) => keyOfSecret(secret, secretEncoding));
  if (scheme !== 'stripe') return prefix + digest(keys[0] ?? Buffer.alloc(0), [body]).toString(scheme);
  const signed = keys.map((key) => digest(key, [`${seconds}.`, body]));
  return prefix + withTime(seconds, signed);
}

/** The secrets that can be read so: while a receiver moves, one of before may be live that cannot. */
function usable(secrets: readonly string[], encoding: SecretEncoding): readonly string[] {
  if (encoding === 'text' || secrets.length === 1) return secrets;
  return secrets.filter((secret) => isSecretFor(secret, encoding));
}

/** A time and the digests of it with the body, as Stripe and Convoy write them. */
function withTime(seconds: string, digests: readonly Buffer[]): string {
  return [`t=${seconds}`, ...digests.map((one) => `v1=${one.toString('hex')}`)].join(',');
}

function digest(key: Buffer, chunks: readonly (string | Buffer)[]): Buffer {
  const hmac = createHmac('sha256', key);
  for (const chunk of chunks) hmac.update(chunk);
  return hmac.digest();
}
