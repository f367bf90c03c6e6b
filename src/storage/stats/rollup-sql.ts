import { FINEST_GRAIN, GRAINS } from '../../domain/rollup-grain.ts';
import { countsIn, summedFactsOf, timesIn } from './outcome-facts.ts';

/** Everything that is counted, which indexes of roll-ups want to be asked for by name. */
export const MEASURES = [
  'attempts',
  'ended',
  'standing',
  'created',
  'published',
  'latency',
  'delay',
] as const;

const COARSE_GRAINS = GRAINS.filter((grain) => grain !== FINEST_GRAIN).join(', ');
/** Every grain with the time before which it is to have what is counted now. */
const REACHES = `(SELECT ${FINEST_GRAIN}, 'infinity'::timestamptz
    UNION ALL SELECT unnest(ARRAY[${COARSE_GRAINS}]), coarse_to FROM rollup_progress) AS g(grain, reach)`;
const COARSER = `(SELECT unnest(ARRAY[${COARSE_GRAINS}]), 'infinity'::timestamptz) AS g(grain, reach)`;

const SELECTED = 'o.xid >= $1 AND o.xid < $2';
const FRESH = (table: string): string =>
  `SELECT r.*, r.bucket AS at FROM ${table} r
    WHERE r.grain = ${FINEST_GRAIN} AND r.measure = ANY($3) AND r.bucket >= $1 AND r.bucket < $2`;
const FRESH_TIMES = `SELECT f.*, c.class, c.count FROM (${FRESH('rollup_times')}) f,
  unnest(f.classes, f.counts) AS c(class, count)`;

/** SQL: counts what outcomes of transactions $1 up to $2 say. */
export const FOLD_COUNTS_SQL = addCounts(countsIn(summedFactsOf(SELECTED)), REACHES);
export const FOLD_TIMES_SQL = addTimes(timesIn(SELECTED), REACHES);

/** SQL: adds what is counted by the finest grain from $1 up to $2 to the coarser ones; $3 are `MEASURES`. */
export const COARSEN_COUNTS_SQL = addCounts(`(${FRESH('rollups')})`, COARSER);
export const COARSEN_TIMES_SQL = addTimes(`(${FRESH_TIMES})`, COARSER);

function addCounts(source: string, grains: string): string {
  return `
  INSERT INTO rollups AS r (grain, measure, bucket, customer_id, endpoint_id, event, status, status_code,
    error_code, count)
  ${byGrain(source, grains, 'event, status, status_code, error_code')}
  ON CONFLICT (grain, measure, endpoint_id, bucket, event, status, status_code, error_code, customer_id)
  DO UPDATE SET count = r.count + excluded.count`;
}

function addTimes(source: string, grains: string): string {
  return `
  INSERT INTO rollup_times AS r (grain, measure, bucket, customer_id, endpoint_id, classes, counts)
  SELECT grain, measure, bucket, customer_id, endpoint_id, array_agg(class ORDER BY class),
    array_agg(count ORDER BY class)
  FROM (${byGrain(source, grains, 'class')}) c GROUP BY 1, 2, 3, 4, 5
  ON CONFLICT (grain, measure, endpoint_id, bucket, customer_id) DO UPDATE SET (classes, counts) = (
    SELECT array_agg(c.class ORDER BY c.class), array_agg(c.count ORDER BY c.class) FROM (
      SELECT class, sum(count) AS count FROM (
        SELECT * FROM unnest(r.classes, r.counts) UNION ALL SELECT * FROM unnest(excluded.classes, excluded.counts)
      ) AS former_and_new(class, count) GROUP BY 1) AS c)`;
}

/**
 * SQL: counts with exact times, summed by the stretches of some grains. They are summed by the finest first, as each
 * coarser stretch consists of whole finer ones.
 * @param split what counts are kept apart by, beside measure, customer and endpoint
 */
function byGrain(source: string, grains: string, split: string): string {
  return `SELECT g.grain, c.measure, date_bin(make_interval(secs => g.grain), c.fine, 'epoch') AS bucket, c.customer_id,
    c.endpoint_id, ${split}, sum(c.count)::bigint AS count
  FROM (SELECT date_bin('${FINEST_GRAIN} s', at, 'epoch') AS fine, measure, customer_id, endpoint_id, ${split},
    sum(count) AS count
    FROM ${source} AS exact GROUP BY fine, measure, customer_id, endpoint_id, ${split}) c JOIN ${grains}
      ON c.fine < g.reach
  GROUP BY g.grain, c.measure, bucket, c.customer_id, c.endpoint_id, ${split} HAVING sum(c.count) <> 0`;
}
