import { useSyncExternalStore } from 'react';

let isLive = true;
const listeners = new Set<() => void>();

/** Whether what is shown is fetched anew by itself. */
export function useIsLive(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => isLive,
  );
}

/** Turns that off or on again, for all pages. */
export function toggleLive(): void {
  isLive = !isLive;
  for (const listener of listeners) listener();
}
