import { useSyncExternalStore } from 'react';

const SECOND_MS = 1_000;

let skewMs = 0;
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;
const listeners = new Set<() => void>();

/** Learns from a `Date` header how far this computer's clock is from the server's. */
export function noteServerTime(header: string | null): void {
  const time = header === null ? Number.NaN : Date.parse(header);
  // The header counts whole seconds, so less than one is no difference.
  if (!Number.isNaN(time) && Math.abs(time - Date.now()) > SECOND_MS) skewMs = time - Date.now();
}

/** The server's time in milliseconds, as far as is known. */
export function serverNow(): number {
  return Date.now() + skewMs;
}

/** The server's time, anew every second: one timer for all that count down. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(tick, SECOND_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

function tick(): void {
  now = serverNow();
  for (const listener of listeners) listener();
}
