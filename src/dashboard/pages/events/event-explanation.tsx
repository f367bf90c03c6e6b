import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMay } from '../../app/session.ts';
import { answerOf, api } from '../../data/api.ts';
import type { ExplainedEndpoint } from '../../data/types.ts';
import { useRefresh } from '../../data/use-list.ts';
import { Button } from '../../parts/basics/button.tsx';
import { EndpointName } from '../../parts/basics/endpoint-name.tsx';
import { Empty, Failed, Skeleton } from '../../parts/basics/states.tsx';
import { OutcomeChip } from '../../parts/basics/status.tsx';
import { Above, type Column, Table } from '../../parts/data/table.tsx';
import { notify, notifyFailure } from '../../parts/forms/notices.tsx';

interface Props {
  readonly eventId: string;
  /** Whether nothing of it can be sent any more. */
  readonly isErased: boolean;
  readonly refetchInterval: number | false;
}

/** Why an event did or did not arrive at each endpoint, and how to send it again. */
export function EventExplanation({ eventId, isErased, refetchInterval }: Props) {
  const mayRetry = useMay('retry');
  const { data, error, refetch, hasNextPage, fetchNextPage } = useInfiniteQuery({
    queryKey: ['event', eventId, 'explanation'],
    queryFn: ({ pageParam: cursor }) =>
      answerOf(
        api.GET('/v1/events/{id}/explain', {
          params: { path: { id: eventId }, query: cursor === '' ? {} : { cursor } },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval,
  });
  if (data === undefined)
    return error === null ? <Skeleton rows={3} /> : <Failed error={error} onRetry={() => void refetch()} />;
  const endpoints = data.pages.flatMap((page) => page.endpoints);
  if (endpoints.length === 0)
    return (
      <Empty title="There is no endpoint">
        <p>
          The customer had no endpoint that could have got it. <Link to="/endpoints">See the endpoints</Link>
        </p>
      </Empty>
    );
  return (
    <>
      <Table
        label="What became of it at each endpoint"
        columns={mayRetry && !isErased ? [...COLUMNS, sendColumn(eventId)] : COLUMNS}
        rows={endpoints}
        keyOf={({ endpoint_id, delivery_id }) => delivery_id ?? endpoint_id}
        isStale={error !== null}
      />
      {hasNextPage ? (
        <Button small icon="next" onClick={() => void fetchNextPage()}>
          Show more endpoints
        </Button>
      ) : null}
    </>
  );
}

const COLUMNS: readonly Column<ExplainedEndpoint>[] = [
  {
    key: 'endpoint',
    head: 'Endpoint',
    place: 'main',
    cell: ({ endpoint_id: id, delivery_id: delivery }) =>
      delivery === null ? (
        <EndpointName id={id} />
      ) : (
        <Link to="/deliveries/$id" params={{ id: delivery }}>
          <EndpointName id={id} />
        </Link>
      ),
  },
  { key: 'outcome', head: 'Outcome', cell: ({ outcome }) => <OutcomeChip outcome={outcome} /> },
  { key: 'why', head: 'Why', look: 'grow', cell: ({ sentence }) => sentence },
];

function sendColumn(eventId: string): Column<ExplainedEndpoint> {
  return {
    key: 'send',
    head: 'Again',
    align: 'right',
    cell: (endpoint) => (
      <Above>
        <SendButton eventId={eventId} endpoint={endpoint} />
      </Above>
    ),
  };
}

/** What is under way, or is to go out by itself, needs nobody. */
function SendButton({
  eventId,
  endpoint,
}: {
  readonly eventId: string;
  readonly endpoint: ExplainedEndpoint;
}) {
  const refresh = useRefresh();
  const { outcome, rule, endpoint_id, delivery_id: id } = endpoint;
  if (outcome === 'waiting' || rule === 'deleted_before' || rule === 'endpoint_deleted') return null;
  const isRetried = id !== null && outcome !== 'cancelled';
  const send = async () => {
    try {
      if (isRetried) await answerOf(api.POST('/v1/deliveries/{id}/retry', { params: { path: { id } } }));
      else
        await answerOf(
          api.POST('/v1/events/{id}/send', { params: { path: { id: eventId } }, body: { endpoint_id } }),
        );
      notify('It goes out now.');
      await refresh();
    } catch (error) {
      notifyFailure(error);
    }
  };
  return (
    <Button small icon="replays" onClick={send}>
      {isRetried ? 'Send again' : 'Send'}
    </Button>
  );
}
