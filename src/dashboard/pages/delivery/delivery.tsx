import { useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { answerOf, api } from '../../data/api.ts';
import { useIsLive } from '../../data/live/is-live.ts';
import type { DeliveryDetail } from '../../data/types.ts';
import { useQuery } from '../../data/use-query.ts';
import { EndpointName } from '../../parts/basics/endpoint-name.tsx';
import { IdText } from '../../parts/basics/id-text.tsx';
import { Facts, Page, Section } from '../../parts/basics/page.tsx';
import { Empty, Failed, Skeleton } from '../../parts/basics/states.tsx';
import { StatusChip } from '../../parts/basics/status.tsx';
import { ExactTime, Time } from '../../parts/basics/time.tsx';
import { AttemptList } from './attempt-list.tsx';
import { AttemptView } from './attempt-view.tsx';
import css from './delivery.module.css';
import { DeliveryActions } from './delivery-actions.tsx';
import { Story } from './story.tsx';
import { useAttempt } from './use-attempt.ts';

const route = getRouteApi('/deliveries/$id');
const OPEN_MS = 2_000;
const ENDED = ['delivered', 'dead', 'cancelled', 'skipped'];

/** One delivery: what is the matter and what comes next, then every attempt, then the facts. */
export function DeliveryPage() {
  const { id } = route.useParams();
  const isLive = useIsLive();
  const query = useQuery({
    queryKey: ['delivery', id],
    queryFn: () => answerOf(api.GET('/v1/deliveries/{id}', { params: { path: { id } } })),
    // What has ended changes only by hand.
    refetchInterval: ({ state }) => (isLive && !ENDED.includes(state.data?.status ?? '') ? OPEN_MS : false),
  });
  const { data, error } = query;
  return (
    <Page
      title={data === undefined ? 'Delivery' : `${data.event} delivery`}
      heading={data?.event ?? 'Delivery'}
      lead={data === undefined ? undefined : <Story delivery={data} />}
      actions={data === undefined ? undefined : <DeliveryActions delivery={data} />}
    >
      {error === null ? null : (
        <Failed
          error={error}
          onRetry={() => void query.refetch()}
          shownSince={data === undefined ? null : query.dataUpdatedAt}
        />
      )}
      {data === undefined && error === null ? <Skeleton /> : null}
      {data === undefined ? null : <Body delivery={data} />}
    </Page>
  );
}

function Body({ delivery }: { readonly delivery: DeliveryDetail }) {
  const { attempt: wanted } = route.useSearch();
  const client = useQueryClient();
  const { attempt, before, error } = useAttempt(delivery, wanted);
  return (
    <>
      {delivery.attempts.length === 0 ? (
        <Empty title="No attempt was made yet">
          <p>Attempts appear here as soon as they have ended, with what was sent and what was answered.</p>
        </Empty>
      ) : (
        <div className={css.columns}>
          <Section title={`Attempts (${delivery.attempts_made.toLocaleString()})`}>
            <AttemptList delivery={delivery} shown={attempt?.number} />
          </Section>
          <div>
            {error === null ? null : <Failed error={error} onRetry={() => void client.invalidateQueries()} />}
            {attempt === undefined ? null : (
              <AttemptView attempt={attempt} before={before} delivery={delivery} />
            )}
          </div>
        </div>
      )}
      <Section title="Facts">
        <DeliveryFacts delivery={delivery} />
      </Section>
    </>
  );
}

function DeliveryFacts({ delivery }: { readonly delivery: DeliveryDetail }) {
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
