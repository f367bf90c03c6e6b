import { FINEST_GRAIN } from '../../domain/rollup-grain.ts';
import { CLASS_RATIO, SHORTEST_MS } from '../../domain/time-classes.ts';

/** SQL: the outcomes `o` that are not counted yet. */
export const NOT_COUNTED = 'o.xid >= (SELECT counted_to FROM rollup_progress)';

/** SQL: one row a fact of the outcomes `o` that a condition selects. */
export function factsOf(condition: string): string {
  return `(SELECT o.xid, o.number AS outcome, o.noted_at, f.* FROM outcomes o,
    LATERAL unnest(o.delivery_ids, o.endpoint_ids, o.customer_ids, o.events,
      o.created_ats, o.counts, o.became, o.formers, o.numbers, o.triggers, o.started_ats, o.delays_ms,
        o.durations_ms, o.status_codes, o.error_codes)
      WITH ORDINALITY AS f(delivery_id, endpoint_id, customer_id, event, created_at, count, became, former, number,
        trigger,
        started_at, delay_ms, duration_ms, status_code, error_code, place)
    WHERE ${condition})`;
}

/** SQL: the same facts with whole minutes for times, one row for all that differ in nothing that is counted. */
export function summedFactsOf(condition: string): string {
  const minute = (column: string) => `date_bin('${FINEST_GRAIN} s', f.${column}, 'epoch') AS ${column}`;
  return `(SELECT CASE WHEN f.delivery_id IS NOT NULL THEN 'some' END AS delivery_id, ${minute('started_at')},
    ${minute('noted_at')},
      ${minute('created_at')}, f.endpoint_id, f.customer_id, f.event, f.became, f.former, f.status_code,
        f.error_code, sum(f.count) AS count
    FROM ${factsOf(condition)} f GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)`;
}

/** SQL: what facts of outcomes add to counts, in the columns of `rollups`, with the times of the facts. */
export function countsIn(facts: string): string {
  return `(SELECT c.* FROM ${facts} f, LATERAL (VALUES
      ('attempts', f.started_at, NULL, f.status_code, f.error_code, f.count),
      ('ended', CASE WHEN f.became IS DISTINCT FROM f.former THEN f.noted_at END, f.became, f.status_code,
        f.error_code, f.count),
      ('standing', CASE WHEN f.became IS NOT NULL THEN f.created_at END, f.became, NULL, NULL, f.count),
      ('standing', CASE WHEN f.became IS NOT NULL AND f.former IS NOT NULL THEN f.created_at END,
        f.former, NULL, NULL, -f.count),
      (CASE WHEN f.endpoint_id IS NULL THEN 'published' ELSE 'created' END, CASE WHEN f.delivery_id IS NULL
        THEN f.created_at END,
        NULL, NULL, NULL, f.count)
    ) AS v(measure, at, status, status_code, error_code, count),
    LATERAL (SELECT v.measure, v.at, f.customer_id, f.endpoint_id, f.event, v.status, v.status_code, v.error_code,
      v.count) c
    WHERE c.at IS NOT NULL AND (c.measure <> 'ended' OR c.status IS NOT NULL))`;
}

/**
 * SQL: what they add to counts of times, in the columns of `rollup_times`, with exact times. Only attempts that were
 * answered have a latency.
 */
export function timesIn(condition: string): string {
  return `(SELECT v.measure, f.started_at AS at, f.customer_id, f.endpoint_id, ${classOf('v.ms')} AS class, f.count
    FROM ${factsOf(condition)} f, LATERAL (VALUES
      ('latency', CASE WHEN f.status_code IS NOT NULL THEN f.duration_ms END),
      ('delay', f.delay_ms)) AS v(measure, ms)
    WHERE f.started_at IS NOT NULL AND v.ms IS NOT NULL)`;
}

/** SQL: `classOf` of the domain. */
function classOf(ms: string): string {
  return `(CASE WHEN ${ms} <= ${SHORTEST_MS} THEN 0
    ELSE ceil(ln(${ms} / ${SHORTEST_MS}) / ln(${CLASS_RATIO})) END)::smallint`;
}
