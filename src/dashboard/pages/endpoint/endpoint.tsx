import { getRouteApi } from '@tanstack/react-router';
import { useMay } from '../../app/session.ts';
import { answerOf, api } from '../../data/api.ts';
import { placeOf } from '../../data/endpoints.ts';
import { useIsLive } from '../../data/live/is-live.ts';
import type { Endpoint, Scope } from '../../data/types.ts';
import { useQuery } from '../../data/use-query.ts';
import { Page } from '../../parts/basics/page.tsx';
import { Fetching } from '../../parts/basics/states.tsx';
import { EndpointChip } from '../../parts/basics/status.tsx';
import { Tabs } from '../../parts/basics/tabs.tsx';
import { EndpointActions } from './endpoint-actions.tsx';
import { EndpointAudit } from './endpoint-audit.tsx';
import { EndpointBanner } from './endpoint-banner.tsx';
import { EndpointDeliveries } from './endpoint-deliveries.tsx';
import { EndpointOverview } from './endpoint-overview.tsx';
import { EndpointSecret } from './endpoint-secret.tsx';
import { EndpointSettings } from './endpoint-settings.tsx';
import { EndpointTest } from './endpoint-test.tsx';

const route = getRouteApi('/endpoints/$id');
const REFRESH_MS = 5_000;

const TABS = ['overview', 'deliveries', 'settings', 'secret', 'test', 'audit'] as const;
type TabName = (typeof TABS)[number];
/** Tabs that are of use only to who may do what stands in them. */
const NEEDS: Partial<Record<TabName, Scope>> = { secret: 'secrets', test: 'test' };

function isTab(text: string | undefined): text is TabName {
  return TABS.some((tab) => tab === text);
}

/** One endpoint: what holds it back and how to undo that, then its figures, settings, secret, tests and history. */
export function EndpointPage() {
  const { id } = route.useParams();
  const { tab } = route.useSearch();
  const isLive = useIsLive();
  const query = useQuery({
    queryKey: ['endpoint', id],
    queryFn: () => answerOf(api.GET('/v1/endpoints/{id}', { params: { path: { id } } })),
    refetchInterval: isLive ? REFRESH_MS : false,
  });
  const { data } = query;
  return (
    <Page
      title={data === undefined ? 'Endpoint' : placeOf(data.url)}
      lead={data === undefined ? undefined : <Lead endpoint={data} />}
      actions={data === undefined ? undefined : <EndpointActions endpoint={data} />}
    >
      <Fetching query={query} />
      {data === undefined ? null : <Body endpoint={data} tab={isTab(tab) ? tab : 'overview'} />}
    </Page>
  );
}

function Lead({ endpoint }: { readonly endpoint: Endpoint }) {
  return (
    <>
      <EndpointChip endpoint={endpoint} /> {endpoint.customer_id ?? 'operator'}
      {endpoint.description === '' ? '' : ` · ${endpoint.description}`}
    </>
  );
}

function Body({ endpoint, tab }: { readonly endpoint: Endpoint; readonly tab: TabName }) {
  const may = { secret: useMay('secrets'), test: useMay('test') };
  const shown = TABS.filter(
    (name) => NEEDS[name] === undefined || may[name === 'secret' ? 'secret' : 'test'],
  );
  return (
    <>
      <EndpointBanner endpoint={endpoint} />
      <Tabs
        label="Parts of the endpoint"
        tabs={shown.map((name) => ({ name, text: name.charAt(0).toUpperCase() + name.slice(1) }))}
        current={tab}
      />
      <TabContent endpoint={endpoint} tab={shown.includes(tab) ? tab : 'overview'} />
    </>
  );
}

function TabContent({ endpoint, tab }: { readonly endpoint: Endpoint; readonly tab: TabName }) {
  switch (tab) {
    case 'overview':
      return <EndpointOverview endpoint={endpoint} />;
    case 'deliveries':
      return <EndpointDeliveries endpoint={endpoint} />;
    case 'settings':
      return <EndpointSettings key={endpoint.updated_at} endpoint={endpoint} />;
    case 'secret':
      return <EndpointSecret endpoint={endpoint} />;
    case 'test':
      return <EndpointTest endpoint={endpoint} />;
    case 'audit':
      return <EndpointAudit endpoint={endpoint} />;
  }
}
