import { getRouteApi, Link } from '@tanstack/react-router';
import { useMay } from '../../app/session.ts';
import { answerOf, api } from '../../data/api.ts';
import { useEventTypes } from '../../data/endpoints.ts';
import { present } from '../../data/search.ts';
import type { Endpoint } from '../../data/types.ts';
import { useList } from '../../data/use-list.ts';
import { buttonClass } from '../../parts/basics/button.tsx';
import { Page } from '../../parts/basics/page.tsx';
import { Empty } from '../../parts/basics/states.tsx';
import { FilterBar, FilterSelect, FilterText, List } from '../../parts/data/list.tsx';
import { endpointColumns } from './endpoint-columns.tsx';
import { useCourses } from './use-courses.ts';

const route = getRouteApi('/endpoints');
/** As many as figures are split by at once. */
const ENDPOINTS_A_PAGE = '25';

const STATUSES = ['enabled', 'paused', 'disabled'].map((value) => ({ value, text: value }));
const BREAKERS = [
  { value: 'closed', text: 'closed' },
  { value: 'open', text: 'open' },
  { value: 'half_open', text: 'half open' },
];

/** Where events are delivered to, with what holds each back. */
export function EndpointsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const mayManage = useMay('manage_endpoints');
  const types = useEventTypes();
  const { range: _range, ...filter } = search;
  const query = present(filter);
  const list = useList<Endpoint>({
    key: ['endpoints', query],
    keyOf: ({ id }) => id,
    fetch: (cursor) =>
      answerOf(
        api.GET('/v1/endpoints', {
          params: { query: present({ ...query, cursor, limit: ENDPOINTS_A_PAGE }) as object },
        }),
      ),
  });
  const courses = useCourses(list.items?.map(({ id }) => id) ?? []);
  const change = (part: Partial<typeof search>) =>
    void navigate({ search: (before) => present({ ...before, ...part }) });
  return (
    <Page
      title="Endpoints"
      lead="The URLs that get events, each with its own rules, secret and breaker."
      actions={
        mayManage ? (
          <Link to="/endpoints/new" className={buttonClass('primary')}>
            New endpoint
          </Link>
        ) : undefined
      }
    >
      <FilterBar>
        <FilterSelect
          label="State"
          value={search.status}
          choices={STATUSES}
          onChange={(status) => change({ status })}
        />
        <FilterSelect
          label="Breaker"
          value={search.breaker_state}
          choices={BREAKERS}
          onChange={(breaker_state) => change({ breaker_state })}
        />
        <FilterSelect
          label="Event"
          value={search.event}
          choices={types.map((name) => ({ value: name, text: name }))}
          onChange={(event) => change({ event })}
        />
        <FilterText label="URL contains" value={search.url} onChange={(url) => change({ url })} />
      </FilterBar>
      <List
        label="Endpoints"
        what={['endpoint', 'endpoints']}
        list={list}
        columns={endpointColumns(courses)}
        empty={<NoEndpoints />}
        onClear={Object.keys(query).length === 0 ? undefined : () => void navigate({ search: {} })}
      />
    </Page>
  );
}

function NoEndpoints() {
  return (
    <Empty
      title="No endpoint yet"
      actions={
        <Link to="/endpoints/new" className={buttonClass('primary')}>
          New endpoint
        </Link>
      }
    >
      <p>An endpoint is a URL that gets events, signed. The built-in echo receiver can stand in for yours.</p>
    </Empty>
  );
}
