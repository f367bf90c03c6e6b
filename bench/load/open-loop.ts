import { setTimeout as sleep } from 'node:timers/promises';

export interface OpenLoop {
  readonly ratePerSecond: number;
  readonly count: number;
  readonly signal: AbortSignal;
}

/**
 * Calls `fire` at fixed times, whatever became of the calls before: a slow answer must not make the next question
 * later. Ends when all calls have ended. @returns the most milliseconds by which a call began too late
 */
export async function runOpenLoop(
  { ratePerSecond, count, signal }: OpenLoop,
  fire: (index: number) => Promise<void>,
): Promise<number> {
  const beganAt = performance.now();
  const calls: Promise<void>[] = [];
  let worstLagMs = 0;
  for (let index = 0; index < count; index += 1) {
    const dueAt = beganAt + (index * 1_000) / ratePerSecond;
    const early = dueAt - performance.now();
    if (early > 0) await sleep(early, undefined, { signal });
    signal.throwIfAborted();
    worstLagMs = Math.max(worstLagMs, performance.now() - dueAt);
    calls.push(fire(index));
  }
  await Promise.all(calls);
  return worstLagMs;
}
