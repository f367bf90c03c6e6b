import { type Command, Option } from 'commander';
import type { components } from '../../typescript/schema.ts';
import type { Handle } from '../call.ts';
import { listed, listedOf } from '../input/values.ts';
import type { Column } from '../output/output.ts';
import { present } from '../present.ts';

type Series = components['schemas']['StatsSeries'];
type Measure = Series['series'][number]['measure'];

/** How far back counts can be asked for by name. */
export const RANGES = ['1h', '24h', '7d', '30d'] as const;
/** One of them. */
export type Range = (typeof RANGES)[number];

const MEASURES = [
  'attempts',
  'succeeded',
  'failed',
  'success_rate',
  'delivered',
  'dead',
  'cancelled',
  'skipped',
  'created',
  'published',
  'latency_p50',
  'latency_p95',
  'latency_p99',
  'first_attempt_p50',
  'first_attempt_p95',
  'first_attempt_p99',
] as const satisfies readonly Measure[];
const BUCKETS = ['auto', '1m', '10m', '1h', '1d'] as const;
const GROUPS = ['outcome', 'status_code', 'error_code', 'endpoint_id', 'event'] as const;

interface SeriesOptions {
  readonly range: Range;
  readonly customer?: string;
  readonly endpoint?: readonly string[];
  readonly measures?: readonly Measure[];
  readonly bucket: (typeof BUCKETS)[number];
  readonly groupBy?: (typeof GROUPS)[number];
}

/** `posthorn stats series`: counts and percentiles over time, a line a stretch, a column a measure. */
export function addStatsSeries(stats: Command, handle: Handle): void {
  const series = stats
    .command('series')
    .description('counts and percentiles over time, a line a stretch')
    .addOption(new Option('--range <range>', 'of the last').choices(RANGES).default('24h'))
    .option('--measures <measures>', `between commas: ${MEASURES.join(', ')}`, listedOf(MEASURES))
    .addOption(new Option('--bucket <length>', 'of a stretch').choices(BUCKETS).default('auto'))
    .addOption(new Option('--group-by <member>', 'a column each').choices(GROUPS))
    .option('--customer <id>', 'of this customer')
    .option('--endpoint <ids>', 'of these endpoints, between commas', listed);
  handle<SeriesOptions>(series, async ({ session, options }) => {
    const { range, customer, endpoint, measures, bucket, groupBy } = options;
    const query = {
      window: range,
      bucket,
      ...(measures !== undefined && { measures: measures.join(',') }),
      ...(groupBy !== undefined && { group_by: groupBy }),
      ...(endpoint !== undefined && { endpoint_ids: endpoint.join(',') }),
      ...(customer !== undefined && { customer_id: customer }),
    };
    const answer = present(await session.posthorn.api.GET('/v1/stats/series', { params: { query } }));
    const { output } = session;
    if (output.isJson) return output.write(`${session.lastText}\n`);
    output.table([...answer.times.keys()], columnsOf(answer));
    if (answer.groups_left_out > 0) output.note(`${answer.groups_left_out} smaller groups are left out`);
  });
}

/** The lines are the places of the stretches. */
function columnsOf({ times, series }: Series): readonly Column<number>[] {
  return [
    ['from', (place) => times[place]],
    ...series.map(({ measure, group, values }): Column<number> => {
      const head = group === null ? measure : `${measure} ${group}`;
      return [head, (place) => values[place]];
    }),
  ];
}
