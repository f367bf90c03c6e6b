import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { answerOf, api } from '../../data/api.ts';
import { placeOf } from '../../data/endpoints.ts';
import { asProblem } from '../../data/problem.ts';
import { beginReplay, countReplay, type ReplayFilter, type ReplayWish } from '../../data/replay.ts';
import { present } from '../../data/search.ts';
import { useRefresh } from '../../data/use-list.ts';
import { useQuery } from '../../data/use-query.ts';
import { Confirm, Count } from '../../parts/forms/dialog.tsx';
import { CheckField, SelectField } from '../../parts/forms/field.tsx';
import { notify } from '../../parts/forms/notices.tsx';

interface Props {
  /** What is sent; null while nobody asked for it. */
  readonly filter: ReplayFilter | null;
  readonly customerId: string | undefined;
  readonly onClose: () => void;
}

/** Sends deliveries once more, each to its own endpoint or all to another, after it has said how many. */
export function SendAgain({ filter, customerId, onClose }: Props) {
  const [toEndpointId, setTo] = useState('');
  const [isNew, setNew] = useState(false);
  const wish = { filter: filter ?? {}, toEndpointId: toEndpointId || undefined, isNew };
  const count = useQuery({
    queryKey: ['replay-count', wish],
    queryFn: () => countReplay(wish),
    enabled: filter !== null,
    staleTime: 0,
    retry: false,
  });
  const endpoints = useEndpoints(customerId, filter !== null);
  const send = useSend(wish);
  const { data } = count;
  return (
    <Confirm
      isOpen={filter !== null}
      onClose={onClose}
      title="Send these again?"
      verb="Send"
      count={data?.count ?? null}
      isCapped={data?.capped}
      onConfirm={send}
    >
      <Count count={data?.count ?? null} isCapped={data?.capped} what="deliveries have ended and match." />
      {count.error === null ? null : <p role="alert">{asProblem(count.error).message}</p>}
      <SelectField
        label="Where to"
        value={toEndpointId}
        onChange={(event) => setTo(event.target.value)}
        choices={[{ value: '', text: 'each to its own endpoint' }, ...endpoints]}
      />
      {toEndpointId === '' ? (
        <CheckField
          label="As new deliveries"
          hint="under ids of their own, so that receivers process again what they have"
          checked={isNew}
          onChange={(event) => setNew(event.target.checked)}
        />
      ) : (
        <p>
          They go there as new deliveries, each event once, whether the endpoint takes such events or not.
        </p>
      )}
      <p>They go out as a replay: after live ones, under the rules of the endpoint.</p>
    </Confirm>
  );
}

function useEndpoints(customerId: string | undefined, isWanted: boolean) {
  const { data } = useQuery({
    queryKey: ['endpoints-to-choose', customerId],
    queryFn: () =>
      answerOf(
        api.GET('/v1/endpoints', {
          params: { query: present({ customer_id: customerId, limit: 100 }) as object },
        }),
      ),
    enabled: isWanted,
  });
  const items = data?.items ?? [];
  return items.map(({ id, url, customer_id: owner }) => ({
    value: id,
    text: `${placeOf(url)} · ${owner ?? 'operator'}`,
  }));
}

function useSend(wish: ReplayWish): () => Promise<void> {
  const navigate = useNavigate();
  const refresh = useRefresh();
  return async () => {
    const id = await beginReplay(wish);
    notify('The replay has begun; this page tells how far it is.');
    await refresh();
    await navigate({ to: '/replays/$id', params: { id } });
  };
}
