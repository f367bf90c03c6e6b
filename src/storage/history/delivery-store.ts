import { and, desc, eq, gte, inArray, lt, type SQL, sql } from 'drizzle-orm';
import type { DeadReason, DeliveryStatus } from '../../domain/delivery.ts';
import { type HeldDelivery, type HoldReason, holdReasonOf } from '../../domain/hold-reason.ts';
import { shownData } from '../endpoints/ownership-checks.ts';
import { HAS_PREDECESSOR } from '../open/line.ts';
import type { Database } from '../postgres/database.ts';
import type { PageBounds } from '../postgres/page.ts';
import { deliveries, events } from '../postgres/schema.ts';

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
  /** Its place in line where its endpoint keeps the order. */
  readonly position: number | null;
  readonly batchId: string | null;
  readonly replayId: string | null;
  readonly runId: string | null;
  readonly createdAt: Date;
  readonly finishedAt: Date | null;
}

/** A delivery with its event's data as the compact JSON text that every attempt carries (a challenge masked); null where the event is gone. */
export interface DeliveryWithData extends DeliveryState {
  readonly dataText: string | null;
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
}

const columns = {
  id: deliveries.id,
  eventId: deliveries.eventId,
  endpointId: deliveries.endpointId,
  customerId: deliveries.customerId,
  event: deliveries.event,
  isTest: deliveries.isTest,
  status: deliveries.status,
  attemptsMade: deliveries.attemptsMade,
  dueAt: deliveries.dueAt,
  lastStatusCode: deliveries.lastStatusCode,
  lastErrorCode: deliveries.lastErrorCode,
  deadReason: deliveries.deadReason,
  position: deliveries.position,
  batchId: deliveries.batchId,
  replayId: deliveries.replayId,
  runId: deliveries.runId,
  createdAt: deliveries.createdAt,
  finishedAt: deliveries.finishedAt,
};

/** Reads deliveries as people see them; claims and records have files of their own. */
export class DeliveryStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** The deliveries a filter selects, newest first. */
  async list(filter: DeliveryFilter, page: PageBounds): Promise<readonly DeliveryState[]> {
    return this.#database.query
      .select(columns)
      .from(deliveries)
      .where(
        and(...conditionsOf(filter), page.beforeId === null ? undefined : lt(deliveries.id, page.beforeId)),
      )
      .orderBy(desc(deliveries.id))
      .limit(page.fetchLimit);
  }

  /** Which of these deliveries belong to a customer. */
  async idsOfCustomer(customerId: string, ids: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await this.#database.query
      .select({ id: deliveries.id })
      .from(deliveries)
      .where(and(inArray(deliveries.id, [...ids]), eq(deliveries.customerId, customerId)));
    return new Set(rows.map(({ id }) => id));
  }

  /** One delivery, or null where there is none of this id. */
  async read(id: string): Promise<DeliveryWithData | null> {
    const rows = await this.#database.query
      .select({
        ...columns,
        dataText: sql<string | null>`${sql.raw(shownData('events.event', 'events.data'))}`,
      })
      .from(deliveries)
      .leftJoin(events, eq(events.id, deliveries.eventId))
      .where(eq(deliveries.id, id));
    return rows[0] ?? null;
  }

  /** What holds a delivery back now; null where it is not held. */
  async holdReasonOf(id: string): Promise<HoldReason | null> {
    const { rows } = await this.#database.pool.query<HeldDelivery>(
      `SELECT e.status AS "endpointStatus", coalesce(h.state, 'closed') AS "breakerState", e.rate_limit AS "rateLimit",
         e.max_concurrency AS "maxConcurrency", e.batch, e.ordered, d.batch_id AS "batchId", d.due_at > now() AS "isEarly",
         ${HAS_PREDECESSOR} AS "hasPredecessor"
       FROM deliveries d JOIN endpoints e ON e.id = d.endpoint_id LEFT JOIN endpoint_health h ON h.endpoint_id = e.id
       WHERE d.id = $1 AND d.status = 'held'`,
      [id],
    );
    return rows[0] === undefined ? null : holdReasonOf(rows[0]);
  }
}

function conditionsOf(filter: DeliveryFilter): readonly (SQL | undefined)[] {
  const { customerId, endpointId, event, eventId, statuses, errorCode, reason, after, before, isTest } =
    filter;
  return [
    customerId === undefined ? undefined : eq(deliveries.customerId, customerId),
    endpointId === undefined ? undefined : eq(deliveries.endpointId, endpointId),
    event === undefined ? undefined : eq(deliveries.event, event),
    eventId === undefined ? undefined : eq(deliveries.eventId, eventId),
    statuses === undefined ? undefined : inArray(deliveries.status, [...statuses]),
    errorCode === undefined ? undefined : eq(deliveries.lastErrorCode, errorCode),
    reason === undefined ? undefined : eq(deliveries.deadReason, reason),
    after === undefined ? undefined : gte(deliveries.createdAt, after),
    before === undefined ? undefined : lt(deliveries.createdAt, before),
    isTest === undefined ? undefined : eq(deliveries.isTest, isTest),
  ];
}
