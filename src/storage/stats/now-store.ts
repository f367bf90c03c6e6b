import { type HeldDelivery, type HoldReason, holdReasonOf } from '../../domain/hold-reason.ts';
import { FAILS } from '../endpoints/endpoint-filter.ts';
import { type CappedCount, capped, MAX_COUNTED } from '../postgres/capped-count.ts';
import { allOf } from '../postgres/conditions.ts';
import type { Database } from '../postgres/database.ts';
import { WAITING } from '../postgres/statuses.ts';

/** How things stand at this moment, of one customer or of all. */
export interface Now {
  readonly asOf: Date;
  /** Queued or retrying. */
  readonly waiting: CappedCount;
  readonly sending: CappedCount;
  readonly scheduled: CappedCount;
  readonly dead: CappedCount;
  readonly held: CappedCount;
  /** Of those counted. */
  readonly heldBy: ReadonlyMap<HoldReason, number>;
  /** Since when the oldest is due that nobody sends and nothing holds back; null where there is none. */
  readonly oldestDueAt: Date | null;
  readonly endpoints: EndpointCounts;
}

/** How many endpoints are in which state. */
export interface EndpointCounts {
  readonly enabled: number;
  readonly paused: number;
  readonly disabled: number;
  readonly breakersOpen: number;
  readonly breakersHalfOpen: number;
  readonly failing: number;
}

/** Tells how things stand, by small indexes and bounded looks. */
export class NowStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** @param customerId all where undefined */
  async read(customerId: string | undefined): Promise<Now> {
    const [open, held, endpoints] = await Promise.all([
      this.#open(customerId),
      this.#held(customerId),
      this.#endpoints(customerId),
    ]);
    const { asOf, oldestDueAt } = open;
    return {
      asOf,
      waiting: capped(open.waiting),
      sending: capped(open.sending),
      scheduled: capped(open.scheduled),
      dead: capped(open.dead),
      held: capped([...held.values()].reduce((sum, count) => sum + count, 0)),
      heldBy: held,
      oldestDueAt,
      endpoints,
    };
  }

  async #open(customerId: string | undefined): Promise<OpenRow> {
    const scope = allOf([['d.customer_id = $', customerId]]);
    const { rows } = await this.#database.reads.query<OpenRow>(
      `SELECT now() AS "asOf", ${upTo(`d.status IN (${WAITING}) AND ${scope.text}`)} AS waiting,
         ${upTo(`d.status = 'sending' AND ${scope.text}`)} AS sending,
         ${upTo(`d.status = 'scheduled' AND ${scope.text}`)} AS scheduled,
         ${upTo(`d.status = 'dead' AND NOT d.is_test AND ${scope.text}`)} AS dead,
         (SELECT min(d.due_at) FROM deliveries d WHERE d.status IN (${WAITING}) AND d.due_at < now()
           AND ${scope.text}) AS "oldestDueAt"`,
      scope.values,
    );
    const [row] = rows;
    if (row === undefined) throw new Error('a query of counts returned nothing');
    return row;
  }

  /** By what holds them, endpoint by endpoint: of those that keep the order all but the first wait for it. */
  async #held(customerId: string | undefined): Promise<ReadonlyMap<HoldReason, number>> {
    const scope = allOf(["d.status = 'held'", ['d.customer_id = $', customerId]]);
    const { rows } = await this.#database.reads.query<HeldGroup>(
      `SELECT e.status AS "endpointStatus", coalesce(h.state, 'closed') AS "breakerState", e.rate_limit AS "rateLimit",
         e.max_concurrency AS "maxConcurrency", e.batch, e.ordered, g.batch_id AS "batchId", g.is_early AS "isEarly",
         g.has_predecessor AS "hasPredecessor", g.count
       FROM (SELECT s.endpoint_id, min(s.batch_id) AS batch_id, s.is_early, s.has_predecessor,
         count(*)::integer AS count
         FROM (SELECT d.endpoint_id, d.batch_id, coalesce(d.due_at > now(), false) AS is_early,
             d.position IS NOT NULL AND d.position > min(d.position) OVER
               (PARTITION BY d.endpoint_id) AS has_predecessor
           FROM (SELECT * FROM deliveries d WHERE ${scope.text} LIMIT ${MAX_COUNTED + 1}) d) s
         GROUP BY s.endpoint_id, s.batch_id IS NULL, s.is_early, s.has_predecessor) g
       JOIN endpoints e ON e.id = g.endpoint_id LEFT JOIN endpoint_health h ON h.endpoint_id = e.id`,
      scope.values,
    );
    const counts = new Map<HoldReason, number>();
    for (const { count, ...held } of rows) {
      const reason = holdReasonOf(held);
      counts.set(reason, (counts.get(reason) ?? 0) + count);
    }
    return counts;
  }

  async #endpoints(customerId: string | undefined): Promise<EndpointCounts> {
    const scope = allOf(['e.deleted_at IS NULL', ['e.customer_id = $', customerId]]);
    const { rows } = await this.#database.reads.query<EndpointCounts>(
      `SELECT (count(*) FILTER (WHERE e.status = 'enabled'))::integer AS enabled,
         (count(*) FILTER (WHERE e.status = 'paused'))::integer AS paused,
         (count(*) FILTER (WHERE e.status = 'disabled'))::integer AS disabled,
         (count(*) FILTER (WHERE h.state = 'open'))::integer AS "breakersOpen",
         (count(*) FILTER (WHERE h.state = 'half_open'))::integer AS "breakersHalfOpen",
         (count(*) FILTER (WHERE ${FAILS}))::integer AS failing
       FROM endpoints e LEFT JOIN endpoint_health h ON h.endpoint_id = e.id WHERE ${scope.text}`,
      scope.values,
    );
    const [row] = rows;
    if (row === undefined) throw new Error('a query of counts returned nothing');
    return row;
  }
}

interface OpenRow {
  readonly asOf: Date;
  readonly waiting: number;
  readonly sending: number;
  readonly scheduled: number;
  readonly dead: number;
  readonly oldestDueAt: Date | null;
}

interface HeldGroup extends HeldDelivery {
  readonly count: number;
}

/** SQL: how many deliveries `d` meet a condition, looking no further than one more than is counted. */
function upTo(condition: string): string {
  return `(SELECT count(*)::integer FROM (SELECT FROM deliveries d WHERE ${condition} LIMIT ${MAX_COUNTED + 1})
    counted)`;
}
