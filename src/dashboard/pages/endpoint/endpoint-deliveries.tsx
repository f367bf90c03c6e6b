import { Link, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { answerOf, api } from '../../data/api.ts';
import { serverNow } from '../../data/clock.ts';
import { afterOf, present } from '../../data/search.ts';
import type { Delivery, Endpoint } from '../../data/types.ts';
import { useList } from '../../data/use-list.ts';
import { Empty } from '../../parts/basics/states.tsx';
import { List } from '../../parts/data/list.tsx';
import { deliveryColumnsWithout } from '../deliveries/delivery-columns.tsx';

const COLUMNS = deliveryColumnsWithout('endpoint', 'customer');

/** The deliveries of one endpoint. */
export function EndpointDeliveries({ endpoint: { id } }: { readonly endpoint: Endpoint }) {
  const { range } = useSearch({ strict: false });
  const after = useMemo(() => afterOf(range, serverNow()), [range]);
  const query = present({ endpoint_id: id, after });
  const list = useList<Delivery>({
    key: ['deliveries', query],
    keyOf: (delivery) => delivery.id,
    fetch: (cursor) =>
      answerOf(api.GET('/v1/deliveries', { params: { query: present({ ...query, cursor }) as object } })),
  });
  return (
    <>
      <p>
        <Link to="/deliveries" search={{ endpoint_id: id }}>
          Open with all filters
        </Link>
      </p>
      <List
        label="Deliveries of this endpoint"
        what={['delivery', 'deliveries']}
        list={list}
        columns={COLUMNS}
        empty={
          <Empty title="Nothing was sent to it yet">
            <p>Send a test, or publish an event that it takes.</p>
          </Empty>
        }
      />
    </>
  );
}
