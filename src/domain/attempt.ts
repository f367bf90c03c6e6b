import type { ErrorCode } from './error-code.ts';

/** Who asked for an attempt: the schedule, a person (`retry`), or the endpoint's `test` action. */
export type AttemptTrigger = 'automatic' | 'manual' | 'test';

/**
 * Milliseconds spent in each phase; null for a phase that was not reached or not needed (reused connection, plain
 * http).
 */
export interface AttemptTimings {
  readonly dnsMs: number | null;
  readonly connectMs: number | null;
  readonly tlsMs: number | null;
  readonly firstByteMs: number | null;
  readonly totalMs: number;
}

/** What came back, capped: header pairs in the order received (latin-1 text), and the first bytes of the body. */
export interface AttemptResponse {
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array;
  readonly truncated: boolean;
}

/**
 * What one HTTP request led to. `errorCode` is null exactly when the answer was 2xx and came whole (or up to the cap).
 */
export interface AttemptOutcome {
  readonly statusCode: number | null;
  readonly errorCode: ErrorCode | null;
  /** For people: what happened, with the library's own words; on success what was odd about the answer, null mostly. */
  readonly errorDetail: string | null;
  readonly response: AttemptResponse | null;
  readonly timings: AttemptTimings;
  /** IP address connected to; null where no connection was made. For operators only. */
  readonly remoteAddress: string | null;
  /** As OpenSSL names it, for example `TLSv1.3`; null for plain http or no connection. */
  readonly tlsVersion: string | null;
  /** The raw `Retry-After` header, if one came. */
  readonly retryAfter: string | null;
  /** Whether it went out a second time, because a kept connection ended before the first byte of an answer. */
  readonly resent: boolean;
}
