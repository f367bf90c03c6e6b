import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { answerOf, api } from '../../data/api.ts';
import { serverNow } from '../../data/clock.ts';
import { present } from '../../data/search.ts';
import type { Delivery } from '../../data/types.ts';

const POLL_MS = 1_000;
const PAGE = 50;
/** What is kept of what came. */
const RING = 1_000;
/** So far back it looks for deliveries that still change. */
const REACH_MS = 600_000;

interface Tail {
  readonly lines: readonly Delivery[];
  /** Whether more came than one look has room for. */
  readonly isCut: boolean;
  readonly error: unknown;
  readonly clear: () => void;
  readonly retry: () => void;
}

/** The newest deliveries, a line more whenever one of them changes; at most fifty a second. */
export function useTail(isPaused: boolean): Tail {
  const { customer_id } = useSearch({ strict: false });
  const [lines, setLines] = useState<readonly Delivery[]>([]);
  const [isCut, setCut] = useState(false);
  const seen = useRef(new Map<string, string>());
  const query = useQuery({
    queryKey: ['tail', customer_id],
    queryFn: () => {
      const after = new Date(serverNow() - REACH_MS).toISOString();
      return answerOf(
        api.GET('/v1/deliveries', { params: { query: present({ customer_id, after, limit: PAGE }) } }),
      );
    },
    refetchInterval: isPaused ? false : POLL_MS,
    enabled: !isPaused,
  });
  const { data } = query;
  useEffect(() => {
    if (data === undefined) return;
    const fresh = data.items.filter((item) => seen.current.get(item.id) !== stateOf(item));
    // A whole page of what was never seen: there may have been more.
    const isFull = fresh.length === PAGE && seen.current.size > 0;
    for (const item of fresh) seen.current.set(item.id, stateOf(item));
    if (isFull) setCut(true);
    if (fresh.length > 0) setLines((before) => [...fresh, ...before].slice(0, RING));
  }, [data]);
  return { lines, isCut, error: query.error, clear: () => setLines([]), retry: () => void query.refetch() };
}

function stateOf({ status, attempts_made: made }: Delivery): string {
  return `${status} ${made}`;
}
