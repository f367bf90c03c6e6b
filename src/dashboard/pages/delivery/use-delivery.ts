import { answerOf, api } from '../../data/api.ts';
import { useIsLive } from '../../data/live/is-live.ts';
import type { DeliveryDetail } from '../../data/types.ts';
import { type Fetched, useQuery } from '../../data/use-query.ts';

const OPEN_MS = 2_000;
const ENDED = ['delivered', 'dead', 'cancelled', 'skipped'];

/** A delivery with its newest attempts, fetched anew until it has ended. */
export function useDelivery(id: string): Fetched<DeliveryDetail> {
  const isLive = useIsLive();
  return useQuery<DeliveryDetail>({
    queryKey: ['delivery', id],
    queryFn: () => answerOf(api.GET('/v1/deliveries/{id}', { params: { path: { id } } })),
    // What has ended changes only by hand.
    refetchInterval: ({ state }) => (isLive && !ENDED.includes(state.data?.status ?? '') ? OPEN_MS : false),
  });
}
