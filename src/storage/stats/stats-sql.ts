import { piecesOf, type Span } from '../../domain/rollup-grain.ts';
import { allOf, type Condition } from '../postgres/conditions.ts';
import { countsIn, NOT_COUNTED, timesIn } from './outcome-facts.ts';

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
  return sourceOf(scope, measures, { table: 'rollups', columns, latest: countsIn(NOT_COUNTED), further });
}

/** Counts of times of a scope, likewise, in the columns of `rollup_times`. */
export function timeSource(scope: StatsScope, measures: readonly TimeMeasure[]): StatsSource {
  const columns = 'measure, at, customer_id, endpoint_id, class, count';
  return sourceOf(scope, measures, {
    table: 'rollup_times',
    columns,
    latest: timesIn(NOT_COUNTED),
    further: [],
  });
}

interface SourceParts {
  readonly table: 'rollups' | 'rollup_times';
  readonly columns: string;
  readonly latest: string;
  readonly further: readonly Condition[];
}

const FIRST_FREE_PARAMETER = 7;

function sourceOf(
  { after, before, customerId, endpointIds }: StatsScope,
  measures: readonly string[],
  { table, columns, latest, further }: SourceParts,
): StatsSource {
  const pieces = piecesOf({ after, before });
  const conditions = allOf(
    [['customer_id = $', customerId], ['endpoint_id = ANY($)', endpointIds], ...further],
    FIRST_FREE_PARAMETER,
  );
  const text = `(
    SELECT ${columns} FROM unnest($1::integer[], $2::timestamptz[], $3::timestamptz[]) AS p(piece_grain, piece_after, piece_before)
    CROSS JOIN LATERAL (SELECT r.*, r.bucket AS at FROM ${table} r
      WHERE r.grain = p.piece_grain AND r.measure = ANY($4) AND r.bucket >= p.piece_after AND r.bucket < p.piece_before) r
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
