import type { Database } from '../postgres/database.ts';
import { factsOf } from './outcome-facts.ts';

/**
 * How far a reader of outcomes has come, in the order in which they were committed: a transaction, a row of it, a fact
 * of the row. `atMs` is when that was noted.
 */
export interface FeedPosition {
  readonly xid: bigint;
  readonly row: bigint;
  readonly place: number;
  readonly atMs: number;
}

/** One thing that happened to a delivery: an attempt, or an end without one (`attempt` null). Tests are left out. */
export interface FeedOutcome {
  readonly position: FeedPosition;
  readonly deliveryId: string;
  readonly endpointId: string;
  /** The endpoint's customer. */
  readonly customerId: string | null;
  readonly event: string;
  /** The state in which it ended; null where it is open. */
  readonly became: 'delivered' | 'dead' | 'cancelled' | 'skipped' | null;
  readonly attempt: number | null;
  readonly trigger: 'automatic' | 'manual' | 'test' | null;
  readonly startedAt: Date | null;
  readonly durationMs: number | null;
  readonly statusCode: number | null;
  readonly errorCode: string | null;
}

/** What came after a position, and from where to go on. */
export interface FeedPage {
  readonly outcomes: readonly FeedOutcome[];
  readonly next: FeedPosition;
  /** Whether there is more already. */
  readonly isFull: boolean;
}

/** Each has up to some hundred facts, mostly a few. */
const ROWS_A_PAGE = 200;

/**
 * Reads what happened to deliveries in the order in which it was committed, so that nothing is missed; for about an
 * hour.
 */
export class OutcomeFeed {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** The place behind everything that is committed before every transaction under way. */
  async head(): Promise<FeedPosition> {
    const { rows } = await this.#database.pool.query<{ ended: string; nowMs: number }>(HEAD_SQL);
    return placeBefore(rows[0]?.ended ?? '0', rows[0]?.nowMs ?? Date.now());
  }

  /** The place before the oldest that is kept. */
  async oldest(): Promise<FeedPosition> {
    const { rows } = await this.#database.pool.query<{ xid: string; atMs: number }>(OLDEST_SQL);
    return placeBefore(rows[0]?.xid ?? '0', rows[0]?.atMs ?? Date.now());
  }

  /** Whether everything that came after a position is kept. What another server wrote, before a restore, is not. */
  async isKept(position: FeedPosition): Promise<boolean> {
    const { rows } = await this.#database.pool.query<{ isKept: boolean }>(IS_KEPT_SQL, [
      String(position.xid),
    ]);
    return rows[0]?.isKept ?? false;
  }

  /** What came after a position. */
  async after(position: FeedPosition): Promise<FeedPage> {
    const { xid, row, place } = position;
    const { rows } = await this.#database.pool.query<FeedRow>(PAGE_SQL, [String(xid), String(row), place]);
    const [first] = rows;
    if (first === undefined) return { outcomes: [], next: position, isFull: false };
    const outcomes = rows.flatMap((found) => (found.deliveryId === null ? [] : [outcomeOf(found)]));
    const isFull = first.rowsFound === ROWS_A_PAGE;
    const last = { xid: BigInt(first.lastXid), row: BigInt(first.lastRow), place: first.lastPlace };
    const next = isFull ? { ...last, atMs: first.nowMs } : placeBefore(first.ended, first.nowMs);
    return { outcomes, next, isFull };
  }
}

/** Whether one place comes before another. */
export function isBefore(one: FeedPosition, other: FeedPosition): boolean {
  if (one.xid !== other.xid) return one.xid < other.xid;
  if (one.row !== other.row) return one.row < other.row;
  return one.place < other.place;
}

interface FeedRow {
  readonly ended: string;
  readonly nowMs: number;
  readonly rowsFound: number;
  readonly lastXid: string;
  readonly lastRow: string;
  readonly lastPlace: number;
  readonly xid: string;
  readonly row: string;
  readonly place: number;
  readonly atMs: number;
  readonly deliveryId: string | null;
  readonly endpointId: string;
  readonly customerId: string | null;
  readonly event: string;
  readonly became: FeedOutcome['became'];
  readonly attempt: number | null;
  readonly trigger: FeedOutcome['trigger'];
  readonly startedAt: Date | null;
  readonly durationMs: number | null;
  readonly statusCode: number | null;
  readonly errorCode: string | null;
}

function outcomeOf({ xid, row, place, atMs, ...found }: FeedRow): FeedOutcome {
  const { deliveryId, endpointId, customerId, event, became, attempt, trigger } = found;
  const { startedAt, durationMs, statusCode, errorCode } = found;
  return {
    position: { xid: BigInt(xid), row: BigInt(row), place, atMs },
    deliveryId: deliveryId ?? '',
    endpointId,
    customerId,
    event,
    became,
    attempt,
    trigger,
    startedAt,
    durationMs,
    statusCode,
    errorCode,
  };
}

function placeBefore(xid: string, atMs: number): FeedPosition {
  return { xid: BigInt(xid), row: 0n, place: 0, atMs };
}

const ENDED = 'pg_snapshot_xmin(pg_current_snapshot())::text::bigint';
const msOf = (time: string): string => `(extract(epoch FROM ${time}) * 1000)::float8`;

const HEAD_SQL = `SELECT ${ENDED} AS ended, ${msOf('now()')} AS "nowMs"`;

const OLDEST_SQL = `
  SELECT coalesce(o.xid, p.counted_to) AS xid, ${msOf('coalesce(o.noted_at, now())')} AS "atMs"
  FROM rollup_progress p LEFT JOIN LATERAL (
    SELECT o.xid, o.noted_at FROM outcomes o WHERE o.xid >= p.removed_to ORDER BY o.xid LIMIT 1) o ON true`;

const IS_KEPT_SQL = `
  SELECT $1::bigint >= p.removed_to AND $1::bigint <= pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS "isKept"
  FROM rollup_progress p`;

/** A correction of what was said before (`count` -1) is no news. */
const PAGE_SQL = `
  WITH server AS (SELECT ${ENDED} AS ended, now() AS at),
  page AS MATERIALIZED (
    SELECT o.ctid AS at, o.xid, o.number, cardinality(o.delivery_ids) AS facts FROM server s, outcomes o
    WHERE o.xid >= $1 AND o.xid < s.ended AND (o.xid, o.number) >= ($1::bigint, $2::bigint)
      AND o.delivery_ids IS NOT NULL
    ORDER BY o.xid, o.number LIMIT ${ROWS_A_PAGE}),
  last AS (SELECT xid, number, facts FROM page ORDER BY xid DESC, number DESC LIMIT 1)
  SELECT s.ended, ${msOf('s.at')} AS "nowMs", (SELECT count(*)::integer FROM page) AS "rowsFound",
    coalesce(l.xid, 0) AS "lastXid", coalesce(l.number, 0) AS "lastRow", coalesce(l.facts, 0) AS "lastPlace",
    f.xid, f.outcome AS row, f.place::integer AS place, ${msOf('f.noted_at')} AS "atMs", f.delivery_id AS "deliveryId",
    f.endpoint_id AS "endpointId", f.customer_id AS "customerId", f.event, f.became, f.number AS attempt, f.trigger,
    f.started_at AS "startedAt", f.duration_ms AS "durationMs", f.status_code AS "statusCode",
    f.error_code AS "errorCode"
  FROM server s LEFT JOIN last l ON true LEFT JOIN ${factsOf('o.ctid IN (SELECT at FROM page)')} f
    ON f.count > 0 AND (f.xid, f.outcome, f.place) > ($1::bigint, $2::bigint, $3::bigint)
  ORDER BY f.xid, f.outcome, f.place`;
