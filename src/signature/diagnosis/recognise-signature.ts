import { createHmac } from 'node:crypto';
import { decodeSecret, SECRET_PREFIX } from '../secret.ts';
import { type BodyAlteration, describeForm, type Original, possibleOriginals } from './altered-body.ts';

/** The three signatures of the wire format, by where they travel. */
export type SignatureRule = 'body_signature' | 'header_signature' | 'standard_webhooks';

/**
 * What a signature can be keyed with: the whole secret text, the text behind its prefix, or the bytes that stands for.
 */
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

/**
 * Compares digests with what a request can be signed by. What can be asked about is computed once, whatever is
 * compared.
 */
export class Recogniser {
  readonly #request: SignedRequest;
  readonly #secret: string;
  #origins: ReadonlyMap<string, SignatureOrigin> | undefined;
  #originals: readonly Original[] | undefined;
  readonly #alterations = new Map<SignatureRule, ReadonlyMap<string, BodyAlteration>>();
  #form: string | undefined;

  constructor(request: SignedRequest, secret: string) {
    this.#request = request;
    this.#secret = secret;
  }

  /** What in the form of the body shows that Posthorn did not write it; see `describeForm`. */
  get form(): string {
    this.#form ??= describeForm(this.#request.bytes.toString());
    return this.#form;
  }

  /** What a digest signs, by every rule's content with every key; undefined if nothing fits. */
  originOf(digest: Buffer): SignatureOrigin | undefined {
    this.#origins ??= new Map(
      RULES.flatMap((rule) =>
        KEYS.map((key) => [this.#digestOf(this.#request, { rule, key }), { rule, key }]),
      )
        // Of two that agree the first counts.
        .reverse() as [string, SignatureOrigin][],
    );
    return this.#origins.get(digest.toString('hex'));
  }

  /** What was done to the body if `digest` is right for it as it was sent; undefined if nothing known explains it. */
  alterationFor(rule: SignatureRule, digest: Buffer): BodyAlteration | undefined {
    let alterations = this.#alterations.get(rule);
    if (alterations === undefined) {
      this.#originals ??= possibleOriginals(this.#request.bytes);
      const origin = { rule, key: KEY_OF_RULE[rule] };
      const entries = this.#originals.map(
        ({ bytes, alteration }) => [this.#digestOf({ ...this.#request, bytes }, origin), alteration] as const,
      );
      alterations = new Map([...entries].reverse());
      this.#alterations.set(rule, alterations);
    }
    return alterations.get(digest.toString('hex'));
  }

  /** The HMAC-SHA256, in hex, of what a rule signs of a request, under a reading of the secret. */
  #digestOf(request: SignedRequest, { rule, key }: SignatureOrigin): string {
    const hmac = createHmac('sha256', keyBytes(this.#secret, key));
    for (const chunk of signedContent({ ...request, rule, key })) hmac.update(chunk);
    return hmac.digest('hex');
  }
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
