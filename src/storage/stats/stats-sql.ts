import { FINEST_GRAIN, piecesOf, type Span } from '../../domain/rollup-grain.ts';
import { allOf, type Condition } from '../postgres/conditions.ts';
import { countsIn, factsOf, NOT_COUNTED, timesIn } from './outcome-facts.ts';

/**
 * What to count: a span of whole stretches of time (see `wholeSpan`), of one customer, of some endpoints, or of all.
 */
export interface StatsScope extends Span {
  readonly customerId?: string | undefined;
  readonly endpointIds?: readonly string[] | undefined;
}

/** What outcomes are counted as. */
export type Measure = 'attempts' | 'ended' | 'standing' | 'created' | 'published';
export type TimeMeasure = 'latency' | 'delay';

/** SQL that counts select from, and the values of its parameters $1, $2 …. */
export interface StatsSource {
  readonly text: string;
  readonly values: readonly unknown[];
}

/**
 * Counts of a scope, in the columns of `rollups` with `at` for the time: from roll-ups, and as of this moment from what
 * is not in them yet.
 */
export function countSource(
  scope: StatsScope,
  measures: readonly Measure[],
  further: readonly Condition[] = [],
): StatsSource {
  const columns = 'measure, at, customer_id, endpoint_id, event, status, status_code, error_code, count';
  return sourceOf(scope, measures, {
    table: 'rollups r',
    columns,
    latest: countsIn(factsOf(NOT_COUNTED)),
    further,
  });
}

/** Counts of times of a scope, likewise, in the columns of `rollup_times`. */
export function timeSource(scope: StatsScope, measures: readonly TimeMeasure[]): StatsSource {
  const columns = 'measure, at, customer_id, endpoint_id, class, count';
  return sourceOf(scope, measures, {
    table: 'rollup_times r, unnest(r.classes, r.counts) AS c(class, count)',
    columns,
    latest: timesIn(NOT_COUNTED),
    further: [],
  });
}

interface SourceParts {
  /** Where rows `r` come from. */
  readonly table: string;
  readonly columns: string;
  readonly latest: string;
  readonly further: readonly Condition[];
}

/**
 * SQL: leaves out what went to listeners, whose programs say nothing of how receivers fare. Who asks for an endpoint by
 * its id is told of it whatever it is.
 */
export function notOfListeners(column: string): string {
  return `(${column} IS NULL OR ${column} <> ALL(ARRAY(SELECT id FROM endpoints WHERE url LIKE 'listen://%')))`;
}

const FIRST_FREE_PARAMETER = 7;

/** SQL: the piece `p` by its grain as far as that has everything, and the rest by the finest. */
const READABLE = `
  SELECT c.grain, c.after, c.before FROM rollup_progress w, LATERAL (VALUES
    (p.grain, p.after, least(p.before, date_bin(make_interval(secs => p.grain), w.coarse_to, 'epoch'))),
    (${FINEST_GRAIN}, greatest(p.after, date_bin(make_interval(secs => p.grain), w.coarse_to, 'epoch')), p.before)
  ) AS c(grain, after, before) WHERE c.after < c.before`;

function sourceOf(
  { after, before, customerId, endpointIds }: StatsScope,
  measures: readonly string[],
  { table, columns, latest, further }: SourceParts,
): StatsSource {
  const pieces = piecesOf({ after, before }, new Date());
  const ofEndpoints: Condition =
    endpointIds === undefined ? notOfListeners('endpoint_id') : ['endpoint_id = ANY($)', endpointIds];
  const conditions = allOf([['customer_id = $', customerId], ofEndpoints, ...further], FIRST_FREE_PARAMETER);
  const text = `(
    SELECT ${columns} FROM unnest($1::integer[], $2::timestamptz[], $3::timestamptz[]) AS p(grain, after, before)
    CROSS JOIN LATERAL (${READABLE}) AS piece
    CROSS JOIN LATERAL (SELECT *, r.bucket AS at FROM ${table}
      WHERE r.grain = piece.grain AND r.measure = ANY($4) AND r.bucket >= piece.after
        AND r.bucket < piece.before) AS counted
    WHERE ${conditions.text}
    UNION ALL
    SELECT ${columns} FROM ${latest} c
    WHERE measure = ANY($4) AND at >= $5 AND at < $6 AND ${conditions.text})`;
  const values = [
    pieces.map(({ grain }) => grain),
    pieces.map((piece) => piece.after),
    pieces.map((piece) => piece.before),
    measures,
    after,
    before,
    ...conditions.values,
  ];
  return { text, values };
}
