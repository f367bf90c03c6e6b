import { type QueryKey, type UseQueryOptions, useQuery as useTanStackQuery } from '@tanstack/react-query';
import { useRef } from 'react';

/** What is known of something that the API has. */
export interface Fetched<T> {
  readonly data: T | undefined;
  /** Why the last try failed; it stays until one succeeds, so that a page does not forget it whenever it asks anew. */
  readonly error: unknown;
  readonly dataUpdatedAt: number;
  readonly isPlaceholderData: boolean;
  readonly refetch: () => Promise<unknown>;
}

/** Fetches something, and fetches it anew as the options say. */
export function useQuery<T>(options: UseQueryOptions<T, unknown, T, QueryKey>): Fetched<T> {
  const { data, error, status, dataUpdatedAt, isPlaceholderData, refetch } = useTanStackQuery(options);
  const name = JSON.stringify(options.queryKey);
  const failed = useRef<{ readonly name: string; readonly error: unknown } | null>(null);
  if (error !== null) failed.current = { name, error };
  else if (status === 'success' || failed.current?.name !== name) failed.current = null;
  return { data, error: failed.current?.error ?? null, dataUpdatedAt, isPlaceholderData, refetch };
}
