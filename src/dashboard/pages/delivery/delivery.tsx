import { getRouteApi } from '@tanstack/react-router';
import { Page } from '../../parts/basics/page.tsx';
import { Fetching } from '../../parts/basics/states.tsx';
import { DeliveryActions } from './delivery-actions.tsx';
import { DeliveryBody } from './delivery-body.tsx';
import { Story } from './story.tsx';
import { useDelivery } from './use-delivery.ts';

const route = getRouteApi('/deliveries/$id');

/** One delivery: what is the matter and what comes next, then every attempt, then the facts. */
export function DeliveryPage() {
  const { id } = route.useParams();
  const query = useDelivery(id);
  const { data } = query;
  return (
    <Page
      title={data === undefined ? 'Delivery' : `${data.event} delivery`}
      heading={data?.event ?? 'Delivery'}
      lead={data === undefined ? undefined : <Story delivery={data} />}
      actions={data === undefined ? undefined : <DeliveryActions delivery={data} />}
    >
      <Fetching query={query} />
      {data === undefined ? null : <DeliveryBody delivery={data} />}
    </Page>
  );
}
