import type { Grain } from '../../domain/rollup-grain.ts';
import type { Condition } from '../postgres/conditions.ts';
import type { Database } from '../postgres/database.ts';
import { countSource, type Measure, type StatsScope, type TimeMeasure, timeSource } from './stats-sql.ts';

/** What counts can be split by; `outcome` is whether an attempt succeeded. */
export const SERIES_GROUPS = ['outcome', 'status_code', 'error_code', 'event', 'endpoint_id'] as const;
export type SeriesGroup = (typeof SERIES_GROUPS)[number];

/** What the largest shares of counts can be told of. */
export const TOP_SUBJECTS = ['endpoint', 'error_code', 'customer', 'event'] as const;
export type TopSubject = (typeof TOP_SUBJECTS)[number];

/** A count of one stretch of time; `group` is null where nothing is split, and where what it is split by is unknown. */
export interface CountPoint {
  readonly at: Date;
  readonly group: string | null;
  readonly measure: Measure;
  /** Of what ended: how. */
  readonly status: string | null;
  readonly hasFailed: boolean;
  readonly count: number;
}

/** A count of times of one class in one stretch; split by endpoint at most. */
export interface TimePoint {
  readonly at: Date;
  readonly group: string | null;
  readonly measure: TimeMeasure;
  readonly class: number;
  readonly count: number;
}

/** What happened to a subject within a span. */
export interface TopRow {
  readonly subject: string;
  readonly attempts: number;
  readonly failed: number;
  readonly delivered: number;
  readonly dead: number;
  /** When the stretches of time begin in which something of it was counted first and last. */
  readonly firstAt: Date;
  readonly lastAt: Date;
}

export interface SeriesCut {
  readonly grain: Grain;
  readonly group: SeriesGroup | null;
}

const GROUP_COLUMNS: Readonly<Record<SeriesGroup, string>> = {
  outcome: "CASE WHEN s.error_code IS NULL THEN 'succeeded' ELSE 'failed' END",
  status_code: 's.status_code::text',
  error_code: 's.error_code',
  event: 's.event',
  endpoint_id: 's.endpoint_id',
};

const TOP_COLUMNS: Readonly<Record<TopSubject, string>> = {
  endpoint: 'endpoint_id',
  error_code: 'error_code',
  customer: 'customer_id',
  event: 'event',
};

/** Counts over time and the largest shares of them, from roll-ups. */
export class SeriesStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Counts by stretches of time; stretches without any are absent. */
  async counts(
    scope: StatsScope,
    measures: readonly Measure[],
    cut: SeriesCut,
  ): Promise<readonly CountPoint[]> {
    const { text, values } = countSource(scope, measures);
    const group = cut.group === null ? 'NULL' : GROUP_COLUMNS[cut.group];
    const { rows } = await this.#database.reads.query<CountPoint>(
      `SELECT ${bucketOf(cut.grain)} AS at, ${group} AS group, s.measure, s.status,
         s.error_code IS NOT NULL AS "hasFailed", sum(s.count)::float8 AS count
       FROM ${text} s GROUP BY 1, 2, 3, 4, 5 HAVING sum(s.count) <> 0`,
      values,
    );
    return rows;
  }

  /** Counts of times by stretches. */
  async times(
    scope: StatsScope,
    measures: readonly TimeMeasure[],
    { grain, group }: SeriesCut,
  ): Promise<readonly TimePoint[]> {
    const { text, values } = timeSource(scope, measures);
    const { rows } = await this.#database.reads.query<TimePoint>(
      `SELECT ${bucketOf(grain)} AS at, ${group === 'endpoint_id' ? 's.endpoint_id' : 'NULL'} AS group, s.measure,
         s.class, sum(s.count)::float8 AS count
       FROM ${text} s GROUP BY 1, 2, 3, 4 HAVING sum(s.count) <> 0`,
      values,
    );
    return rows;
  }

  /** The subjects with the most of one count, the largest first. */
  async top(
    scope: StatsScope,
    { by, of, limit }: { readonly by: TopSubject; readonly of: keyof TopCounts; readonly limit: number },
  ): Promise<readonly TopRow[]> {
    const subject = TOP_COLUMNS[by];
    const isThere: Condition = `${subject} IS NOT NULL`;
    const { text, values } = countSource(scope, ['attempts', 'ended'], [isThere]);
    const { rows } = await this.#database.reads.query<TopRow>(
      `SELECT * FROM (
         SELECT s.${subject} AS subject, coalesce(sum(s.count) FILTER (WHERE s.measure = 'attempts'),
           0)::float8 AS attempts,
           coalesce(sum(s.count) FILTER (WHERE s.measure = 'attempts' AND s.error_code IS NOT NULL),
             0)::float8 AS failed,
           coalesce(sum(s.count) FILTER (WHERE s.status = 'delivered'), 0)::float8 AS delivered,
           coalesce(sum(s.count) FILTER (WHERE s.status = 'dead'), 0)::float8 AS dead,
           min(s.at) AS "firstAt", max(s.at) AS "lastAt"
         FROM ${text} s GROUP BY 1) AS t
       WHERE ${of} > 0 ORDER BY ${of} DESC, subject LIMIT ${limit}`,
      values,
    );
    return rows;
  }

  /** The URLs of endpoints, deleted ones too. */
  async urlsOf(endpointIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const { rows } = await this.#database.reads.query<{ id: string; url: string }>(
      'SELECT id, url FROM endpoints WHERE id = ANY($1)',
      [endpointIds],
    );
    return new Map(rows.map(({ id, url }) => [id, url]));
  }
}

/** What a list of the largest can be ordered by. */
export type TopCounts = Pick<TopRow, 'attempts' | 'failed' | 'delivered' | 'dead'>;

function bucketOf(grain: Grain): string {
  return `date_bin(make_interval(secs => ${grain}), s.at, 'epoch')`;
}
