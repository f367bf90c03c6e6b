import { asc, eq } from 'drizzle-orm';
import type { AttemptTimings, AttemptTrigger } from '../domain/attempt.ts';
import type { Database } from './database.ts';
import { attempts } from './schema.ts';

/**
 * One HTTP request as it was recorded. Of an attempt whose sender vanished (`outcome_unknown`) everything that it would
 * have reported is null. Request headers have sensitive values masked; response headers are pairs in the order received.
 */
export interface RecordedAttempt {
  readonly deliveryId: string;
  /** From 1. */
  readonly number: number;
  readonly trigger: AttemptTrigger;
  readonly startedAt: Date;
  /** The time that was signed; null where nothing was sent. */
  readonly signedAt: Date | null;
  readonly durationMs: number | null;
  readonly statusCode: number | null;
  readonly errorCode: string | null;
  readonly errorDetail: string | null;
  readonly requestUrl: string | null;
  readonly requestHeaders: Readonly<Record<string, string>> | null;
  /** The body's `sha256=` signature. */
  readonly signature: string | null;
  readonly responseHeaders: readonly (readonly [name: string, value: string])[] | null;
  readonly responseBody: Buffer | null;
  readonly responseTruncated: boolean;
  readonly timings: AttemptTimings | null;
  readonly remoteAddress: string | null;
  readonly tlsVersion: string | null;
}

/** Reads the attempts of deliveries. */
export class AttemptStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Every attempt of a delivery, the first one first. */
  async listOf(deliveryId: string): Promise<readonly RecordedAttempt[]> {
    return this.#database.query
      .select()
      .from(attempts)
      .where(eq(attempts.deliveryId, deliveryId))
      .orderBy(asc(attempts.number));
  }
}
