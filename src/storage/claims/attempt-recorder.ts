import type { PoolClient } from 'pg';
import type { AttemptOutcome } from '../../domain/attempt.ts';
import type { DeadReason, DeliveryStatus, Verdict } from '../../domain/delivery.ts';
import { MASK } from '../../domain/endpoint.ts';
import { isDeathAnnounced } from '../../domain/operational-event.ts';
import type { Timing } from '../../domain/timing.ts';
import { insertAnnouncements, type OnAnnounced } from '../events/announcements.ts';
import { announcementsOf, type Death, DeathListeners } from '../events/death-announcements.ts';
import type { Database } from '../postgres/database.ts';
import { isDatabaseUnavailable } from '../postgres/database-unavailable.ts';
import { groupCommit } from '../postgres/group-commit.ts';
import { spanOf } from '../postgres/id-span.ts';
import { withDispatchShared } from '../postgres/locks.ts';
import type { Claim } from './claim.ts';
import { RECORD_LATE_SQL, RECORD_SQL } from './record-sql.ts';

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
  /** Whether our own network was suspected when it ended; no when absent. */
  readonly isNetworkSuspected?: boolean;
}

/** How the delivery stands after recording; another attempt or a person may have decided otherwise meanwhile. */
export interface Recorded {
  readonly status: DeliveryStatus;
  /** Milliseconds until the next automatic attempt; null where none is planned. */
  readonly waitMs: number | null;
  readonly deadReason: DeadReason | null;
  /** Whether this record made the delivery what it is. */
  readonly hasMoved: boolean;
}

export interface RecordListener {
  /** Is told of every group, in the order of recording; it must not throw. */
  readonly onRecorded?: (records: readonly AttemptRecord[]) => void;
  /** Is told of what operators are to hear of deliveries that died. */
  readonly onAnnounced?: OnAnnounced;
}

interface RecordedRow extends Recorded {
  readonly deliveryId: string;
}

/** A delivery that somebody deleted meanwhile: nothing is left to do, and nobody must try for ever. */
const REMOVED: Recorded = { status: 'cancelled', waitMs: null, deadReason: null, hasMoved: false };

const MAX_RECORDS_PER_STATEMENT = 200;
/** Nobody waits for a record: the fewer statements the better. */
const RECORDS_SIDE_BY_SIDE = 1;

/** Writes down what came of attempts, by compare-and-set on (delivery, attempt) and `sending`. */
export class AttemptRecorder {
  readonly #database: Database;
  readonly #listener: RecordListener;
  readonly #deathListeners: DeathListeners;

  /**
   * Records one attempt; concurrent calls share a statement. A result that comes too late fills its attempt row only,
   * except that a 2xx always makes the delivery `delivered`. Safe to repeat. A delivery that is gone counts as
   * cancelled.
   */
  readonly record: (record: AttemptRecord) => Promise<Recorded>;

  constructor(database: Database, listener: RecordListener = {}) {
    this.#database = database;
    this.#listener = listener;
    this.#deathListeners = new DeathListeners(database);
    this.record = groupCommit((records) => this.#recordGroup(records), {
      maxItems: MAX_RECORDS_PER_STATEMENT,
      concurrency: RECORDS_SIDE_BY_SIDE,
      keyOf: (record) => record.claim.deliveryId,
      splitsOn: (error) => !isDatabaseUnavailable(error),
    });
  }

  /**
   * Records one attempt of a batch, all members in one statement, so that none of them is ever ahead of the others; for
   * the endpoint it counts once. Likewise safe to repeat. @returns how the first member stands
   */
  async recordBatch(records: readonly AttemptRecord[]): Promise<Recorded> {
    const [recorded = REMOVED] = await this.#write(records);
    this.#listener.onRecorded?.(records.slice(0, 1));
    return recorded;
  }

  async #recordGroup(records: readonly AttemptRecord[]): Promise<readonly Recorded[]> {
    const recorded = await this.#write(records);
    this.#listener.onRecorded?.(records);
    return recorded;
  }

  async #write(records: readonly AttemptRecord[]): Promise<readonly Recorded[]> {
    const mayTell = records.some(isDeath) && (await this.#deathListeners.areThere());
    const rows = mayTell
      ? await this.#writeAndAnnounce(records)
      : await writeRecords(this.#database.pool, records, this.#database.timing);
    const byId = new Map(rows.map((row) => [row.deliveryId, row]));
    return records.map((record) => {
      const { status, waitMs, deadReason, hasMoved } = byId.get(record.claim.deliveryId) ?? REMOVED;
      return { status, waitMs, deadReason, hasMoved };
    });
  }

  /** Whoever dies is told of in the same transaction, and so exactly once. */
  async #writeAndAnnounce(records: readonly AttemptRecord[]): Promise<readonly RecordedRow[]> {
    const { rows, inserted } = await withDispatchShared(this.#database, async (client) => {
      const rows = await writeRecords(client, records, this.#database.timing);
      const dead = rows.filter(({ hasMoved, status }) => hasMoved && status === 'dead');
      const ids = new Set(dead.map(({ deliveryId }) => deliveryId));
      const deaths = records.filter(({ claim }) => ids.has(claim.deliveryId)).flatMap(deathIn);
      return { rows, inserted: await insertAnnouncements(client, announcementsOf(deaths)) };
    });
    if (inserted !== null) this.#listener.onAnnounced?.(inserted);
    return rows;
  }
}

/** Where each delivery of a group is looked for: one that comes back just then is found by the last look. */
const LOOKS = ['open', 'ended', 'open'] as const;

async function writeRecords(
  client: Pick<PoolClient, 'query'>,
  records: readonly AttemptRecord[],
  { recheckMs }: Timing,
): Promise<readonly RecordedRow[]> {
  const found: RecordedRow[] = [];
  let left = records.map((record, index) => ({ id: record.claim.deliveryId, row: recordRow(record, index) }));
  for (const place of LOOKS) {
    if (left.length === 0) break;
    const ids = left.map(({ id }) => id);
    const values = [JSON.stringify(left.map(({ row }) => row)), ids];
    const { rows } = await client.query<RecordedRow>(
      place === 'open'
        ? { name: 'record', text: RECORD_SQL, values: [...values, recheckMs] }
        : { name: 'record-late', text: RECORD_LATE_SQL, values: [...values, ...spanOf(ids)] },
    );
    found.push(...rows);
    const recorded = new Set(rows.map(({ deliveryId }) => deliveryId));
    left = left.filter(({ id }) => !recorded.has(id));
  }
  return found;
}

function isDeath({ claim, verdict }: AttemptRecord): boolean {
  return verdict.kind === 'dead' && claim.trigger !== 'test' && isDeathAnnounced(claim.event);
}

function deathIn({ claim, outcome, verdict }: AttemptRecord): readonly Death[] {
  if (verdict.kind !== 'dead') return [];
  const { deliveryId, eventId, event, endpointId, customerId, attempt, trigger } = claim;
  const death = {
    delivery_id: deliveryId,
    event_id: eventId,
    event,
    endpoint_id: endpointId,
    customer_id: customerId,
    reason: verdict.reason,
    attempts_made: attempt,
    last_status_code: outcome.statusCode,
    last_error_code: outcome.errorCode,
    is_test: trigger === 'test',
  };
  return [death];
}

/** The answer to a batch is kept once, with its first member: a thousand may share it. */
function recordRow({ claim, outcome, verdict, next, ...sent }: AttemptRecord, index: number): object {
  const isKept = outcome.response !== null && (claim.batch === undefined || index === 0);
  return {
    delivery_id: claim.deliveryId,
    number: claim.attempt,
    endpoint_id: claim.endpointId,
    trigger: claim.trigger,
    verdict: verdict.kind,
    delay_ms: verdict.kind === 'retry' ? verdict.delayMs : null,
    is_free: verdict.kind === 'retry' && verdict.isFree === true,
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
    response_body: isKept ? Buffer.from(outcome.response?.body ?? []).toString('base64') : null,
    response_truncated: outcome.response?.truncated ?? false,
    timings: outcome.timings,
    remote_address: outcome.remoteAddress,
    tls_version: outcome.tlsVersion,
    in_wave: next === 'wave',
    batch_id: claim.batch?.id ?? null,
    batch_attempt: claim.batch?.attempt ?? null,
    resent: outcome.resent,
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
