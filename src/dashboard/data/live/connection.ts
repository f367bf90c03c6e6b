import { useSyncExternalStore } from 'react';
import type { Outcome } from '../types.ts';
import { useIsLive } from './is-live.ts';

/** How the page learns what is new. */
export type Connection =
  | { readonly kind: 'live' }
  | { readonly kind: 'reconnecting'; readonly times: number }
  | { readonly kind: 'polling' };

type Listener = () => void;
type OutcomeListener = (outcome: Outcome) => void;

/** While the stream tells what is new, polling only finds what it leaves out. */
const BESIDE_STREAM_MS = 15_000;

let connection: Connection = { kind: 'polling' };
const listeners = new Set<Listener>();
const outcomeListeners = new Set<OutcomeListener>();

/** How the page learns what is new at the moment. */
export function useConnection(): Connection {
  return useSyncExternalStore(subscribe, () => connection);
}

/** How often a list asks: seldom beside the stream, at its own pace without it, never where somebody stopped it. */
export function useRefreshMs(pollMs: number): number | false {
  const { kind } = useConnection();
  const isLive = useIsLive();
  if (!isLive) return false;
  return kind === 'live' ? Math.max(pollMs, BESIDE_STREAM_MS) : pollMs;
}

/** Says how the connection fares. */
export function noteConnection(next: Connection): void {
  if (connection.kind === next.kind && next.kind !== 'reconnecting') return;
  connection = next;
  for (const listener of listeners) listener();
}

/** Hands an outcome to everybody who listens. */
export function tellOutcome(outcome: Outcome): void {
  for (const listener of outcomeListeners) listener(outcome);
}

/** Hears of every outcome of the stream, until the function that it returns is called. */
export function onOutcomes(listener: OutcomeListener): () => void {
  outcomeListeners.add(listener);
  return () => outcomeListeners.delete(listener);
}

function subscribe(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
