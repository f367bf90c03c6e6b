import { keepPreviousData, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useRefreshMs } from './live/connection.ts';
import type { PageOf } from './types.ts';
import { noteOwnChange, useHeld, type Waiting } from './use-held.ts';
import { useQuery } from './use-query.ts';

const REFRESH_MS = 5_000;

/** A list that is shown a page at a time. */
export interface ListState<T> {
  readonly items: readonly T[] | undefined;
  readonly keyOf: (row: T) => string;
  /** What has changed on the first page while somebody reads this one; showing it shows that page. */
  readonly waiting: Waiting;
  readonly error: unknown;
  readonly isStale: boolean;
  readonly shownSince: number | null;
  readonly pageNumber: number;
  readonly refetch: () => void;
  /** Absent on the last page. */
  readonly next: (() => void) | undefined;
  /** Absent on the first page. */
  readonly back: (() => void) | undefined;
}

interface ListOptions<T> {
  /** The name of the list and its filters: another filter begins at the first page. */
  readonly key: readonly unknown[];
  readonly fetch: (cursor: string | undefined) => Promise<PageOf<T>>;
  /** What tells a row from the others. */
  readonly keyOf: (row: T) => string;
}

/**
 * Fetches a list page by page. Cursors are signed for one caller, so they stand in no URL; the first page is fetched
 * anew every few seconds, and what was fetched stays while the next answer is on its way or does not come. What is new
 * waits while somebody reads.
 */
export function useList<T>({ key, fetch, keyOf }: ListOptions<T>): ListState<T> {
  const refreshMs = useRefreshMs(REFRESH_MS);
  const name = JSON.stringify(key);
  const [place, setPlace] = useState<{ readonly name: string; readonly cursors: readonly string[] }>({
    name,
    cursors: [],
  });
  const cursors = place.name === name ? place.cursors : [];
  const cursor = cursors.at(-1);
  const newest = useQuery({
    queryKey: [...key, { cursor: undefined }],
    queryFn: () => fetch(undefined),
    placeholderData: keepPreviousData,
    refetchInterval: refreshMs,
  });
  const query = useQuery({
    queryKey: [...key, { cursor }],
    queryFn: () => fetch(cursor),
    placeholderData: keepPreviousData,
  });
  const held = useHeld({ name, newest, keyOf, isAway: cursor !== undefined });
  const data = cursor === undefined ? held.page : query.data;
  const { error } = query;
  const nextCursor = data?.next_cursor ?? null;
  return {
    items: data?.items,
    keyOf,
    waiting: {
      ...held.waiting,
      show: () => {
        setPlace({ name, cursors: [] });
        held.waiting.show();
      },
    },
    error,
    isStale: query.isPlaceholderData || (error !== null && data !== undefined),
    shownSince: data === undefined ? null : query.dataUpdatedAt,
    pageNumber: cursors.length + 1,
    refetch: () => void query.refetch(),
    next: nextCursor === null ? undefined : () => setPlace({ name, cursors: [...cursors, nextCursor] }),
    back: cursors.length === 0 ? undefined : () => setPlace({ name, cursors: cursors.slice(0, -1) }),
  };
}

/** Has everything that is shown fetched anew, after a change. */
export function useRefresh(): () => Promise<void> {
  const client = useQueryClient();
  return async () => {
    noteOwnChange();
    await client.invalidateQueries();
  };
}
