import type { AttemptResponse } from '../domain/attempt.ts';
import { CappedBody } from './capped-body.ts';

export type HeaderPairs = AttemptResponse['headers'];

/** A final answer as far as it came. */
export class Answer {
  readonly statusCode: number;
  readonly headers: HeaderPairs;
  readonly body: CappedBody;
  isComplete = false;

  constructor(statusCode: number, headers: HeaderPairs, maxBodyBytes: number) {
    this.statusCode = statusCode;
    this.headers = headers;
    this.body = new CappedBody(maxBodyBytes);
  }

  get isSuccess(): boolean {
    return this.statusCode >= 200 && this.statusCode < 300;
  }

  /** Whether it came to its end, or so far that the rest does not matter; a 204 has no body whatever its headers claim. */
  get isEnough(): boolean {
    return this.isComplete || this.body.isOverCap || this.statusCode === 204;
  }

  /** The raw `Retry-After`, the first if there are several. */
  get retryAfter(): string | null {
    const value = this.headers.find(([name]) => name.toLowerCase() === 'retry-after')?.[1];
    return value?.trim().slice(0, MAX_RETRY_AFTER_LENGTH) ?? null;
  }

  toResponse(): AttemptResponse {
    return { headers: this.headers, body: this.body.toBuffer(), truncated: !this.isComplete };
  }
}

/** Any date or number of seconds is shorter. */
const MAX_RETRY_AFTER_LENGTH = 64;

/** undici's flat list of names and values as latin-1 pairs. */
export function toHeaderPairs(raw: unknown): HeaderPairs {
  if (!Array.isArray(raw)) return [];
  const pairs: [string, string][] = [];
  for (let index = 0; index + 1 < raw.length; index += 2)
    pairs.push([toText(raw[index]), toText(raw[index + 1])]);
  return pairs;
}

function toText(value: unknown): string {
  return Buffer.isBuffer(value) ? value.toString('latin1') : String(value);
}
