import { z } from 'zod';
import { DELIVERY_STATUSES, type DeliveryStatus } from '../../domain/delivery.ts';
import { adviceFor } from '../../domain/error-code.ts';
import type { AttemptStats } from '../../storage/stats/stats-store.ts';
import { showMilliseconds } from '../platform/answers/milliseconds.ts';
import { deliveryCounts, errorCode } from '../platform/answers/named-schemas.ts';
import { customerId, instant, refusal } from '../platform/input/fields.ts';

const HOUR_MS = 3_600_000;
const WINDOW_MS = { '1h': HOUR_MS, '24h': 24 * HOUR_MS, '7d': 7 * 24 * HOUR_MS } as const;
const DEFAULT_WINDOW = '24h';

const spanFields = {
  window: z.enum(['1h', '24h', '7d']).optional().meta({
    description: 'The last hour, day or week; instead of after and before.',
    default: DEFAULT_WINDOW,
  }),
  after: instant.optional(),
  before: instant.optional().meta({ description: 'Default: now.' }),
};

/** Query of `GET /v1/endpoints/{id}/stats`. */
export const endpointStatsQuery = withSpanRules(z.strictObject(spanFields));

/** Query of `GET /v1/stats`. */
export const statsQuery = withSpanRules(
  z.strictObject({ ...spanFields, customer_id: customerId.optional() }),
);

export type EndpointStatsQuery = z.output<typeof endpointStatsQuery>;
export type StatsQuery = z.output<typeof statsQuery>;

const rate = z.number().nullable();
const milliseconds = z.number().nullable();

/** Counts over a span; rates lie between 0 and 1 and are null where there is nothing to divide by. */
export const statsAnswer = z
  .object({
    after: z.iso.datetime(),
    before: z.iso.datetime(),
    attempts: z.object({ total: z.int(), succeeded: z.int(), failed: z.int() }),
    deliveries: z.object({ total: z.int(), by_status: deliveryCounts }),
    success_rate: z
      .object({ attempts: rate, deliveries: rate })
      .meta({ description: 'Succeeded of all attempts; delivered of those that ended delivered or dead.' }),
    latency_ms: z
      .object({ p50: milliseconds, p95: milliseconds, p99: milliseconds })
      .meta({ description: 'Whole duration of the attempts that were answered, whatever the status.' }),
    by_status_code: z.array(z.object({ status_code: z.int(), count: z.int() })),
    by_error_code: z.array(z.object({ error_code: errorCode, count: z.int(), advice: z.string() })),
  })
  .meta({ id: 'Stats' });

export type StatsAnswer = z.infer<typeof statsAnswer>;

/** Counts of one endpoint, with what is open for it. */
export const endpointStatsAnswer = statsAnswer
  .extend({
    held: z.int().meta({ description: 'Deliveries held back now, whenever they were created.' }),
    waiting: z.int().meta({ description: 'Deliveries queued or retrying now.' }),
  })
  .meta({ id: 'EndpointStats' });

export type EndpointStatsAnswer = z.infer<typeof endpointStatsAnswer>;

/** A span of time: start included, end not. */
export interface Span {
  readonly after: Date;
  readonly before: Date;
}

/** The span a query asks for, counted back from `before` or from now. */
export function spanOf({ window, after, before }: EndpointStatsQuery, now: Date): Span {
  const end = before ?? now;
  return { after: after ?? new Date(end.getTime() - WINDOW_MS[window ?? DEFAULT_WINDOW]), before: end };
}

/** Shapes counts for an answer; states without deliveries read 0. */
export function showStats(
  span: Span,
  counts: { readonly attempts: AttemptStats; readonly deliveries: ReadonlyMap<DeliveryStatus, number> },
): StatsAnswer {
  const { attempts, deliveries } = counts;
  const { total, succeeded, latencyMs } = attempts;
  const countOf = (status: DeliveryStatus) => deliveries.get(status) ?? 0;
  return {
    after: span.after.toISOString(),
    before: span.before.toISOString(),
    attempts: { total, succeeded, failed: total - succeeded },
    deliveries: {
      total: [...deliveries.values()].reduce((sum, count) => sum + count, 0),
      by_status: countByStatus(countOf),
    },
    success_rate: {
      attempts: ratio(succeeded, total),
      deliveries: ratio(countOf('delivered'), countOf('delivered') + countOf('dead')),
    },
    latency_ms: {
      p50: showMilliseconds(latencyMs?.p50 ?? null),
      p95: showMilliseconds(latencyMs?.p95 ?? null),
      p99: showMilliseconds(latencyMs?.p99 ?? null),
    },
    by_status_code: attempts.byStatusCode.map(({ statusCode, count }) => ({
      status_code: statusCode,
      count,
    })),
    by_error_code: attempts.byErrorCode.map(({ errorCode, count }) => ({
      error_code: errorCode,
      count,
      advice: adviceFor(errorCode),
    })),
  };
}

function countByStatus(countOf: (status: DeliveryStatus) => number): Record<DeliveryStatus, number> {
  const counts = DELIVERY_STATUSES.map((status) => [status, countOf(status)] as const);
  return Object.fromEntries(counts) as Record<DeliveryStatus, number>;
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

interface SpanInput {
  readonly window?: string | undefined;
  readonly after?: Date | undefined;
  readonly before?: Date | undefined;
}

function withSpanRules<T extends z.ZodType<SpanInput>>(query: T): T {
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
