import { useSearch } from '@tanstack/react-router';
import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';
import { answerOf, api } from '../../data/api.ts';
import { serverNow } from '../../data/clock.ts';
import { onOutcomes, useConnection } from '../../data/live/connection.ts';
import { present } from '../../data/search.ts';
import type { Delivery } from '../../data/types.ts';
import { useQuery } from '../../data/use-query.ts';
import { lineOfDelivery, lineOfOutcome, type TailLine } from './tail-line.ts';

const POLL_MS = 1_000;
const DELIVERIES_A_LOOK = 50;
/** What is kept of what came. */
const RING = 1_000;
/** So many lines are shown of what one look brings; nobody reads more. */
const MOST_A_LOOK = 25;
const TAIL_LOOK_MS = 500;
/** So far back it looks for deliveries that still change, where there is no stream. */
const REACH_MS = 600_000;

interface Tail {
  readonly lines: readonly TailLine[];
  /** What came while somebody read further down, newest first. */
  readonly waiting: readonly TailLine[];
  /** Shows it, from the newest on. */
  readonly showWaiting: () => void;
  /** How many came that there was no room to show. */
  readonly more: number;
  /** What the lines scroll in. */
  readonly frame: RefObject<HTMLElement | null>;
  readonly error: unknown;
  readonly clear: () => void;
  readonly retry: () => void;
}

interface Shown {
  readonly lines: readonly TailLine[];
  readonly waiting: readonly TailLine[];
  readonly more: number;
}

const NOTHING: Shown = { lines: [], waiting: [], more: 0 };

/**
 * What happens to deliveries, newest first: by the stream, or by looking every second where there is none. What comes
 * while somebody has scrolled waits, so that nothing moves under their eyes.
 */
export function useTail(isPaused: boolean): Tail {
  const [{ lines, waiting, more }, setShown] = useState(NOTHING);
  const frame = useRef<HTMLElement>(null);
  const add = useCallback((fresh: readonly TailLine[]) => {
    const isBeingRead = (frame.current?.scrollTop ?? 0) > 0;
    setShown((before) => (isBeingRead ? kept(before, fresh) : withWaiting(kept(before, fresh))));
  }, []);
  const hasStream = useConnection().kind === 'live';
  useEffect(() => (isPaused ? undefined : gather(add)), [isPaused, add]);
  const { error, retry } = usePolled(!isPaused && !hasStream, add);
  return {
    lines,
    waiting,
    showWaiting: () => {
      setShown(withWaiting);
      frame.current?.scrollTo({ top: 0 });
      frame.current?.focus({ preventScroll: true });
    },
    more,
    frame,
    error: hasStream ? null : error,
    clear: () => setShown(NOTHING),
    retry,
  };
}

function kept({ lines, waiting, more }: Shown, fresh: readonly TailLine[]): Shown {
  return {
    lines,
    waiting: [...fresh.slice(0, MOST_A_LOOK), ...waiting].slice(0, RING),
    more: more + Math.max(0, fresh.length - MOST_A_LOOK),
  };
}

function withWaiting({ lines, waiting, more }: Shown): Shown {
  return { lines: [...waiting, ...lines].slice(0, RING), waiting: [], more };
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
        api.GET('/v1/deliveries', {
          params: { query: present({ customer_id, after, limit: DELIVERIES_A_LOOK }) },
        }),
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
