import type { DeadReason, DeliveryStatus } from '../../domain/delivery.ts';
import { type HeldDelivery, type HoldReason, holdReasonOf } from '../../domain/hold-reason.ts';
import { shownData } from '../endpoints/ownership-checks.ts';
import { HAS_PREDECESSOR } from '../open/line.ts';
import { type Found, type LookedAt, lookFor } from '../postgres/bounded-look.ts';
import { type CappedCount, countUpTo } from '../postgres/capped-count.ts';
import type { Database } from '../postgres/database.ts';
import type { PageBounds } from '../postgres/page.ts';
import type { Reads } from '../postgres/read-pool.ts';
import { ENDED } from '../postgres/statuses.ts';
import { EVENT_OCCURRED_AT } from './attempt-store.ts';
import { narrow } from './narrowing.ts';

/** Where one delivery stands. `customerId` is its endpoint's customer; `dueAt` is null once nothing is planned. */
export interface DeliveryState {
  readonly id: string;
  readonly eventId: string;
  readonly endpointId: string;
  readonly customerId: string | null;
  readonly event: string;
  readonly isTest: boolean;
  readonly status: DeliveryStatus;
  readonly attemptsMade: number;
  readonly dueAt: Date | null;
  readonly lastStatusCode: number | null;
  readonly lastErrorCode: string | null;
  readonly deadReason: DeadReason | null;
  /** What its last attempts were answered, the newest last: status codes, else error codes. */
  readonly lastCodes: readonly string[];
  /** Its place in line where its endpoint keeps the order. */
  readonly position: number | null;
  readonly batchId: string | null;
  readonly replayId: string | null;
  readonly runId: string | null;
  /** Whether a person wants it sent once more, and no attempt for that has begun. */
  readonly isRetryRequested: boolean;
  readonly createdAt: Date;
  readonly finishedAt: Date | null;
}

/**
 * A delivery with its event's data as the compact JSON text that every attempt carries (a challenge masked); null where
 * the event is gone.
 */
export interface DeliveryWithData extends DeliveryState {
  readonly dataText: string | null;
  /** Whose event it is; null where it went to all, or is gone. */
  readonly eventCustomerId: string | null;
  /** When it occurred, in milliseconds since the epoch; null where it is gone. */
  readonly occurredAt: number | null;
  /** Whether what the event carried is gone for good. */
  readonly isErased: boolean;
}

/** Which deliveries to list; absent members do not restrict. Times are of creation: `after` included, `before` not. */
export interface DeliveryFilter {
  readonly customerId?: string;
  readonly endpointId?: string;
  readonly event?: string;
  readonly eventId?: string;
  readonly statuses?: readonly DeliveryStatus[];
  readonly errorCode?: string;
  readonly reason?: DeadReason;
  readonly after?: Date;
  readonly before?: Date;
  readonly isTest?: boolean;
  /** Of events that are found by all of these, see `SearchKeys`. */
  readonly searchKeys?: readonly Buffer[];
}

const MAX_LAST_CODES = 6;
/**
 * `bigint` comes out as text, a position is far below what a double holds exactly.
 * @param id SQL of the delivery's id: where that is a parameter, plans are made for its day only.
 */
function columnsOf(id: string): string {
  return `d.id, d.event_id AS "eventId", d.endpoint_id AS "endpointId", d.customer_id AS "customerId", d.event,
    d.is_test AS "isTest", d.status, d.attempts_made AS "attemptsMade", d.due_at AS "dueAt",
    d.last_status_code AS "lastStatusCode", d.last_error_code AS "lastErrorCode",
    ${onceEnded('d.dead_reason')} AS "deadReason", d.position::double precision AS position,
    d.batch_id AS "batchId", d.replay_id AS "replayId", d.run_id AS "runId",
    d.retry_mark IS NOT NULL AS "isRetryRequested", d.created_at AS "createdAt",
    ${onceEnded('d.finished_at')} AS "finishedAt", ARRAY(SELECT coalesce(a.status_code::text, a.error_code) FROM (
      SELECT number, status_code, error_code FROM attempts WHERE delivery_id = ${id}
      ORDER BY number DESC LIMIT ${MAX_LAST_CODES}) a
      ORDER BY a.number) AS "lastCodes"`;
}

/** SQL: what is told of an end. While a dead letter is sent again its row keeps how it ended before, to go back to. */
function onceEnded(column: string): string {
  return `CASE WHEN d.status IN (${ENDED}) THEN ${column} END`;
}

/** Reads deliveries as people see them; claims and records have files of their own. */
export class DeliveryStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** The deliveries a filter selects, newest first. */
  async list(filter: DeliveryFilter, page: PageBounds): Promise<Found<DeliveryState>> {
    const { reads } = this.#database;
    const lookedAt = await lookedAtBy(reads, filter);
    const list = { table: 'deliveries d', alias: 'd', columns: columnsOf('d.id'), ...lookedAt };
    return await lookFor<DeliveryState>(reads, list, page);
  }

  /** How many a filter selects, as far as they are counted. */
  async count(filter: DeliveryFilter): Promise<CappedCount> {
    const { reads } = this.#database;
    return await countUpTo(reads, await lookedAtBy(reads, filter));
  }

  /** Which of these deliveries belong to a customer. */
  async idsOfCustomer(customerId: string, ids: readonly string[]): Promise<ReadonlySet<string>> {
    const { rows } = await this.#database.pool.query<{ id: string }>(
      'SELECT id FROM deliveries WHERE id = ANY($1) AND customer_id = $2',
      [ids, customerId],
    );
    return new Set(rows.map(({ id }) => id));
  }

  /** One delivery, or null where there is none of this id. */
  async read(id: string): Promise<DeliveryWithData | null> {
    const { rows } = await this.#database.pool.query<DeliveryWithData>(
      `SELECT ${columnsOf('$1')}, ${shownData('ev.event', 'ev.data')} AS "dataText",
        ev.customer_id AS "eventCustomerId",
         ${EVENT_OCCURRED_AT} AS "occurredAt", ev.erased_at IS NOT NULL AS "isErased"
       FROM deliveries d LEFT JOIN events ev ON ev.id = d.event_id WHERE d.id = $1`,
      [id],
    );
    return rows[0] ?? null;
  }

  /** What holds a delivery back now; null where it is not held. */
  async holdReasonOf(id: string): Promise<HoldReason | null> {
    const { rows } = await this.#database.pool.query<HeldDelivery>(
      `SELECT e.status AS "endpointStatus", coalesce(h.state, 'closed') AS "breakerState", e.rate_limit AS "rateLimit",
         e.max_concurrency AS "maxConcurrency", e.batch, e.ordered, d.batch_id AS "batchId",
           d.due_at > now() AS "isEarly",
         ${HAS_PREDECESSOR} AS "hasPredecessor"
       FROM open_deliveries d JOIN endpoints e ON e.id = d.endpoint_id LEFT JOIN endpoint_health h
         ON h.endpoint_id = e.id
       WHERE d.id = $1 AND d.status = 'held'`,
      [id],
    );
    return rows[0] === undefined ? null : holdReasonOf(rows[0]);
  }
}

/** What an index answers, and what each row is asked. */
async function lookedAtBy(reads: Reads, filter: DeliveryFilter): Promise<LookedAt> {
  const { indexed, asked } = await narrow(reads, filter);
  return {
    indexed,
    asked: [
      ...asked,
      ['d.event = $', filter.event],
      ['d.last_error_code = $', filter.errorCode],
      ['d.dead_reason = $', filter.reason],
      ['d.is_test = $', filter.isTest],
    ],
  };
}
