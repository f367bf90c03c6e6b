import type { DeliveryStatus } from '../../domain/delivery.ts';
import type { ClassCount } from '../../domain/time-classes.ts';
import { FORMERLY } from '../open/note-outcomes.ts';
import { allOf } from '../postgres/conditions.ts';
import type { Database } from '../postgres/database.ts';
import { OPEN, WAITING } from '../postgres/statuses.ts';
import { countSource, notOfListeners, type StatsScope, timeSource } from './stats-sql.ts';

/** Counts of attempts that began within a span. */
export interface AttemptStats {
  readonly total: number;
  readonly succeeded: number;
  /** How long those took that were answered. */
  readonly latencies: readonly ClassCount[];
  /** The most frequent first, as below. */
  readonly byStatusCode: readonly { readonly statusCode: number; readonly count: number }[];
  readonly byErrorCode: readonly { readonly errorCode: string; readonly count: number }[];
}

/** Deliveries that are held back at the endpoint's gate, and those that wait for an attempt without being held. */
export interface Backlog {
  readonly held: number;
  readonly waiting: number;
}

/** Counts over attempts and deliveries for people, from roll-ups. What the `test` action sent is left out. */
export class StatsStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Counts attempts. */
  async ofAttempts(scope: StatsScope): Promise<AttemptStats> {
    const counts = countSource(scope, ['attempts']);
    const times = timeSource(scope, ['latency']);
    const [{ rows }, { rows: latencies }] = await Promise.all([
      this.#database.reads.query<AttemptGroup>(
        `SELECT s.status_code AS "statusCode", s.error_code AS "errorCode", sum(s.count)::float8 AS count
         FROM ${counts.text} s GROUP BY 1, 2`,
        counts.values,
      ),
      this.#database.reads.query<ClassCount>(
        `SELECT s.class, sum(s.count)::float8 AS count FROM ${times.text} s GROUP BY 1`,
        times.values,
      ),
    ]);
    return { ...toAttemptStats(rows), latencies };
  }

  /** How many of the deliveries created within the span stand where now; states without any are absent. */
  async ofDeliveries(scope: StatsScope): Promise<ReadonlyMap<DeliveryStatus, number>> {
    const ended = countSource(scope, ['standing']);
    const open = openIn(scope);
    const [{ rows }, { rows: openRows }] = await Promise.all([
      this.#database.reads.query<{ status: DeliveryStatus; count: number }>(
        `SELECT s.status, sum(s.count)::float8 AS count FROM ${ended.text} s GROUP BY 1`,
        ended.values,
      ),
      this.#database.reads.query<{ status: DeliveryStatus; former: DeliveryStatus | null; count: number }>(
        `SELECT status, former, count(*)::float8 AS count FROM (${open.text}) AS o GROUP BY 1, 2`,
        open.values,
      ),
    ]);
    const standing = new Map<DeliveryStatus, number>();
    const add = (status: DeliveryStatus, count: number) =>
      standing.set(status, (standing.get(status) ?? 0) + count);
    for (const { status, count } of rows) add(status, count);
    for (const { status, former, count } of openRows) {
      add(status, count);
      if (former !== null) add(former, -count);
    }
    return new Map([...standing].filter(([, count]) => count > 0));
  }

  /** How much is open for an endpoint now, whenever it was created; read from two small indexes. */
  async ofBacklog(endpointId: string): Promise<Backlog> {
    const { rows } = await this.#database.reads.query<Backlog>(
      `SELECT (SELECT count(*)::integer FROM open_deliveries WHERE endpoint_id = $1 AND status = 'held') AS held,
         (SELECT count(*)::integer FROM open_deliveries WHERE endpoint_id = $1 AND status IN (${WAITING})) AS waiting`,
      [endpointId],
    );
    return rows[0] ?? { held: 0, waiting: 0 };
  }
}

/** What is open and was created within a scope, with the state in which it had ended before. */
function openIn({ after, before, customerId, endpointIds }: StatsScope) {
  const { text, values } = allOf([
    `d.status IN (${OPEN})`,
    'NOT d.is_test',
    ['d.created_at >= $', after],
    ['d.created_at < $', before],
    ['d.customer_id = $', customerId],
    endpointIds === undefined ? notOfListeners('d.endpoint_id') : ['d.endpoint_id = ANY($)', endpointIds],
  ]);
  return { text: `SELECT d.status, ${FORMERLY} AS former FROM deliveries d WHERE ${text}`, values };
}

interface AttemptGroup {
  readonly statusCode: number | null;
  readonly errorCode: string | null;
  readonly count: number;
}

function toAttemptStats(groups: readonly AttemptGroup[]): Omit<AttemptStats, 'latencies'> {
  const sum = (of: readonly AttemptGroup[]) => of.reduce((total, { count }) => total + count, 0);
  return {
    total: sum(groups),
    succeeded: sum(groups.filter(({ errorCode }) => errorCode === null)),
    byStatusCode: sumBy(groups, ({ statusCode }) => statusCode).map(([statusCode, count]) => ({
      statusCode,
      count,
    })),
    byErrorCode: sumBy(groups, ({ errorCode }) => errorCode).map(([errorCode, count]) => ({
      errorCode,
      count,
    })),
  };
}

/** Sums by a key, the most frequent first, then by key; groups without the key and without any count are left out. */
function sumBy<K extends string | number>(
  groups: readonly AttemptGroup[],
  keyOf: (group: AttemptGroup) => K | null,
): readonly (readonly [K, number])[] {
  const sums = new Map<K, number>();
  for (const group of groups) {
    const key = keyOf(group);
    if (key !== null) sums.set(key, (sums.get(key) ?? 0) + group.count);
  }
  return [...sums]
    .filter(([, count]) => count !== 0)
    .sort(([a, more], [b, less]) => less - more || (a < b ? -1 : 1));
}
