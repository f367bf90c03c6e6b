import { getRouteApi, Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useMay } from '../../app/session.ts';
import { answerOf, api } from '../../data/api.ts';
import { serverNow } from '../../data/clock.ts';
import { DATA_LABEL, dataFilterOf } from '../../data/data-filter.ts';
import { useEventTypes } from '../../data/endpoints.ts';
import { afterOf, present } from '../../data/search.ts';
import type { EventItem } from '../../data/types.ts';
import { useList } from '../../data/use-list.ts';
import { buttonClass } from '../../parts/basics/button.tsx';
import { IdText, shortId } from '../../parts/basics/id-text.tsx';
import { Page } from '../../parts/basics/page.tsx';
import { Countdown, Time } from '../../parts/basics/time.tsx';
import { FilterBar, FilterSelect, FilterText, List } from '../../parts/data/list.tsx';
import { Above, type Column } from '../../parts/data/table.tsx';
import { FirstPublish } from './first-publish.tsx';

const route = getRouteApi('/events');

const COLUMNS: readonly Column<EventItem>[] = [
  {
    key: 'event',
    head: 'Event',
    place: 'main',
    cell: ({ id, event, test }) => (
      <>
        <Link to="/events/$id" params={{ id }} aria-label={`${event}, ${shortId(id)}`}>
          {event}
        </Link>
        {test ? ' · test' : ''}
      </>
    ),
  },
  {
    key: 'id',
    head: 'Id',
    place: 'hidden',
    cell: ({ id }) => (
      <Above>
        <IdText id={id} />
      </Above>
    ),
  },
  { key: 'customer', head: 'Customer', look: 'grow', cell: ({ customer_id: id }) => id ?? 'every customer' },
  {
    key: 'deliveries',
    head: 'Deliveries',
    align: 'right',
    cell: ({ deliveries }) => deliveries.toLocaleString(),
  },
  {
    key: 'due',
    head: 'Scheduled',
    look: 'soft',
    place: 'hidden',
    cell: ({ deliver_at: at, cancelled_at: cancelled }) =>
      cancelled !== null ? 'cancelled' : at === null ? null : <Countdown to={at} />,
  },
  {
    key: 'created',
    head: 'Accepted',
    look: 'soft',
    place: 'aside',
    cell: ({ created_at: at }) => <Time at={at} />,
  },
];

/** What happened, as it was accepted. */
export function EventsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const types = useEventTypes();
  const mayPublish = useMay('publish');
  const { customer_id, range, event, data, reached: wanted } = search;
  const reached = wanted === 'none' ? ('none' as const) : undefined;
  const after = useMemo(() => afterOf(range, serverNow()), [range]);
  const query = present({ event, customer_id, after, reached, data: dataFilterOf(data) });
  const list = useList<EventItem>({
    key: ['events', query],
    keyOf: ({ id }) => id,
    fetch: (cursor) => answerOf(api.GET('/v1/events', { params: { query: present({ ...query, cursor }) } })),
  });
  return (
    <Page
      title="Events"
      lead="What happened, accepted once; each makes a delivery for every endpoint that takes it."
      actions={
        mayPublish ? (
          <Link to="/events/new" className={buttonClass('primary')}>
            Publish an event
          </Link>
        ) : undefined
      }
    >
      <FilterBar>
        <FilterSelect
          label="Event"
          value={event}
          choices={types.map((name) => ({ value: name, text: name }))}
          onChange={(name) => void navigate({ search: (before) => present({ ...before, event: name }) })}
        />
        <FilterSelect
          label="Reached"
          value={reached}
          choices={[{ value: 'none', text: 'no endpoint' }]}
          onChange={(one) => void navigate({ search: (before) => present({ ...before, reached: one }) })}
        />
        <FilterText
          label={DATA_LABEL}
          value={data}
          onChange={(text) => void navigate({ search: (before) => present({ ...before, data: text }) })}
        />
      </FilterBar>
      <List
        label="Events"
        what={['event', 'events']}
        list={list}
        columns={COLUMNS}
        empty={<FirstPublish />}
        onClear={Object.keys(query).length === 0 ? undefined : () => void navigate({ search: {} })}
      />
    </Page>
  );
}
