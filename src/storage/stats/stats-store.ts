import type { DeliveryStatus } from '../../domain/delivery.ts';
import type { Database } from '../postgres/database.ts';
import { WAITING } from '../postgres/statuses.ts';

/** What to count: a span of time (start included, end not), of one customer or endpoint or of all. */
export interface StatsScope {
  readonly customerId?: string;
  readonly endpointId?: string;
  readonly after: Date;
  readonly before: Date;
}

/** Counts of attempts that began within a span; latencies in milliseconds of those that were answered, null where none was. */
export interface AttemptStats {
  readonly total: number;
  readonly succeeded: number;
  readonly latencyMs: { readonly p50: number; readonly p95: number; readonly p99: number } | null;
  readonly byStatusCode: readonly { readonly statusCode: number; readonly count: number }[];
  readonly byErrorCode: readonly { readonly errorCode: string; readonly count: number }[];
}

/** Deliveries that are held back at the endpoint's gate, and those that wait for an attempt without being held. */
export interface Backlog {
  readonly held: number;
  readonly waiting: number;
}

/** Counts over attempts and deliveries for people. What the `test` action sent is left out. */
export class StatsStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Counts attempts in one pass over them. */
  async ofAttempts(scope: StatsScope): Promise<AttemptStats> {
    const { rows } = await this.#database.reads.query<AttemptGroup>(
      `SELECT grouping(a.status_code, a.error_code) AS grouping, a.status_code, a.error_code,
         count(*)::integer AS count, (count(*) FILTER (WHERE a.error_code IS NULL))::integer AS succeeded,
         percentile_cont(ARRAY[0.5, 0.95, 0.99]) WITHIN GROUP (ORDER BY a.duration_ms)
           FILTER (WHERE a.status_code IS NOT NULL) AS latencies
       FROM attempts a
       WHERE a.started_at >= $1 AND a.started_at < $2 AND ($3::text IS NULL OR a.endpoint_id = $3)
         AND ($4::text IS NULL OR a.endpoint_id IN (SELECT id FROM endpoints WHERE customer_id = $4))
         AND a.trigger <> 'test'
         AND NOT (a.trigger = 'manual' AND EXISTS (SELECT FROM deliveries d WHERE d.id = a.delivery_id AND d.is_test))
       GROUP BY GROUPING SETS ((), (a.status_code), (a.error_code))
       ORDER BY count(*) DESC, a.status_code, a.error_code`,
      [scope.after, scope.before, scope.endpointId ?? null, scope.customerId ?? null],
    );
    return toAttemptStats(rows);
  }

  /** How many of the deliveries created within the span stand where now; states without any are absent. */
  async ofDeliveries(scope: StatsScope): Promise<ReadonlyMap<DeliveryStatus, number>> {
    const { rows } = await this.#database.reads.query<{ status: DeliveryStatus; count: number }>(
      `SELECT d.status, count(*)::integer AS count FROM deliveries d
       WHERE d.created_at >= $1 AND d.created_at < $2 AND ($3::text IS NULL OR d.endpoint_id = $3)
         AND ($4::text IS NULL OR d.customer_id = $4) AND NOT d.is_test
       GROUP BY d.status`,
      [scope.after, scope.before, scope.endpointId ?? null, scope.customerId ?? null],
    );
    return new Map(rows.map(({ status, count }) => [status, count]));
  }

  /** How much is open for an endpoint now, whenever it was created; read from two small indexes. */
  async ofBacklog(endpointId: string): Promise<Backlog> {
    const { rows } = await this.#database.reads.query<Backlog>(
      `SELECT (SELECT count(*)::integer FROM deliveries WHERE endpoint_id = $1 AND status = 'held') AS held,
         (SELECT count(*)::integer FROM deliveries WHERE endpoint_id = $1 AND status IN (${WAITING})) AS waiting`,
      [endpointId],
    );
    return rows[0] ?? { held: 0, waiting: 0 };
  }
}

interface AttemptGroup {
  /** Postgres `grouping()`: 3 all attempts, 1 by status code, 2 by error code. */
  readonly grouping: number;
  readonly status_code: number | null;
  readonly error_code: string | null;
  readonly count: number;
  readonly succeeded: number;
  readonly latencies: readonly number[] | null;
}

const ALL = 3;
const BY_STATUS_CODE = 1;
const BY_ERROR_CODE = 2;

function toAttemptStats(groups: readonly AttemptGroup[]): AttemptStats {
  const all = groups.find(({ grouping }) => grouping === ALL);
  const [p50, p95, p99] = all?.latencies ?? [];
  const isMeasured = p50 !== undefined && p95 !== undefined && p99 !== undefined;
  return {
    total: all?.count ?? 0,
    succeeded: all?.succeeded ?? 0,
    latencyMs: isMeasured ? { p50, p95, p99 } : null,
    byStatusCode: groups.flatMap(({ grouping, status_code: statusCode, count }) =>
      grouping === BY_STATUS_CODE && statusCode !== null ? [{ statusCode, count }] : [],
    ),
    byErrorCode: groups.flatMap(({ grouping, error_code: errorCode, count }) =>
      grouping === BY_ERROR_CODE && errorCode !== null ? [{ errorCode, count }] : [],
    ),
  };
}
