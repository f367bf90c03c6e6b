import { keepPreviousData } from '@tanstack/react-query';
import { answerOf, api } from '../../data/api.ts';
import { useRefreshMs } from '../../data/live/connection.ts';
import { type Fetched, useQuery } from '../../data/use-query.ts';

const COURSE_REFRESH_MS = 30_000;

/** How many attempts on an endpoint succeeded and failed, hour by hour. */
export interface Course {
  readonly succeeded: readonly (number | null)[];
  readonly failed: readonly (number | null)[];
}

/** How these endpoints did in the last day, by their ids; those on which no attempt was made are left out. */
export function useCourses(ids: readonly string[]): Fetched<ReadonlyMap<string, Course>> {
  const refetchInterval = useRefreshMs(COURSE_REFRESH_MS);
  const endpoint_ids = ids.join(',');
  return useQuery({
    queryKey: ['endpoint-courses', endpoint_ids],
    queryFn: async () => coursesOf(await fetchSeries(endpoint_ids)),
    enabled: ids.length > 0,
    placeholderData: keepPreviousData,
    refetchInterval,
  });
}

async function fetchSeries(endpoint_ids: string) {
  const query = {
    window: '24h',
    bucket: '1h',
    measures: 'succeeded,failed',
    group_by: 'endpoint_id',
  } as const;
  const { series } = await answerOf(
    api.GET('/v1/stats/series', { params: { query: { ...query, endpoint_ids } } }),
  );
  return series;
}

function coursesOf(series: Awaited<ReturnType<typeof fetchSeries>>): ReadonlyMap<string, Course> {
  const courses = new Map<string, Course>();
  for (const { group, measure, values } of series) {
    if (group === null) continue;
    const course = courses.get(group) ?? { succeeded: [], failed: [] };
    courses.set(group, { ...course, [measure]: values });
  }
  return courses;
}
