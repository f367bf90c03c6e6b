import type { AttemptTimings, AttemptTrigger } from '../../domain/attempt.ts';
import type { PayloadEntry } from '../../signature/payload-text.ts';
import { allOf } from '../postgres/conditions.ts';
import type { Database } from '../postgres/database.ts';

/**
 * One HTTP request as it was recorded. Of an attempt whose sender vanished (`outcome_unknown`) everything that it would
 * have reported is null. Request headers have sensitive values masked; response headers are pairs in the order
 * received.
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
  /** What the body is built from again: the `sha256=` signature of an envelope, or the name of another payload. */
  readonly signature: string | null;
  readonly responseHeaders: readonly (readonly [name: string, value: string])[] | null;
  readonly responseBody: Buffer | null;
  readonly responseTruncated: boolean;
  readonly timings: AttemptTimings | null;
  readonly remoteAddress: string | null;
  readonly tlsVersion: string | null;
  /** Whether it went out twice, because a kept connection had ended. */
  readonly resent: boolean;
  /** The batch it went with, null where it went alone; which attempt of that this was, and what its body carried. */
  readonly batchId: string | null;
  readonly batchAttempt: number | null;
  /** Null where it went alone, or a member is gone. */
  readonly batchEntries: readonly PayloadEntry[] | null;
}

/** Which attempts: so many, the newest of all or of those before one. */
export interface AttemptBounds {
  readonly fetchLimit: number;
  readonly beforeNumber?: number | null;
}

/** An attempt without what stands with the batch it went with. */
type AttemptRow = Omit<RecordedAttempt, 'batchEntries'>;

const COLUMNS = `delivery_id AS "deliveryId", number, trigger, started_at AS "startedAt", signed_at AS "signedAt",
  duration_ms AS "durationMs", status_code AS "statusCode", error_code AS "errorCode", error_detail AS "errorDetail",
  request_url AS "requestUrl", request_headers AS "requestHeaders", signature, response_headers AS "responseHeaders",
  response_body AS "responseBody", response_truncated AS "responseTruncated", timings,
  remote_address AS "remoteAddress",
  tls_version AS "tlsVersion", batch_id AS "batchId", batch_attempt AS "batchAttempt", resent`;

/** A batch's call as its members share it. */
interface BatchCallRow {
  readonly id: string;
  readonly attempt: number;
  readonly responseBody: Buffer | null;
  readonly isWhole: boolean;
  readonly entries: readonly (Omit<PayloadEntry, 'createdAt' | 'occurredAt'> & {
    readonly createdAt: number;
    readonly occurredAt: number;
  })[];
}

/** Reads the attempts of deliveries. */
export class AttemptStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * The newest attempts of a delivery, before one where that is given, the newest one first. Only that has its batch's
   * data.
   */
  async listOf(deliveryId: string, bounds: AttemptBounds): Promise<readonly RecordedAttempt[]> {
    const { text, values } = allOf([
      ['delivery_id = $', deliveryId],
      ['number < $', bounds.beforeNumber ?? undefined],
    ]);
    const { rows } = await this.#database.pool.query<AttemptRow>(
      `SELECT ${COLUMNS} FROM attempts WHERE ${text} ORDER BY number DESC LIMIT ${bounds.fetchLimit}`,
      [...values],
    );
    const isBatched = rows.some((row) => row.batchId !== null);
    const calls = isBatched ? await this.#batchCallsOf(deliveryId, rows[0]?.number ?? 0) : [];
    return rows.map((row) => {
      const call = calls.find(({ id, attempt }) => id === row.batchId && attempt === row.batchAttempt);
      return {
        ...row,
        responseBody: row.responseBody ?? call?.responseBody ?? null,
        batchEntries: call?.isWhole === true ? entriesOf(call) : null,
      };
    });
  }

  /** What is kept once for all members: the answer stands with the first of them. */
  async #batchCallsOf(deliveryId: string, newest: number): Promise<readonly BatchCallRow[]> {
    const { rows } = await this.#database.pool.query<BatchCallRow>(BATCH_CALLS_SQL, [deliveryId, newest]);
    return rows;
  }
}

function entriesOf({ entries }: BatchCallRow): readonly PayloadEntry[] {
  return entries.map((entry) => ({
    ...entry,
    createdAt: new Date(entry.createdAt),
    occurredAt: new Date(entry.occurredAt),
  }));
}

/** SQL: when the event `ev` was accepted, cut to milliseconds alike wherever a batch's body is built. */
export const EVENT_CREATED_AT = 'floor(extract(epoch FROM ev.created_at) * 1000)::float8';

/** SQL: when it occurred, cut likewise. */
export const EVENT_OCCURRED_AT =
  'floor(extract(epoch FROM coalesce(ev.occurred_at, ev.created_at)) * 1000)::float8';

/** `json`, unlike `jsonb`, keeps the data's text as it is. */
const BATCH_CALLS_SQL = `
  SELECT a.batch_id AS id, a.batch_attempt AS attempt, l.response_body AS "responseBody", m.entries,
    json_array_length(m.entries) = cardinality(b.delivery_ids) AS "isWhole"
  FROM attempts a JOIN batches b ON b.id = a.batch_id
  LEFT JOIN attempts l ON l.delivery_id = b.delivery_ids[1] AND l.batch_id = a.batch_id
    AND l.batch_attempt = a.batch_attempt,
  LATERAL (
    SELECT coalesce(json_agg(json_build_object('event', d.event, 'createdAt', ${EVENT_CREATED_AT}, 'deliveryId', d.id,
      'eventId', ev.id, 'eventCustomerId', ev.customer_id, 'occurredAt', ${EVENT_OCCURRED_AT}, 'dataText', ev.data)
        ORDER BY o.place), '[]') AS entries
    FROM unnest(b.delivery_ids) WITH ORDINALITY AS o(id, place) JOIN deliveries d ON d.id = o.id
    JOIN events ev ON ev.id = d.event_id AND ev.erased_at IS NULL WHERE a.number = $2) m
  WHERE a.delivery_id = $1`;
