import { FINEST_GRAIN, GRAIN_KEPT_SECONDS, GRAINS } from '../../domain/rollup-grain.ts';
import type { Database } from '../postgres/database.ts';
import { whileCounting } from '../postgres/locks.ts';
import { factsOf } from './outcome-facts.ts';
import {
  COARSEN_COUNTS_SQL,
  COARSEN_TIMES_SQL,
  FOLD_COUNTS_SQL,
  FOLD_TIMES_SQL,
  MEASURES,
} from './rollup-sql.ts';

/**
 * Rows of outcomes a transaction; each has up to some hundred facts, mostly a few. Counts of many facts cost little
 * more than those of few.
 */
const ROWS_PER_FOLD = 5_000;
const ROWS_PER_REMOVAL = 2_000;
const MINUTES_PER_STEP = 10;

/** Counts outcomes into roll-ups, each exactly once, and removes what has been kept long enough. */
export class OutcomeCounts {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * Counts what was committed since the last time, in one transaction with how far it came. Replicas take turns.
   * @returns whether there is more
   */
  async fold(): Promise<boolean> {
    const isMore = await whileCounting(this.#database, async (client) => {
      const { rows } = await client.query<{ from: string; to: string; end: string }>(TAKE_SQL);
      const [next] = rows;
      if (next === undefined || next.from === next.to) return false;
      const { from, to, end } = next;
      await client.query(FOLD_COUNTS_SQL, [from, to]);
      await client.query(FOLD_TIMES_SQL, [from, to]);
      await client.query(FOLD_ACTIVITY_SQL, [from, to]);
      await client.query('UPDATE rollup_progress SET counted_to = $1', [to]);
      return to !== end;
    });
    return isMore ?? false;
  }

  /**
   * Adds minutes that are over to the coarser stretches; what comes later to them is added to all grains at once. So a
   * minute is added to four grains together, not each time that something is counted in it.
   * @returns whether there is more
   */
  async coarsen(): Promise<boolean> {
    const isMore = await whileCounting(this.#database, async (client) => {
      const { rows } = await client.query<{ from: Date; to: Date; isLast: boolean }>(NEXT_MINUTES_SQL);
      const [next] = rows;
      if (next === undefined) return false;
      const { from, to, isLast } = next;
      await client.query(COARSEN_COUNTS_SQL, [from, to, MEASURES]);
      await client.query(COARSEN_TIMES_SQL, [from, to, MEASURES]);
      await client.query('UPDATE rollup_progress SET coarse_to = $1', [to]);
      return !isLast;
    });
    return isMore ?? false;
  }

  /**
   * Removes outcomes that are counted and older than an hour, and counts of grains that end; repeat while there is
   * more.
   */
  async sweep(): Promise<boolean> {
    const { rowCount: outcomes } = await this.#database.pool.query(REMOVE_OUTCOMES_SQL);
    let most = outcomes ?? 0;
    for (const table of ['rollups', 'rollup_times'] as const) {
      for (const grain of GRAINS) {
        const { rowCount } = await this.#database.pool.query(REMOVE_SQL[table], [
          grain,
          MEASURES,
          GRAIN_KEPT_SECONDS[grain],
        ]);
        most = Math.max(most, rowCount ?? 0);
      }
    }
    return most >= ROWS_PER_REMOVAL;
  }
}

/**
 * Up to the oldest transaction under way nothing can be committed any more that was not seen. A database that was
 * restored into another server counts transactions anew: what its outcomes said may be counted already, and is left
 * out.
 */
const TAKE_SQL = `
  WITH server AS (SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS ended),
  taken AS (SELECT least(p.counted_to, s.ended) AS counted_to, s.ended FROM rollup_progress p, server s),
  reset AS (UPDATE rollup_progress p SET counted_to = s.ended, removed_to = 0 FROM server s
    WHERE p.counted_to > s.ended),
  foreign_rows AS (DELETE FROM outcomes WHERE xid > pg_snapshot_xmax(pg_current_snapshot())::text::bigint),
  page AS (
    SELECT o.xid FROM taken t, outcomes o WHERE o.xid >= t.counted_to AND o.xid < t.ended ORDER BY o.xid
    LIMIT ${ROWS_PER_FOLD})
  SELECT t.counted_to AS "from", t.ended AS "end",
    CASE WHEN (SELECT count(*) FROM page) < ${ROWS_PER_FOLD} THEN t.ended
      ELSE (SELECT max(xid) + 1 FROM page) END AS "to"
  FROM taken t`;

/** The minutes that are over since the last time; few at once, so that no transaction is long after a time away. */
const NEXT_MINUTES_SQL = `
  SELECT p.coarse_to AS "from", least(o.over, p.coarse_to + interval '${MINUTES_PER_STEP} minutes') AS "to",
    o.over <= p.coarse_to + interval '${MINUTES_PER_STEP} minutes' AS "isLast"
  FROM rollup_progress p, (SELECT date_bin('${FINEST_GRAIN} s', now() - interval '1 minute', 'epoch') AS over) o
  WHERE o.over > p.coarse_to`;

const SELECTED = 'o.xid >= $1 AND o.xid < $2';

/** What came late tells nothing of now. */
const FOLD_ACTIVITY_SQL = `
  INSERT INTO endpoint_activity AS a (endpoint_id, last_success_at, last_failure_at, last_error_code)
  SELECT f.endpoint_id, max(f.started_at) FILTER (WHERE f.error_code IS NULL),
    max(f.started_at) FILTER (WHERE f.error_code IS NOT NULL),
    (array_agg(f.error_code ORDER BY f.started_at DESC) FILTER (WHERE f.error_code IS NOT NULL))[1]
  FROM ${factsOf(SELECTED)} f WHERE f.started_at IS NOT NULL AND f.count > 0 GROUP BY 1 ORDER BY 1
  ON CONFLICT (endpoint_id) DO UPDATE SET last_success_at = greatest(a.last_success_at, excluded.last_success_at),
    last_failure_at = greatest(a.last_failure_at, excluded.last_failure_at),
    last_error_code = CASE WHEN excluded.last_failure_at >= coalesce(a.last_failure_at, '-infinity')
      THEN excluded.last_error_code ELSE a.last_error_code END`;

/** Where it stopped the last time, so that nothing walks over what is gone already. */
const REMOVE_OUTCOMES_SQL = `
  WITH page AS (
    SELECT o.xid, o.noted_at FROM rollup_progress p, outcomes o
    WHERE o.xid >= p.removed_to AND o.xid < p.counted_to ORDER BY o.xid LIMIT ${ROWS_PER_REMOVAL}),
  old AS (SELECT max(xid) AS xid FROM page WHERE noted_at < now() - interval '1 hour'),
  noted AS (UPDATE rollup_progress p SET removed_to = old.xid + 1 FROM old WHERE old.xid >= p.removed_to)
  DELETE FROM outcomes o USING rollup_progress p, old WHERE o.xid >= p.removed_to AND o.xid <= old.xid`;

const REMOVE_SQL = {
  rollups: removeOldest('rollups'),
  rollup_times: removeOldest('rollup_times'),
} as const;

function removeOldest(table: 'rollups' | 'rollup_times'): string {
  return `DELETE FROM ${table} WHERE ctid = ANY(ARRAY(
    SELECT ctid FROM ${table} WHERE grain = $1 AND measure = ANY($2)
      AND bucket < least(now() - make_interval(secs => $3), (SELECT coarse_to FROM rollup_progress))
    LIMIT ${ROWS_PER_REMOVAL}))`;
}
