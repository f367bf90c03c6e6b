import type { Client } from 'pg';
import { GRAIN_KEPT_SECONDS, GRAINS } from '../../../src/domain/rollup-grain.ts';
import { classOf } from '../../../src/domain/time-classes.ts';

/** Milliseconds that attempts take by turns, from the shortest to the longest. */
const TIMES_MS = [20, 50, 80, 120, 200];

/** Counts all that has ended, as roll-ups would have been by now, each as long as its grain is kept. */
export async function fillFigures(postgres: Client): Promise<void> {
  const kept = GRAINS.map((grain) => GRAIN_KEPT_SECONDS[grain]);
  await postgres.query(`SET work_mem = '256MB'`);
  await postgres.query(COUNTS_SQL, [GRAINS, kept]);
  await postgres.query(TIMES_SQL, [TIMES_MS.map(classOf)]);
  await postgres.query('RESET work_mem');
  await postgres.query('VACUUM ANALYZE rollups, rollup_times');
}

const COUNTS_SQL = `
  WITH told AS MATERIALIZED (
    SELECT created_at AS at, customer_id, endpoint_id, event, status, last_status_code AS status_code,
      last_error_code AS error_code, sum(attempts_made) AS attempts, count(*) AS deliveries
    FROM ended_deliveries GROUP BY 1, 2, 3, 4, 5, 6, 7)
  INSERT INTO rollups AS r (grain, measure, bucket, customer_id, endpoint_id, event, status, status_code, error_code,
    count)
  SELECT g.grain, m.measure, date_bin(make_interval(secs => g.grain), t.at, 'epoch') AS bucket, t.customer_id,
    m.endpoint_id, t.event, m.status, m.status_code, m.error_code, sum(m.count)
  FROM told t, unnest($1::integer[], $2::integer[]) AS g(grain, kept_seconds), LATERAL (VALUES
    ('attempts', t.endpoint_id, NULL, t.status_code, t.error_code, t.attempts),
    ('ended', t.endpoint_id, t.status, t.status_code, t.error_code, t.deliveries),
    ('standing', t.endpoint_id, t.status, NULL, NULL, t.deliveries),
    ('created', t.endpoint_id, NULL, NULL, NULL, t.deliveries),
    ('published', NULL, NULL, NULL, NULL, t.deliveries)
  ) AS m(measure, endpoint_id, status, status_code, error_code, count)
  WHERE t.at > now() - make_interval(secs => g.kept_seconds) AND m.count > 0
  GROUP BY g.grain, m.measure, bucket, t.customer_id, m.endpoint_id, t.event, m.status, m.status_code, m.error_code
  ON CONFLICT (grain, measure, endpoint_id, bucket, event, status, status_code, error_code, customer_id)
  DO UPDATE SET count = r.count + excluded.count`;

/** As many in each class. */
const TIMES_SQL = `
  INSERT INTO rollup_times (grain, measure, bucket, customer_id, endpoint_id, classes, counts)
  SELECT r.grain, m.measure, r.bucket, r.customer_id, r.endpoint_id, $1::smallint[],
    array_fill(ceil(sum(r.count) / cardinality($1::smallint[]))::bigint, ARRAY[cardinality($1::smallint[])])
  FROM rollups r, (VALUES ('latency'), ('delay')) AS m(measure) WHERE r.measure = 'attempts'
  GROUP BY r.grain, m.measure, r.bucket, r.customer_id, r.endpoint_id
  ON CONFLICT DO NOTHING`;
