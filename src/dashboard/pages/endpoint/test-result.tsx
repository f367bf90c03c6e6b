import { answerOf, api } from '../../data/api.ts';
import { useQuery } from '../../data/use-query.ts';
import { Failed, Skeleton } from '../../parts/basics/states.tsx';
import { AttemptView } from '../delivery/attempt-view.tsx';

const FIRST_ATTEMPT_POLL_MS = 500;

/** The first attempt of a test, as soon as it has ended. */
export function TestResult({ deliveryId }: { readonly deliveryId: string }) {
  const query = useQuery({
    queryKey: ['delivery', deliveryId],
    queryFn: () => answerOf(api.GET('/v1/deliveries/{id}', { params: { path: { id: deliveryId } } })),
    refetchInterval: ({ state }) => (state.data?.attempts.length ? false : FIRST_ATTEMPT_POLL_MS),
  });
  const { data, error } = query;
  if (error !== null) return <Failed error={error} onRetry={() => void query.refetch()} />;
  const attempt = data?.attempts.at(-1);
  if (data === undefined || attempt === undefined) return <Skeleton rows={3} />;
  return <AttemptView attempt={attempt} before={null} delivery={data} />;
}
