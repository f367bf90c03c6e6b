import { keepPreviousData } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useCallback, useMemo, useState } from 'react';
import { useMay } from '../../app/session.ts';
import { answerOf, api } from '../../data/api.ts';
import { serverNow } from '../../data/clock.ts';
import { dataFilterOf } from '../../data/data-filter.ts';
import { afterOf, present } from '../../data/search.ts';
import type { Delivery, DeliveryStatus } from '../../data/types.ts';
import { useList } from '../../data/use-list.ts';
import { useQuery } from '../../data/use-query.ts';
import { buttonClass } from '../../parts/basics/button.tsx';
import { shortId } from '../../parts/basics/id-text.tsx';
import { Page } from '../../parts/basics/page.tsx';
import { Empty } from '../../parts/basics/states.tsx';
import { List, Views, viewClass } from '../../parts/data/list.tsx';
import type { Column } from '../../parts/data/table.tsx';
import { deliveryColumns } from './delivery-columns.tsx';
import { DeliveryFilters } from './delivery-filters.tsx';
import css from './delivery-panel.module.css';
import { DeliveryPanel } from './delivery-panel.tsx';
import { OpenBeside } from './open-beside.tsx';
import { SelectionBar } from './selection-bar.tsx';

const route = getRouteApi('/deliveries');

/** What everybody looks for, by the states that it is. */
const VIEWS: readonly { readonly text: string; readonly status: DeliveryStatus | undefined }[] = [
  { text: 'All', status: undefined },
  { text: 'Retrying', status: 'retrying' },
  { text: 'Held', status: 'held' },
  { text: 'Dead', status: 'dead' },
  { text: 'Sending', status: 'sending' },
  { text: 'Skipped', status: 'skipped' },
  { text: 'Delivered', status: 'delivered' },
];

const COLUMNS = deliveryColumns.map((column) => (column.key === 'event' ? withOpenBeside(column) : column));

function withOpenBeside({ cell, ...column }: Column<Delivery>): Column<Delivery> {
  return {
    ...column,
    cell: (delivery) => (
      <>
        {cell(delivery)} <OpenBeside id={delivery.id} name={deliveryName(delivery)} />
      </>
    ),
  };
}

/** Every delivery that the filter selects. */
export function DeliveriesPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { customer_id, range, data, open, attempt: _attempt, ...filter } = search;
  // The start of the range stays where it is while somebody turns pages: a cursor is good for one filter only.
  const after = useMemo(() => afterOf(range, serverNow()), [range]);
  const query = present({ ...filter, customer_id, after, data: dataFilterOf(data) });
  const list = useList<Delivery>({
    key: ['deliveries', query],
    keyOf: ({ id }) => id,
    fetch: (cursor) =>
      answerOf(
        api.GET('/v1/deliveries', {
          params: { query: present({ ...query, cursor, limit: '25' }) as object },
        }),
      ),
  });
  const total = useTotal(query);
  const [keys, setKeys] = useState<ReadonlySet<string>>(new Set());
  const mayRetry = useMay('retry');
  const isFiltered = Object.keys(query).length > 0;
  const close = useCallback(
    () =>
      void navigate({ search: ({ open: _open, attempt: _shown, ...before }) => before, resetScroll: false }),
    [navigate],
  );
  return (
    <Page title="Deliveries" lead="One event for one endpoint each, with everything that was tried.">
      <div className={css.beside}>
        <div className={css.list}>
          <Views>
            {VIEWS.map(({ text, status }) => (
              <Link
                key={text}
                to="/deliveries"
                search={(before) => ({ ...before, status })}
                className={viewClass}
                activeOptions={{ exact: true }}
              >
                {text}
              </Link>
            ))}
          </Views>
          <DeliveryFilters
            filter={search}
            onChange={(change) => void navigate({ search: (before) => present({ ...before, ...change }) })}
          />
          {list.items?.length ? (
            <SelectionBar keys={keys} onClear={() => setKeys(new Set())} filter={query} total={total} />
          ) : null}
          <List
            label="Deliveries"
            what={['delivery', 'deliveries']}
            list={list}
            columns={COLUMNS}
            total={total}
            selecting={mayRetry ? { keys, onChange: setKeys, nameOf: deliveryName } : undefined}
            empty={<NoDeliveries />}
            onClear={isFiltered ? () => void navigate({ search: {} }) : undefined}
          />
        </div>
        {open === undefined ? null : <DeliveryPanel id={open} onClose={close} />}
      </div>
    </Page>
  );
}

function deliveryName({ id, event }: Delivery): string {
  return `${event}, delivery ${shortId(id)}`;
}

/** How many the filter selects, by the API's count, which says where it stopped. */
function useTotal(query: object): string | undefined {
  const { data } = useQuery({
    queryKey: ['deliveries-count', query],
    queryFn: () => answerOf(api.GET('/v1/deliveries/count', { params: { query } })),
    placeholderData: keepPreviousData,
  });
  return data === undefined ? undefined : `${data.count.toLocaleString()}${data.capped ? ' or more' : ''}`;
}

function NoDeliveries() {
  return (
    <Empty
      title="Nothing was delivered yet"
      actions={
        <>
          <Link to="/events/new" className={buttonClass('primary')}>
            Publish an event
          </Link>
          <Link to="/endpoints" className={buttonClass()}>
            Endpoints
          </Link>
        </>
      }
    >
      <p>A delivery is made for each endpoint that an event is for: create an endpoint, then publish.</p>
    </Empty>
  );
}
