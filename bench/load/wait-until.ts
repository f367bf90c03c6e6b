import { setTimeout as sleep } from 'node:timers/promises';

const DEFAULT_INTERVAL_MS = 5;

export interface WaitOptions {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly intervalMs?: number;
}

/** Waits for a condition, at most so long. @returns whether it came to be @throws where the signal is aborted */
export async function waitUntil(
  condition: () => boolean | Promise<boolean>,
  { timeoutMs, signal, intervalMs = DEFAULT_INTERVAL_MS }: WaitOptions,
): Promise<boolean> {
  const giveUpAt = performance.now() + timeoutMs;
  while (!(await condition())) {
    if (performance.now() > giveUpAt) return false;
    await sleep(intervalMs, undefined, { signal });
  }
  return true;
}

/** Waits until a moment of `performance.now()`. @throws where the signal is aborted */
export async function waitTill(at: number, signal: AbortSignal): Promise<void> {
  await sleep(Math.max(0, at - performance.now()), undefined, { signal });
}
