import { z } from 'zod';
import { type Span, wholeSpan } from '../../domain/rollup-grain.ts';
import { instant, refusal } from '../platform/input/fields.ts';

const HOUR_MS = 3_600_000;
const WINDOW_MS = {
  '1h': HOUR_MS,
  '24h': 24 * HOUR_MS,
  '7d': 7 * 24 * HOUR_MS,
  '30d': 30 * 24 * HOUR_MS,
} as const;
const DEFAULT_WINDOW = '24h';

/** Members of a query that name a span of time. */
export const spanFields = {
  window: z.enum(['1h', '24h', '7d', '30d']).optional().meta({
    description: 'The last hour, day, week or thirty days; instead of after and before.',
    default: DEFAULT_WINDOW,
  }),
  after: instant.optional().meta({ description: 'Start; widened to a whole minute, hour or day.' }),
  before: instant.optional().meta({ description: 'End, not included. Default: now.' }),
};

interface SpanInput {
  readonly window?: '1h' | '24h' | '7d' | '30d' | undefined;
  readonly after?: Date | undefined;
  readonly before?: Date | undefined;
}

/**
 * The span a query asks for, counted back from `before` or from now, widened to whole stretches of what is kept of that
 * time.
 */
export function spanOf({ window, after, before }: SpanInput, now: Date): Span {
  const end = before ?? now;
  const start = after ?? new Date(end.getTime() - WINDOW_MS[window ?? DEFAULT_WINDOW]);
  return wholeSpan({ after: start, before: end }, now);
}

/** A query whose span must make sense. */
export function withSpanRules<T extends z.ZodType<SpanInput>>(query: T): T {
  return query
    .refine(
      ({ window, after, before }) => window === undefined || (after === undefined && before === undefined),
      {
        ...refusal('window_contradicted', 'Give either window, or after and before.'),
        path: ['window'],
      },
    )
    .refine(({ after, before }) => after === undefined || before === undefined || after < before, {
      ...refusal('span_empty', 'before must be later than after.'),
      path: ['before'],
    });
}
