import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useMay } from '../../app/session.ts';
import { answerOf, api, textOf } from '../../data/api.ts';
import { memberText } from '../../data/json-text.ts';
import { useRefreshMs } from '../../data/live/connection.ts';
import type { Delivery } from '../../data/types.ts';
import { useList, useRefresh } from '../../data/use-list.ts';
import { useQuery } from '../../data/use-query.ts';
import { Button } from '../../parts/basics/button.tsx';
import { IdText } from '../../parts/basics/id-text.tsx';
import { Facts, Page, Section } from '../../parts/basics/page.tsx';
import { Empty, Fetching } from '../../parts/basics/states.tsx';
import { Countdown, ExactTime } from '../../parts/basics/time.tsx';
import { BodyView } from '../../parts/data/body-view.tsx';
import { List } from '../../parts/data/list.tsx';
import { CopyMenu } from '../../parts/forms/copy-menu.tsx';
import { Confirm } from '../../parts/forms/dialog.tsx';
import { notify } from '../../parts/forms/notices.tsx';
import { deliveryColumnsWithout } from '../deliveries/delivery-columns.tsx';
import { EventExplanation } from './event-explanation.tsx';
import { type EventFacts, eventOf } from './event-facts.ts';

const route = getRouteApi('/events/$id');
const COLUMNS = deliveryColumnsWithout('customer', 'event-type');
const REFRESH_MS = 5_000;

/** One event: what came of it, then what was published, byte for byte. */
export function EventPage() {
  const { id } = route.useParams();
  const refetchInterval = useRefreshMs(REFRESH_MS);
  const query = useQuery({
    queryKey: ['event', id],
    queryFn: () => textOf(`/v1/events/${encodeURIComponent(id)}`),
    refetchInterval,
  });
  const { data: text } = query;
  const event = text === undefined ? null : eventOf(text);
  return (
    <Page
      title={event?.event ?? 'Event'}
      lead={event === null ? undefined : <Lead event={event} />}
      actions={event === null ? undefined : <EventActions event={event} />}
    >
      <Fetching query={query} />
      {event === null || text === undefined ? null : (
        <EventParts event={event} text={text} refetchInterval={refetchInterval} />
      )}
    </Page>
  );
}

interface PartsProps {
  readonly event: EventFacts;
  readonly text: string;
  readonly refetchInterval: number | false;
}

function EventParts({ event, text, refetchInterval }: PartsProps) {
  return (
    <>
      <Facts
        facts={[
          { name: 'Event', value: <IdText id={event.id} /> },
          { name: 'Customer', value: event.customer_id ?? 'every customer' },
          { name: 'Accepted', value: <ExactTime at={event.created_at} /> },
          ...(event.deliver_at === null
            ? []
            : [{ name: 'Scheduled for', value: <ExactTime at={event.deliver_at} /> }]),
          { name: 'Deliveries', value: event.deliveries.toLocaleString() },
        ]}
      />
      <Section title="Why did it (not) arrive?">
        <EventExplanation
          eventId={event.id}
          isErased={event.erased_at !== null}
          refetchInterval={refetchInterval}
        />
      </Section>
      <Section title="Deliveries">
        <EventDeliveries id={event.id} />
      </Section>
      <Section title="Data">
        <BodyView
          label="Data as published"
          text={memberText(text, 'data')}
          masked={event.erased_at === null ? event.sensitive : []}
        />
      </Section>
    </>
  );
}

function Lead({ event }: { readonly event: EventFacts }) {
  const { deliveries, deliveries_by_status: counts, cancelled_at: cancelled, deliver_at: due } = event;
  if (cancelled !== null) return <>Cancelled before it was due: it reaches nobody.</>;
  const isDue = due === null || counts.scheduled === 0;
  if (!isDue && due !== null)
    return (
      <>
        Scheduled: it goes out <Countdown to={due} />.
      </>
    );
  if (deliveries === 0)
    return <>It reached nobody: no endpoint took this type for this customer when it came.</>;
  const parts = Object.entries(counts).filter(([, count]) => count > 0);
  return <>{parts.map(([status, count]) => `${count.toLocaleString()} ${status}`).join(', ')}.</>;
}

function EventActions({ event }: { readonly event: EventFacts }) {
  const mayPublish = useMay('publish');
  const [isAsking, setAsking] = useState(false);
  const refresh = useRefresh();
  const isOpen = event.cancelled_at === null && event.deliveries_by_status.scheduled > 0;
  const cancel = async () => {
    await answerOf(api.POST('/v1/events/{id}/cancel', { params: { path: { id: event.id } } }));
    notify('Cancelled: it reaches nobody.');
    await refresh();
  };
  return (
    <>
      {mayPublish && isOpen ? <Button onClick={() => setAsking(true)}>Cancel…</Button> : null}
      <CopyMenu
        items={[
          { name: 'Copy id', text: event.id },
          { name: 'Copy link', text: location.href },
        ]}
      />
      <Confirm
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        title="Cancel this event?"
        verb="Cancel the event"
        look="danger"
        onConfirm={cancel}
      >
        <p>It was accepted for a later time, and would reach nobody then.</p>
      </Confirm>
    </>
  );
}

function EventDeliveries({ id }: { readonly id: string }) {
  const list = useList<Delivery>({
    key: ['deliveries', { event_id: id }],
    keyOf: (delivery) => delivery.id,
    fetch: (cursor) =>
      answerOf(
        api.GET('/v1/deliveries', {
          params: { query: cursor === undefined ? { event_id: id } : { event_id: id, cursor } },
        }),
      ),
  });
  return (
    <List
      label="Deliveries of this event"
      what={['delivery', 'deliveries']}
      list={list}
      columns={COLUMNS}
      empty={
        <Empty title="No endpoint took it">
          <p>
            No endpoint of the customer takes this type, or none existed when the event came.{' '}
            <Link to="/endpoints">See the endpoints</Link>
          </p>
        </Empty>
      }
    />
  );
}
