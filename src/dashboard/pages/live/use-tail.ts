import { useSearch } from '@tanstack/react-router';
import { useCallback, useEffect, useRef, useState } from 'react';
import { answerOf, api } from '../../data/api.ts';
import { serverNow } from '../../data/clock.ts';
import { onOutcomes, useConnection } from '../../data/live/connection.ts';
import { present } from '../../data/search.ts';
import type { Delivery } from '../../data/types.ts';
import { useQuery } from '../../data/use-query.ts';
import { lineOfDelivery, lineOfOutcome, type TailLine } from './tail-line.ts';

const POLL_MS = 1_000;
const PAGE = 50;
/** What is kept of what came. */
const RING = 1_000;
/** So many lines are shown of what one look brings; nobody reads more. */
const MOST_A_LOOK = 25;
const TAIL_LOOK_MS = 500;
/** So far back it looks for deliveries that still change, where there is no stream. */
const REACH_MS = 600_000;

interface Tail {
  readonly lines: readonly TailLine[];
  /** How many came that there was no room to show. */
  readonly more: number;
  readonly error: unknown;
  readonly clear: () => void;
  readonly retry: () => void;
}

interface Shown {
  readonly lines: readonly TailLine[];
  readonly more: number;
}

const NOTHING: Shown = { lines: [], more: 0 };

/** What happens to deliveries, newest first: by the stream, or by looking every second where there is none. */
export function useTail(isPaused: boolean): Tail {
  const [{ lines, more }, setShown] = useState(NOTHING);
  const add = useCallback((fresh: readonly TailLine[]) => {
    setShown((before) => ({
      lines: [...fresh.slice(0, MOST_A_LOOK), ...before.lines].slice(0, RING),
      more: before.more + Math.max(0, fresh.length - MOST_A_LOOK),
    }));
  }, []);
  const hasStream = useConnection().kind === 'live';
  useEffect(() => (isPaused ? undefined : gather(add)), [isPaused, add]);
  const { error, retry } = usePolled(!isPaused && !hasStream, add);
  return { lines, more, error: hasStream ? null : error, clear: () => setShown(NOTHING), retry };
}

/** Hands on what the stream tells, a look at a time. */
function gather(add: (fresh: readonly TailLine[]) => void): () => void {
  let fresh: TailLine[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = () => {
    timer = undefined;
    add(fresh);
    fresh = [];
  };
  const stop = onOutcomes((outcome) => {
    fresh.unshift(lineOfOutcome(outcome));
    timer ??= setTimeout(look, TAIL_LOOK_MS);
  });
  return () => {
    clearTimeout(timer);
    stop();
  };
}

function usePolled(isWanted: boolean, add: (fresh: readonly TailLine[]) => void) {
  const { customer_id } = useSearch({ strict: false });
  const seen = useRef(new Map<string, string>());
  const { data, error, refetch } = useQuery({
    queryKey: ['tail', customer_id],
    queryFn: () => {
      const after = new Date(serverNow() - REACH_MS).toISOString();
      return answerOf(
        api.GET('/v1/deliveries', { params: { query: present({ customer_id, after, limit: PAGE }) } }),
      );
    },
    refetchInterval: POLL_MS,
    enabled: isWanted,
  });
  useEffect(() => {
    if (data === undefined) return;
    const fresh = data.items.filter((item) => seen.current.get(item.id) !== stateOf(item));
    for (const item of fresh) seen.current.set(item.id, stateOf(item));
    if (fresh.length > 0) add(fresh.map(lineOfDelivery));
  }, [data, add]);
  return { error, retry: () => void refetch() };
}

function stateOf({ status, attempts_made: made }: Delivery): string {
  return `${status} ${made}`;
}
