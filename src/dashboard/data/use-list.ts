import { keepPreviousData, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useRefreshMs } from './live/connection.ts';
import type { PageOf } from './types.ts';
import { useQuery } from './use-query.ts';

const REFRESH_MS = 5_000;

/** A list that is shown a page at a time. */
export interface ListState<T> {
  readonly items: readonly T[] | undefined;
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
}

/**
 * Fetches a list page by page. Cursors are signed for one caller, so they stand in no URL; the first page is fetched
 * anew every few seconds, and what was fetched stays while the next answer is on its way or does not come.
 */
export function useList<T>({ key, fetch }: ListOptions<T>): ListState<T> {
  const refreshMs = useRefreshMs(REFRESH_MS);
  const name = JSON.stringify(key);
  const [place, setPlace] = useState<{ readonly name: string; readonly cursors: readonly string[] }>({
    name,
    cursors: [],
  });
  const cursors = place.name === name ? place.cursors : [];
  const cursor = cursors.at(-1);
  const query = useQuery({
    queryKey: [...key, { cursor }],
    queryFn: () => fetch(cursor),
    placeholderData: keepPreviousData,
    refetchInterval: cursor === undefined ? refreshMs : false,
  });
  const { data, error } = query;
  const nextCursor = data?.next_cursor ?? null;
  return {
    items: data?.items,
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
  return async () => await client.invalidateQueries();
}
