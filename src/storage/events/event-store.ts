import type { DeliveryStatus } from '../../domain/delivery.ts';
import { idAfter, idBefore } from '../../new-id.ts';
import { shownData } from '../endpoints/ownership-checks.ts';
import { fewEventsWith, hasKey } from '../history/search-keys.ts';
import { cancel } from '../open/transitions/ends.ts';
import { type BoundedList, type Found, lookFor, MAX_LOOKED_INTO } from '../postgres/bounded-look.ts';
import type { Condition } from '../postgres/conditions.ts';
import { type Database, inTransaction } from '../postgres/database.ts';
import type { PageBounds } from '../postgres/page.ts';
import { IDEMPOTENCY_WINDOW } from '../postgres/time-sql.ts';

/** An accepted event without its data. */
export interface EventSummary {
  readonly id: string;
  readonly event: string;
  readonly customerId: string | null;
  readonly isTest: boolean;
  readonly createdAt: Date;
  readonly deliverAt: Date | null;
  readonly cancelledAt: Date | null;
  /** Since when its data is gone for good. */
  readonly erasedAt: Date | null;
  /** What its producer said of it. */
  readonly uid: string | null;
  readonly occurredAt: Date | null;
  readonly metadata: Readonly<Record<string, string>> | null;
  /** How many deliveries it had when it was accepted. */
  readonly deliveries: number;
  /** Those to endpoints of its own customer. */
  readonly customerDeliveries: number;
}

/** An event of a list, with its data as compact JSON text (a challenge masked) where that was asked for, else null. */
export interface ListedEvent extends EventSummary {
  readonly dataText: string | null;
}

/** An event with its data (compact JSON text) and where its deliveries stand now. */
export interface EventDetail extends EventSummary {
  readonly dataText: string;
  readonly countsByStatus: Readonly<Partial<Record<DeliveryStatus, number>>>;
}

/** Members that are absent do not restrict; times are of acceptance, `before` exclusive. */
export interface EventFilter {
  readonly event?: string | undefined;
  readonly customerId?: string | undefined;
  readonly after?: Date | undefined;
  readonly before?: Date | undefined;
  /** Found by all of these, see `SearchKeys`. */
  readonly searchKeys?: readonly Buffer[] | undefined;
  readonly uid?: string | undefined;
  readonly idempotencyKey?: string | undefined;
  /** Only those that no endpoint of this customer got or is to get, or no endpoint at all where it is null. */
  readonly unreachedOf?: string | null | undefined;
}

const COLUMNS = `e.id, e.event, e.customer_id AS "customerId", e.is_test AS "isTest", e.created_at AS "createdAt",
  e.deliver_at AS "deliverAt", e.cancelled_at AS "cancelledAt", e.erased_at AS "erasedAt", e.uid,
  e.occurred_at AS "occurredAt",
  e.metadata, e.deliveries, e.customer_deliveries AS "customerDeliveries"`;

/** Reads accepted events and cancels scheduled ones. */
export class EventStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Newest first, tests left out. */
  async list(
    filter: EventFilter,
    page: PageBounds,
    { withData = false }: { readonly withData?: boolean } = {},
  ): Promise<Found<ListedEvent>> {
    const { after, before, unreachedOf, searchKeys = [] } = filter;
    const { reads } = this.#database;
    const few = await fewEventsWith(reads, searchKeys);
    const list = {
      table: 'events e',
      alias: 'e',
      columns: `${COLUMNS}, ${withData ? shownData('e.event', 'e.data') : 'NULL'} AS "dataText"`,
      indexed: [
        ['e.customer_id = $', filter.customerId],
        ['e.id >= $', after === undefined ? undefined : idAfter('evt', after)],
        ['e.id < $', before === undefined ? undefined : idBefore('evt', before)],
        ['e.id = ANY($)', few?.ids],
        ['e.id IN (SELECT event_id FROM event_uids WHERE uid = $)', filter.uid],
        ['e.id IN (SELECT event_id FROM idempotency_keys WHERE key = $)', filter.idempotencyKey],
      ],
      asked: [
        'NOT e.is_test',
        ['e.event = $', filter.event],
        ['e.created_at >= $', after],
        ['e.created_at < $', before],
        ...(few?.otherKeys ?? searchKeys).map((key): Condition => [hasKey('e.id'), key]),
        ...(unreachedOf === undefined ? [] : [isUnreached(unreachedOf)]),
      ],
      ...(unreachedOf !== undefined && { askedAtOnce: MAX_LOOKED_INTO }),
    } satisfies BoundedList;
    return await lookFor<ListedEvent>(reads, list, page);
  }

  /** One event, with the deliveries of one customer counted, or of all where it is null; null where there is none. */
  async find(id: string, countedCustomerId: string | null): Promise<EventDetail | null> {
    const { rows } = await this.#database.pool.query<EventDetail>(
      `SELECT ${COLUMNS}, ${shownData('e.event', 'e.data')} AS "dataText", coalesce((
           SELECT jsonb_object_agg(status, count) FROM (
             SELECT status, count(*) FROM unnest(e.delivery_ids) AS o(id) JOIN deliveries d ON d.id = o.id
             WHERE $2::text IS NULL OR d.customer_id = $2 GROUP BY status) AS counts),
         '{}') AS "countsByStatus"
       FROM events e WHERE e.id = $1`,
      [id, countedCustomerId],
    );
    return rows[0] ?? null;
  }

  /** Cancels an event whose time has not come, and its deliveries with it. @returns whether this call did */
  async cancelScheduled(id: string): Promise<boolean> {
    return await inTransaction(this.#database.pool, async (client) => {
      // Whoever makes further deliveries of it at this moment has made them, or finds it cancelled.
      await client.query('SELECT FROM events WHERE id = $1 FOR UPDATE', [id]);
      const { rows } = await client.query<{ done: boolean }>(
        `WITH cancelled AS (
           UPDATE events SET cancelled_at = now()
           WHERE id = $1 AND cancelled_at IS NULL AND deliver_at > now() RETURNING delivery_ids),
         ${cancel("USING cancelled c WHERE d.id = ANY(c.delivery_ids) AND d.status = 'scheduled'")}
         SELECT EXISTS (SELECT FROM cancelled) AS done`,
        [id],
      );
      return rows[0]?.done === true;
    });
  }

  /** How many events of a customer (null: of everybody) wait for their time; counts no further than `most`. */
  async countScheduled(customerId: string | null, most: number): Promise<number> {
    const { rows } = await this.#database.reads.query<{ count: number }>(
      `SELECT count(*)::integer AS count FROM (
         SELECT FROM events WHERE customer_id IS NOT DISTINCT FROM $1 AND deliver_at > now() AND cancelled_at IS NULL
         LIMIT $2) AS waiting`,
      [customerId, most],
    );
    return rows[0]?.count ?? 0;
  }

  /** Whether this request was accepted under its idempotency key before. */
  async wasAccepted(idempotency: {
    readonly scope: string;
    readonly key: string;
    readonly requestHash: Buffer;
  }): Promise<boolean> {
    const { rows } = await this.#database.pool.query(
      `SELECT FROM idempotency_keys WHERE scope = $1 AND key = $2 AND request_hash = $3
         AND created_at >= now() - ${IDEMPOTENCY_WINDOW}`,
      [idempotency.scope, idempotency.key, idempotency.requestHash],
    );
    return rows.length > 0;
  }
}

function isUnreached(customerId: string | null): Condition {
  const got = `SELECT FROM unnest(e.delivery_ids) AS o(id) JOIN deliveries d ON d.id = o.id
    WHERE d.status <> 'skipped'`;
  const isMade = 'NOT EXISTS (SELECT FROM event_parts p WHERE p.event_id = e.id AND NOT p.is_skipped)';
  return customerId === null
    ? `${isMade} AND NOT EXISTS (${got})`
    : [`${isMade} AND NOT EXISTS (${got} AND d.customer_id = $)`, customerId];
}
