import { WebhookVerificationError } from './verification-error.ts';

/** A body exactly as received: its bytes, or their text if nothing was lost in decoding them as UTF-8. */
export type RawBody = string | Uint8Array;

/** A received body, as bytes (what is signed) and parsed (what is read). */
export interface ReceivedBody {
  readonly bytes: Buffer;
  readonly members: Readonly<Record<string, unknown>>;
}

/** The bytes of a body, or undefined for what is neither bytes nor text that has a UTF-8 form. Copies no bytes. */
export function toBytes(body: unknown): Buffer | undefined {
  if (typeof body === 'string') return LONE_SURROGATE.test(body) ? undefined : Buffer.from(body);
  if (ArrayBuffer.isView(body)) return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  return undefined;
}

/** Reads a body as the JSON object it must be, in strict UTF-8; otherwise the error to report (not thrown). */
export function readBody(rawBody: unknown): ReceivedBody | WebhookVerificationError {
  const bytes = toBytes(rawBody);
  if (bytes === undefined) {
    return malformed('the raw body as bytes or text; give what was received, before any parsing');
  }
  const members = parseObject(bytes);
  return members === undefined
    ? malformed('one JSON object in UTF-8 without byte order mark')
    : { bytes, members };
}

// A text with half a surrogate pair cannot have come from UTF-8 bytes and would share its bytes with another text.
const LONE_SURROGATE = /\p{Surrogate}/u;

function parseObject(bytes: Buffer): Readonly<Record<string, unknown>> | undefined {
  try {
    // Fatal: replacing invalid bytes would let different bytes read alike. The BOM stays, for JSON.parse to refuse.
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function malformed(wanted: string): WebhookVerificationError {
  return new WebhookVerificationError('body_malformed', `Cannot read the body: it must be ${wanted}.`);
}
