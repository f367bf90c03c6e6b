import { Injectable } from '@nestjs/common';
import { bucketsIn, floorTo, type Grain, type Span } from '../../domain/rollup-grain.ts';
import { percentile } from '../../domain/time-classes.ts';
import { type CountPoint, SeriesStore, type TimePoint } from '../../storage/stats/series-store.ts';
import type { Measure, TimeMeasure } from '../../storage/stats/stats-sql.ts';
import { showMilliseconds } from '../platform/answers/milliseconds.ts';
import { invalidParameter } from '../platform/answers/problem.ts';
import {
  grainOf,
  nameOfGrain,
  type SeriesAnswer,
  type SeriesMeasure,
  type SeriesQuery,
  shareOf,
} from './series.dto.ts';
import { spanOf } from './span.ts';

/** Shown in one answer; a chart of more lines tells nobody anything. */
const MAX_GROUPS = 25;

/** Counts over time for charts. */
@Injectable()
export class SeriesService {
  readonly #store: SeriesStore;

  constructor(store: SeriesStore) {
    this.#store = store;
  }

  /** @throws Problem 422 where the span is too long for its stretches */
  async read(query: SeriesQuery, customerId: string | undefined): Promise<SeriesAnswer> {
    const now = new Date();
    const span = spanOf(query, now);
    const grain = grainOf(query.bucket, span, now);
    if (grain === null)
      throw invalidParameter(
        'bucket',
        'span_too_long',
        'The span has more than 200 stretches of this length; give a shorter span or a longer bucket.',
      );
    const scope = { ...wholeBuckets(span, grain), customerId, endpointIds: query.endpoint_ids };
    const cut = { grain, group: query.group_by ?? null };
    const counted = [...new Set(query.measures.flatMap(countedAs))];
    const timed = [...new Set(query.measures.flatMap(timedAs))];
    const [counts, times] = await Promise.all([
      counted.length === 0 ? [] : this.#store.counts(scope, counted, cut),
      timed.length === 0 ? [] : this.#store.times(scope, timed, cut),
    ]);
    const groups = groupsOf(counts, times, query.group_by !== undefined);
    const shown = groups.slice(0, MAX_GROUPS);
    const starts = startsIn(scope, grain);
    const stretches = stretchesOf(counts, times);
    return {
      after: scope.after.toISOString(),
      before: scope.before.toISOString(),
      as_of: now.toISOString(),
      bucket: nameOfGrain(grain),
      times: starts.map((start) => start.toISOString()),
      series: query.measures.flatMap((measure) =>
        shown.map((group) => ({
          measure,
          group,
          values: starts.map((start) => valueIn(measure, stretches.get(keyOf(start, group)) ?? NOTHING)),
        })),
      ),
      groups_left_out: groups.length - shown.length,
    };
  }
}

function wholeBuckets({ after, before }: Span, grain: Grain): Span {
  return { after: floorTo(after, grain), before };
}

function startsIn(span: Span, grain: Grain): readonly Date[] {
  const first = span.after.getTime();
  return Array.from(
    { length: bucketsIn(span, grain) },
    (_, index) => new Date(first + index * grain * 1_000),
  );
}

/** The largest first; one without a name where nothing is split. */
function groupsOf(
  counts: readonly CountPoint[],
  times: readonly TimePoint[],
  isSplit: boolean,
): readonly (string | null)[] {
  if (!isSplit) return [null];
  const sums = new Map<string | null, number>();
  for (const { group, count } of [...counts, ...times]) sums.set(group, (sums.get(group) ?? 0) + count);
  return [...sums].sort(([, more], [, less]) => less - more).map(([group]) => group);
}

const ENDS: readonly string[] = ['delivered', 'dead', 'cancelled', 'skipped'];

function countedAs(measure: SeriesMeasure): readonly Measure[] {
  if (shareOf(measure) !== null) return [];
  if (measure === 'created' || measure === 'published') return [measure];
  return ENDS.includes(measure) ? ['ended'] : ['attempts'];
}

function timedAs(measure: SeriesMeasure): readonly TimeMeasure[] {
  if (shareOf(measure) === null) return [];
  return [measure.startsWith('latency') ? 'latency' : 'delay'];
}

/** What was counted of one group in one stretch. */
interface Stretch {
  readonly counts: CountPoint[];
  readonly times: TimePoint[];
}

const NOTHING: Stretch = { counts: [], times: [] };

/** By time and group, so that thousands of points are looked at once. */
function stretchesOf(
  counts: readonly CountPoint[],
  times: readonly TimePoint[],
): ReadonlyMap<string, Stretch> {
  const stretches = new Map<string, Stretch>();
  const stretchOf = ({ at, group }: { readonly at: Date; readonly group: string | null }): Stretch => {
    const key = keyOf(at, group);
    const stretch = stretches.get(key) ?? { counts: [], times: [] };
    stretches.set(key, stretch);
    return stretch;
  };
  for (const point of counts) stretchOf(point).counts.push(point);
  for (const point of times) stretchOf(point).times.push(point);
  return stretches;
}

function keyOf(at: Date, group: string | null): string {
  return JSON.stringify([at.getTime(), group]);
}

function valueIn(measure: SeriesMeasure, { counts, times }: Stretch): number | null {
  const share = shareOf(measure);
  if (share !== null) {
    const own = times.filter((point) => timedAs(measure).includes(point.measure));
    return showMilliseconds(percentile(own, share));
  }
  const sum = (isCounted: (point: CountPoint) => boolean) =>
    counts.filter(isCounted).reduce((total, { count }) => total + count, 0);
  const attempts = sum((point) => point.measure === 'attempts');
  const failed = sum((point) => point.measure === 'attempts' && point.hasFailed);
  if (measure === 'attempts') return attempts;
  if (measure === 'failed') return failed;
  if (measure === 'succeeded') return attempts - failed;
  if (measure === 'success_rate') return attempts === 0 ? null : (attempts - failed) / attempts;
  if (ENDS.includes(measure)) return sum((point) => point.measure === 'ended' && point.status === measure);
  return sum((point) => point.measure === measure);
}
