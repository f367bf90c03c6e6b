import { keepPreviousData } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import type { components } from '../../../../clients/typescript/schema.ts';
import { answerOf, api } from '../../data/api.ts';
import { useIsLive } from '../../data/live/is-live.ts';
import { present } from '../../data/search.ts';
import type { Stats } from '../../data/types.ts';
import { type Fetched, useQuery } from '../../data/use-query.ts';

type Schemas = components['schemas'];
export type Series = Schemas['StatsSeries'];
export type Now = Schemas['StatsNow'];
export type Top = Schemas['StatsTop'];
export type TopSubject = 'endpoint' | 'error_code' | 'customer' | 'event';

const REFRESH_MS = 5_000;
const MEASURES =
  'created,delivered,dead,succeeded,failed,success_rate,latency_p50,latency_p95,latency_p99,first_attempt_p99';

function useScope() {
  const { customer_id, range = '24h' } = useSearch({ strict: false });
  const isLive = useIsLive();
  return {
    customer_id,
    window: range,
    options: { placeholderData: keepPreviousData, refetchInterval: isLive ? REFRESH_MS : false } as const,
  };
}

/** How things stand at this moment. */
export function useNowFigures(): Fetched<Now> {
  const { customer_id, options } = useScope();
  return useQuery<Now>({
    ...options,
    queryKey: ['stats-now', customer_id],
    queryFn: () => answerOf(api.GET('/v1/stats/now', { params: { query: present({ customer_id }) } })),
  });
}

/** The sums of the range. */
export function useSums(): Fetched<Stats> {
  const { customer_id, window, options } = useScope();
  return useQuery<Stats>({
    ...options,
    queryKey: ['stats', customer_id, window],
    queryFn: () => answerOf(api.GET('/v1/stats', { params: { query: present({ customer_id, window }) } })),
  });
}

/** The course of the figures over the range, of one endpoint where that is given. */
export function useSeries(endpointId?: string): Fetched<Series> {
  const { customer_id, window, options } = useScope();
  return useQuery<Series>({
    ...options,
    queryKey: ['stats-series', customer_id, window, endpointId],
    queryFn: () =>
      answerOf(
        api.GET('/v1/stats/series', {
          params: {
            query: present({ customer_id, window, measures: MEASURES, endpoint_ids: endpointId }) as object,
          },
        }),
      ),
  });
}

/** The ten with the most of something in the range. */
export function useTop(by: TopSubject, of: 'attempts' | 'failed'): Fetched<Top> {
  const { customer_id, window, options } = useScope();
  return useQuery<Top>({
    ...options,
    queryKey: ['stats-top', by, of, customer_id, window],
    queryFn: () =>
      answerOf(
        api.GET('/v1/stats/top', {
          params: { query: present({ customer_id, window, by, of, limit: 10 }) as object },
        }),
      ),
  });
}

/** The values of one measure. */
export function valuesOf(series: Series | undefined, measure: string): readonly (number | null)[] {
  return series?.series.find((one) => one.measure === measure)?.values ?? [];
}
