import type { AttemptOutcome } from '../domain/attempt.ts';
import type { DeadReason, DeliveryStatus, Verdict } from '../domain/delivery.ts';
import { MASK } from '../domain/endpoint.ts';
import type { Claim } from './claim.ts';
import { type Database, isDatabaseUnavailable } from './database.ts';
import { groupCommit } from './group-commit.ts';
import { RECORD_SQL } from './record-sql.ts';

/** One finished attempt: the claim it was made under, what went out, what came of it and what that means. */
export interface AttemptRecord {
  readonly claim: Claim;
  readonly startedAt: Date;
  /** When it was signed: the `timestamp` of the body, whole seconds. */
  readonly signedAt: Date;
  readonly signature: string;
  readonly requestHeaders: Readonly<Record<string, string>>;
  readonly outcome: AttemptOutcome;
  readonly verdict: Verdict;
  /** Who makes the next attempt, should there be one. */
  readonly next: 'run' | 'wave';
}

/** How the delivery stands after recording; another attempt or a person may have decided otherwise meanwhile. */
export interface Recorded {
  readonly status: DeliveryStatus;
  /** Milliseconds until the next automatic attempt; null where none is planned. */
  readonly waitMs: number | null;
  readonly deadReason: DeadReason | null;
}

interface RecordedRow extends Recorded {
  readonly deliveryId: string;
}

/** A delivery that somebody deleted meanwhile: nothing is left to do, and nobody must try for ever. */
const REMOVED: Recorded = { status: 'cancelled', waitMs: null, deadReason: null };

const MAX_RECORDS_PER_STATEMENT = 200;
/** Nobody waits for a record: the fewer statements the better. */
const STATEMENTS_SIDE_BY_SIDE = 1;

/** Writes down what came of attempts, by compare-and-set on (delivery, attempt) and `sending`. */
export class Records {
  readonly #database: Database;
  readonly #onRecorded: (records: readonly AttemptRecord[]) => void;

  /**
   * Records one attempt; concurrent calls share a statement. A result that comes too late fills its attempt row only,
   * except that a 2xx always makes the delivery `delivered`. Safe to repeat. A delivery that is gone counts as cancelled.
   */
  readonly record: (record: AttemptRecord) => Promise<Recorded>;

  /** @param onRecorded is told of every group, in the order of recording; it must not throw */
  constructor(database: Database, onRecorded: (records: readonly AttemptRecord[]) => void = () => {}) {
    this.#database = database;
    this.#onRecorded = onRecorded;
    this.record = groupCommit((records) => this.#recordGroup(records), {
      maxItems: MAX_RECORDS_PER_STATEMENT,
      concurrency: STATEMENTS_SIDE_BY_SIDE,
      keyOf: (record) => record.claim.deliveryId,
      splitsOn: (error) => !isDatabaseUnavailable(error),
    });
  }

  async #recordGroup(records: readonly AttemptRecord[]): Promise<readonly Recorded[]> {
    const { rows } = await this.#database.pool.query<RecordedRow>({
      name: 'record',
      text: RECORD_SQL,
      values: [JSON.stringify(records.map(recordRow)), records.map(({ claim }) => claim.deliveryId)],
    });
    this.#onRecorded(records);
    const byId = new Map(rows.map((row) => [row.deliveryId, row]));
    return records.map((record) => byId.get(record.claim.deliveryId) ?? REMOVED);
  }
}

function recordRow({ claim, outcome, verdict, next, ...sent }: AttemptRecord): object {
  return {
    delivery_id: claim.deliveryId,
    number: claim.attempt,
    endpoint_id: claim.endpointId,
    trigger: claim.trigger,
    verdict: verdict.kind,
    delay_ms: verdict.kind === 'retry' ? verdict.delayMs : null,
    dead_reason: verdict.kind === 'dead' ? verdict.reason : null,
    started_at: sent.startedAt,
    signed_at: sent.signedAt,
    duration_ms: outcome.timings.totalMs,
    status_code: outcome.statusCode,
    error_code: outcome.errorCode,
    error_detail: outcome.errorDetail === null ? null : storable(outcome.errorDetail),
    request_url: claim.url,
    request_headers: maskSensitive(sent.requestHeaders, claim),
    signature: sent.signature,
    response_headers: outcome.response?.headers ?? null,
    response_body: outcome.response === null ? null : Buffer.from(outcome.response.body).toString('base64'),
    response_truncated: outcome.response?.truncated ?? false,
    timings: outcome.timings,
    remote_address: outcome.remoteAddress,
    tls_version: outcome.tlsVersion,
    in_wave: next === 'wave',
  };
}

/** Postgres takes neither NUL nor half a surrogate pair, which a cut message may end with. */
function storable(text: string): string {
  return Buffer.from(text.replaceAll('\0', '\ufffd')).toString();
}

function maskSensitive(headers: Readonly<Record<string, string>>, claim: Claim): Record<string, string> {
  const masked = { ...headers };
  for (const header of claim.headers) if (header.sensitive) masked[header.name] = MASK;
  return masked;
}
