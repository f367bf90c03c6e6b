import { z } from 'zod';
import { bucketsIn, type Grain, grainFor, MAX_BUCKETS, type Span } from '../../domain/rollup-grain.ts';
import { isId } from '../../new-id.ts';
import { SERIES_GROUPS } from '../../storage/stats/series-store.ts';
import { customerId, refusal } from '../platform/input/fields.ts';
import { spanFields, withSpanRules } from './span.ts';

/** What can be shown over time: counts, shares of counts, and percentiles of times. */
export const SERIES_MEASURES = [
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
] as const;
export type SeriesMeasure = (typeof SERIES_MEASURES)[number];

const GRAIN_NAMES = { '1m': 60, '10m': 600, '1h': 3_600, '1d': 86_400 } as const satisfies Record<
  string,
  Grain
>;
type GrainName = keyof typeof GRAIN_NAMES;
const MAX_WORDS = 100;

const measures = commaList(isMeasure)
  .default(['attempts', 'failed'])
  .meta({
    type: 'string',
    description: `One or more of ${SERIES_MEASURES.join(', ')}, separated by commas.`,
    default: 'attempts,failed',
  });

const endpointIds = commaList(
  (word): word is string => isId('ep', word),
  refusal('invalid_id', `Must be up to ${MAX_WORDS} ids that start with ep_, separated by commas.`),
).meta({ type: 'string', description: `Up to ${MAX_WORDS} ids of endpoints, separated by commas.` });

/** Query of `GET /v1/stats/series`. */
export const seriesQuery = withSpanRules(
  z.strictObject({
    ...spanFields,
    measures,
    bucket: z
      .enum(['auto', '1m', '10m', '1h', '1d'])
      .default('auto')
      .meta({ description: 'Length of a stretch; `auto` is the shortest that gives 200 at most.' }),
    group_by: z.enum(SERIES_GROUPS).optional(),
    endpoint_ids: endpointIds.optional(),
    customer_id: customerId.optional(),
  }),
).refine(({ measures, group_by: group }) => measures.every((measure) => canBeSplit(measure, group)), {
  ...refusal(
    'group_not_possible',
    'Times can be split by endpoint_id only, published by event only, and ' +
      'outcome, status_code and error_code split attempts only.',
  ),
  path: ['group_by'],
});
export type SeriesQuery = z.output<typeof seriesQuery>;

/** Counts over time, side by side. */
export const seriesAnswer = z
  .object({
    after: z.iso.datetime(),
    before: z.iso.datetime(),
    as_of: z.iso.datetime(),
    bucket: z.enum(['1m', '10m', '1h', '1d']),
    times: z.array(z.iso.datetime()).meta({ description: 'When each stretch begins.' }),
    series: z.array(
      z.object({
        measure: z.enum(SERIES_MEASURES),
        group: z
          .string()
          .nullable()
          .meta({ description: 'What is split by; null where nothing is, or where it has no value.' }),
        values: z
          .array(z.number().nullable())
          .meta({ description: 'One a stretch; null where there is nothing to divide by or to measure.' }),
      }),
    ),
    groups_left_out: z
      .int()
      .meta({ description: 'How many smaller groups are not shown, as 25 are at most.' }),
  })
  .meta({ id: 'StatsSeries' });
export type SeriesAnswer = z.output<typeof seriesAnswer>;

/** The grain of a series, by its name in the query. @returns null where the span is too long for it */
export function grainOf(name: GrainName | 'auto', span: Span, now: Date): Grain | null {
  const grain = name === 'auto' ? grainFor(span, now) : GRAIN_NAMES[name];
  return bucketsIn(span, grain) > MAX_BUCKETS ? null : grain;
}

/** The name of a grain in answers. */
export function nameOfGrain(grain: Grain): GrainName {
  const names: Readonly<Record<Grain, GrainName>> = { 60: '1m', 600: '10m', 3600: '1h', 86400: '1d' };
  return names[grain];
}

/** The percentile of a measure of times, as a share; null for counts. */
export function shareOf(measure: SeriesMeasure): number | null {
  const [, percent] = /_p(\d\d)$/.exec(measure) ?? [];
  return percent === undefined ? null : Number(percent) / 100;
}

function canBeSplit(measure: SeriesMeasure, group: (typeof SERIES_GROUPS)[number] | undefined): boolean {
  if (group === undefined) return true;
  if (shareOf(measure) !== null) return group === 'endpoint_id';
  if (measure === 'published') return group === 'event';
  const isOfAttempts = ['attempts', 'succeeded', 'failed', 'success_rate'].includes(measure);
  return isOfAttempts || group === 'event' || group === 'endpoint_id';
}

function isMeasure(word: string): word is SeriesMeasure {
  return (SERIES_MEASURES as readonly string[]).includes(word);
}

/** Words of one kind, separated by commas, each once. */
function commaList<Word extends string>(
  isWord: (word: string) => word is Word,
  otherwise = refusal(
    'invalid_value',
    `Must be one or more of ${SERIES_MEASURES.join(', ')}, separated by commas.`,
  ),
) {
  return z
    .string()
    .refine((text) => text.split(',').length <= MAX_WORDS && text.split(',').every(isWord), {
      ...otherwise,
      abort: true,
    })
    .transform((text) => [...new Set(text.split(',').filter(isWord))]);
}
