import { keepPreviousData } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { answerOf, api } from '../../data/api.ts';
import { useIsLive } from '../../data/live/is-live.ts';
import type { Endpoint, Stats } from '../../data/types.ts';
import { useQuery } from '../../data/use-query.ts';
import { IdText } from '../../parts/basics/id-text.tsx';
import { Facts, Section } from '../../parts/basics/page.tsx';
import { Failed, Skeleton } from '../../parts/basics/states.tsx';
import { durationText, ExactTime, Time } from '../../parts/basics/time.tsx';
import { Bars } from '../../parts/data/bars.tsx';
import { Charts } from '../overview/charts.tsx';
import css from './endpoint.module.css';
import { StandingBands } from './standing-bands.tsx';

const REFRESH_MS = 5_000;
const WINDOWS = { '1h': '1h', '24h': '24h', '7d': '7d', '30d': '7d' } as const;

/** How an endpoint has done in the range, by the API's figures. */
export function EndpointOverview({ endpoint }: { readonly endpoint: Endpoint }) {
  const { range = '24h' } = useSearch({ strict: false });
  const window = WINDOWS[range];
  const isLive = useIsLive();
  const query = useQuery({
    queryKey: ['endpoint-stats', endpoint.id, window],
    queryFn: () =>
      answerOf(
        api.GET('/v1/endpoints/{id}/stats', { params: { path: { id: endpoint.id }, query: { window } } }),
      ),
    placeholderData: keepPreviousData,
    refetchInterval: isLive ? REFRESH_MS : false,
  });
  const { data, error } = query;
  return (
    <>
      {error === null ? null : <Failed error={error} onRetry={() => void query.refetch()} />}
      {data === undefined ? (
        error === null ? (
          <Skeleton rows={4} />
        ) : null
      ) : (
        <Figures stats={data} window={window} />
      )}
      {data === undefined || data.attempts.total === 0 ? null : <Charts endpointId={endpoint.id} />}
      <StandingBands endpoint={endpoint} />
      <Facts
        facts={[
          { name: 'URL', value: <span title={endpoint.url}>{endpoint.url}</span> },
          { name: 'Id', value: <IdText id={endpoint.id} /> },
          { name: 'Events', value: endpoint.events.join(', ') },
          { name: 'Last success', value: <Time at={endpoint.health.last_success_at} /> },
          { name: 'Waiting now', value: upTo(endpoint.health.waiting) },
          { name: 'Held now', value: upTo(endpoint.health.held) },
          { name: 'Order', value: endpoint.ordered ? 'one after the other' : 'side by side' },
          { name: 'Created', value: <ExactTime at={endpoint.created_at} /> },
          { name: 'Changed', value: <ExactTime at={endpoint.updated_at} /> },
        ]}
      />
    </>
  );
}

/** The API counts no further. */
const MOST_HELD_COUNTED = 10_000;

function upTo(count: number): string {
  return `${count.toLocaleString()}${count >= MOST_HELD_COUNTED ? ' or more' : ''}`;
}

function Figures({ stats, window }: { readonly stats: Stats; readonly window: string }) {
  const { attempts, deliveries, latency_ms: latency, success_rate: rate } = stats;
  if (attempts.total === 0 && deliveries.total === 0)
    return (
      <Section title={`Last ${window}`} panel>
        <p>No attempt was made in this range. Send a test to see how the endpoint answers.</p>
      </Section>
    );
  const percent = (share: number | null) => (share === null ? '–' : `${(share * 100).toFixed(1)} %`);
  const ms = (value: number | null) => (value === null ? '–' : durationText(value));
  return (
    <>
      <Facts
        facts={[
          { name: `Attempts, last ${window}`, value: attempts.total.toLocaleString() },
          { name: 'Attempts that succeeded', value: percent(rate.attempts) },
          { name: 'Deliveries that arrived', value: percent(rate.deliveries) },
          { name: 'Latency p50', value: ms(latency.p50) },
          { name: 'Latency p95', value: ms(latency.p95) },
          { name: 'Latency p99', value: ms(latency.p99) },
        ]}
      />
      <div className={css.two}>
        <Section title="Deliveries by status" panel>
          <Bars
            rows={Object.entries(deliveries.by_status)
              .filter(([, count]) => count > 0)
              .map(([name, count]) => ({ name, count }))}
          />
        </Section>
        <Section title="Failures by code" panel>
          <Bars
            empty="No attempt failed."
            rows={stats.by_error_code.map(({ error_code: name, count, advice }) => ({
              name,
              count,
              title: advice,
            }))}
          />
        </Section>
      </div>
    </>
  );
}
