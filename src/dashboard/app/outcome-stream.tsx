import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { useEffect, useSyncExternalStore } from 'react';
import { noteConnection, onOutcomes, tellOutcome } from '../data/live/connection.ts';
import { followOutcomes } from '../data/live/follow-outcomes.ts';
import { useIsLive } from '../data/live/is-live.ts';

/** What an outcome changes, by the first member of its key; figures have a pace of their own. */
const CHANGED = [
  'deliveries',
  'deliveries-count',
  'delivery',
  'dead-letters',
  'dead-letter-groups',
  'dead-letter-count',
  'event',
  'replay',
  'replays',
  'endpoint',
];
/** However much happens, so often at most pages ask what is new. */
const STREAM_REFRESH_MS = 2_000;

/** Follows the stream while the page is seen, and has what it changes fetched anew. */
export function OutcomeStream(): null {
  const { customer_id: customerId } = useSearch({ strict: false });
  const isLive = useIsLive();
  const isSeen = useSyncExternalStore(subscribeToVisibility, () => !document.hidden);
  const client = useQueryClient();
  useEffect(() => {
    if (!isLive || !isSeen) return;
    const ending = new AbortController();
    void followOutcomes({
      customerId,
      onOutcome: tellOutcome,
      onConnection: noteConnection,
      signal: ending.signal,
    });
    return () => {
      ending.abort();
      noteConnection({ kind: 'polling' });
    };
  }, [customerId, isLive, isSeen]);
  useEffect(() => refreshOnOutcomes(client), [client]);
  return null;
}

function refreshOnOutcomes(client: QueryClient): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let lastAt = 0;
  const refresh = () => {
    timer = undefined;
    lastAt = Date.now();
    void client.invalidateQueries({ predicate: ({ queryKey: [name] }) => CHANGED.includes(String(name)) });
  };
  const stop = onOutcomes(() => {
    timer ??= setTimeout(refresh, Math.max(0, lastAt + STREAM_REFRESH_MS - Date.now()));
  });
  return () => {
    clearTimeout(timer);
    stop();
  };
}

function subscribeToVisibility(listener: () => void): () => void {
  document.addEventListener('visibilitychange', listener);
  return () => document.removeEventListener('visibilitychange', listener);
}
