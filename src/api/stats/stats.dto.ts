import { z } from 'zod';
import { DELIVERY_STATUSES, type DeliveryStatus } from '../../domain/delivery.ts';
import { adviceFor } from '../../domain/error-code.ts';
import type { Span } from '../../domain/rollup-grain.ts';
import { percentile } from '../../domain/time-classes.ts';
import type { AttemptStats } from '../../storage/stats/stats-store.ts';
import { showMilliseconds } from '../platform/answers/milliseconds.ts';
import { deliveryCounts, errorCode } from '../platform/answers/named-schemas.ts';
import { customerId } from '../platform/input/fields.ts';
import { spanFields, withSpanRules } from './span.ts';

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

/**
 * Counts over a span, whose ends are widened to whole minutes, hours or days; rates lie between 0 and 1 and are null
 * where there is nothing to divide by.
 */
export const statsAnswer = z
  .object({
    after: z.iso.datetime(),
    before: z.iso.datetime(),
    attempts: z.object({ total: z.int(), succeeded: z.int(), failed: z.int() }),
    deliveries: z.object({ total: z.int(), by_status: deliveryCounts }),
    success_rate: z
      .object({ attempts: rate, deliveries: rate })
      .meta({ description: 'Succeeded of all attempts; delivered of those that ended delivered or dead.' }),
    latency_ms: z.object({ p50: milliseconds, p95: milliseconds, p99: milliseconds }).meta({
      description: 'Whole duration of the attempts that were answered, whatever the status; exact to 5 %.',
    }),
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

/** Shapes counts for an answer; states without deliveries read 0. */
export function showStats(
  span: Span,
  counts: { readonly attempts: AttemptStats; readonly deliveries: ReadonlyMap<DeliveryStatus, number> },
): StatsAnswer {
  const { attempts, deliveries } = counts;
  const { total, succeeded, latencies } = attempts;
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
      p50: showMilliseconds(percentile(latencies, 0.5)),
      p95: showMilliseconds(percentile(latencies, 0.95)),
      p99: showMilliseconds(percentile(latencies, 0.99)),
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
