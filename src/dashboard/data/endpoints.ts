import { answerOf, api } from './api.ts';
import type { Endpoint } from './types.ts';
import { useQuery } from './use-query.ts';

const NAMES_STALE_MS = 30_000;

/** An endpoint as another page needs it, to say which it is. */
export function useEndpoint(id: string | undefined): Endpoint | undefined {
  return useQuery({
    queryKey: ['endpoint', id],
    queryFn: () => answerOf(api.GET('/v1/endpoints/{id}', { params: { path: { id: id ?? '' } } })),
    enabled: id !== undefined,
    staleTime: NAMES_STALE_MS,
    retry: false,
  }).data;
}

/** Host and path of a URL, which is what one endpoint is told from others by. */
export function placeOf(url: string): string {
  const { host, pathname } = new URL(url);
  return host + (pathname === '/' ? '' : pathname);
}

/** The names of the event types that there are. */
export function useEventTypes(): readonly string[] {
  const { data } = useQuery({
    queryKey: ['event-type-names'],
    queryFn: () => answerOf(api.GET('/v1/event-types', { params: { query: { limit: 100 } } })),
    staleTime: NAMES_STALE_MS,
  });
  return data?.items.map(({ name }) => name) ?? [];
}
