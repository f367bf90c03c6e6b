import { Link } from '@tanstack/react-router';
import type { DeliveryDetail } from '../../data/types.ts';
import { EndpointName } from '../../parts/basics/endpoint-name.tsx';
import { IdText } from '../../parts/basics/id-text.tsx';
import { Facts } from '../../parts/basics/page.tsx';
import { StatusChip } from '../../parts/basics/status.tsx';
import { ExactTime, Time } from '../../parts/basics/time.tsx';

/** What is known of a delivery. */
export function DeliveryFacts({ delivery }: { readonly delivery: DeliveryDetail }) {
  const { endpoint_id, event_id, replay_id, finished_at, temporal_url: run } = delivery;
  return (
    <Facts
      facts={[
        { name: 'Status', value: <StatusChip status={delivery.status} detail={delivery.held_by} /> },
        { name: 'Delivery', value: <IdText id={delivery.id} /> },
        {
          name: 'Event',
          value: (
            <Link to="/events/$id" params={{ id: event_id }}>
              <IdText id={event_id} />
            </Link>
          ),
        },
        {
          name: 'Endpoint',
          value: (
            <Link to="/endpoints/$id" params={{ id: endpoint_id }}>
              <EndpointName id={endpoint_id} />
            </Link>
          ),
        },
        { name: 'Customer', value: delivery.customer_id ?? 'operator' },
        { name: 'Accepted', value: <ExactTime at={delivery.created_at} /> },
        { name: 'Ended', value: <Time at={finished_at} /> },
        ...(delivery.position === null ? [] : [{ name: 'Place in order', value: delivery.position }]),
        ...(delivery.test ? [{ name: 'Kind', value: 'test' }] : []),
        ...(replay_id === null
          ? []
          : [
              {
                name: 'Replay',
                value: (
                  <Link to="/replays/$id" params={{ id: replay_id }}>
                    <IdText id={replay_id} />
                  </Link>
                ),
              },
            ]),
        ...(run === null
          ? []
          : [
              {
                name: 'Workflow',
                value: (
                  <a href={run} target="_blank" rel="noreferrer">
                    Temporal UI
                  </a>
                ),
              },
            ]),
      ]}
    />
  );
}
