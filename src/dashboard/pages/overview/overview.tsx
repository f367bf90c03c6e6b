import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { answerOf, api } from '../../data/api.ts';
import { serverNow } from '../../data/clock.ts';
import { useIsLive } from '../../data/live.ts';
import { afterOf, present } from '../../data/search.ts';
import { Page } from '../../parts/basics/page.tsx';
import { Failed, Skeleton } from '../../parts/basics/states.tsx';
import { Attention } from './attention.tsx';
import { Checklist } from './checklist.tsx';
import { Figures } from './figures.tsx';

const REFRESH_MS = 5_000;
const NAMES = {
  '1h': 'last hour',
  '24h': 'last 24 hours',
  '7d': 'last 7 days',
  '30d': 'last 30 days',
} as const;

/** What needs somebody, then how things go in the range. */
export function OverviewPage() {
  const { customer_id, range = '24h' } = useSearch({ strict: false });
  const isLive = useIsLive();
  const query = useQuery({
    queryKey: ['stats', customer_id, range],
    queryFn: () => {
      const after = afterOf(range, serverNow());
      return answerOf(api.GET('/v1/stats', { params: { query: present({ customer_id, after }) } }));
    },
    placeholderData: keepPreviousData,
    refetchInterval: isLive ? REFRESH_MS : false,
  });
  const { data, error } = query;
  const isNew = data !== undefined && data.deliveries.total === 0 && data.attempts.total === 0;
  return (
    <Page title="Overview" lead={`${customer_id ?? 'All customers'}, ${NAMES[range]}.`}>
      {error === null ? null : (
        <Failed
          error={error}
          onRetry={() => void query.refetch()}
          shownSince={data === undefined ? null : query.dataUpdatedAt}
        />
      )}
      {data === undefined ? (
        error === null ? (
          <Skeleton />
        ) : null
      ) : (
        <>
          {isNew ? <Checklist /> : null}
          <Attention stats={data} />
          {isNew ? null : <Figures stats={data} isStale={query.isPlaceholderData} />}
        </>
      )}
    </Page>
  );
}
