import { getRouteApi, Link } from '@tanstack/react-router';
import { useMay } from '../../app/session.ts';
import { answerOf, api } from '../../data/api.ts';
import { placeOf, useEventTypes } from '../../data/endpoints.ts';
import { present } from '../../data/search.ts';
import type { Endpoint } from '../../data/types.ts';
import { useList } from '../../data/use-list.ts';
import { buttonClass } from '../../parts/basics/button.tsx';
import { Page } from '../../parts/basics/page.tsx';
import { Empty } from '../../parts/basics/states.tsx';
import { EndpointChip } from '../../parts/basics/status.tsx';
import { Time } from '../../parts/basics/time.tsx';
import { FilterBar, FilterSelect, FilterText, List } from '../../parts/data/list.tsx';
import type { Column } from '../../parts/data/table.tsx';

const route = getRouteApi('/endpoints');
const SHOWN_EVENTS = 2;

const STATUSES = ['enabled', 'paused', 'disabled'].map((value) => ({ value, text: value }));
const BREAKERS = [
  { value: 'closed', text: 'closed' },
  { value: 'open', text: 'open' },
  { value: 'half_open', text: 'half open' },
];

const COLUMNS: readonly Column<Endpoint>[] = [
  { key: 'state', head: 'State', cell: (endpoint) => <EndpointChip endpoint={endpoint} /> },
  {
    key: 'url',
    head: 'Endpoint',
    look: 'grow',
    place: 'main',
    cell: ({ id, url }) => (
      <Link to="/endpoints/$id" params={{ id }} title={url}>
        {placeOf(url)}
      </Link>
    ),
  },
  { key: 'customer', head: 'Customer', look: 'soft', cell: ({ customer_id }) => customer_id ?? 'operator' },
  { key: 'events', head: 'Events', place: 'hidden', cell: ({ events }) => eventsText(events) },
  {
    key: 'about',
    head: 'Description',
    look: 'soft',
    place: 'hidden',
    cell: ({ description }) => description || '–',
  },
  {
    key: 'secret',
    head: 'Rotation',
    look: 'soft',
    place: 'hidden',
    cell: ({ secret_rotation: rotation }) => <Time at={rotation?.overlap_ends_at ?? null} />,
  },
  {
    key: 'created',
    head: 'Created',
    look: 'soft',
    place: 'aside',
    cell: ({ created_at: at }) => <Time at={at} />,
  },
];

function eventsText(events: readonly string[]): string {
  const rest = events.length - SHOWN_EVENTS;
  return events.slice(0, SHOWN_EVENTS).join(', ') + (rest > 0 ? ` +${rest}` : '');
}

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
    fetch: (cursor) =>
      answerOf(api.GET('/v1/endpoints', { params: { query: present({ ...query, cursor }) as object } })),
  });
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
        columns={COLUMNS}
        keyOf={({ id }) => id}
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
