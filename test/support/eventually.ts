import { setTimeout as sleep } from 'node:timers/promises';

const DEFAULT_TIMEOUT_MS = 20_000;
/** What happens soon is noticed soon; what takes long is asked for less often, as asking costs those who are asked. */
const FIRST_INTERVAL_MS = 25;
const LONGEST_INTERVAL_MS = 100;
const INTERVAL_SHARE = 0.05;

/**
 * Calls a function again and again until it neither throws nor answers `false`, `null` or `undefined`, and gives its
 * answer. @throws Error with the last failure when that does not happen in time
 */
export async function eventually<T>(
  probe: () => T | Promise<T>,
  { timeoutMs = DEFAULT_TIMEOUT_MS, intervalMs }: { timeoutMs?: number; intervalMs?: number } = {},
): Promise<Exclude<T, false | null | undefined>> {
  const begunAt = performance.now();
  for (;;) {
    const outcome = await attempt(probe);
    if (outcome.happened) return outcome.value;
    const waitedMs = performance.now() - begunAt;
    if (waitedMs > timeoutMs) {
      throw new Error(`This did not happen within ${timeoutMs} ms: ${String(probe)}`, {
        cause: outcome.problem,
      });
    }
    await sleep(intervalMs ?? intervalAfter(waitedMs));
  }
}

function intervalAfter(waitedMs: number): number {
  return Math.min(LONGEST_INTERVAL_MS, Math.max(FIRST_INTERVAL_MS, waitedMs * INTERVAL_SHARE));
}

type Outcome<T> =
  | { readonly happened: true; readonly value: Exclude<T, false | null | undefined> }
  | { readonly happened: false; readonly problem: unknown };

async function attempt<T>(probe: () => T | Promise<T>): Promise<Outcome<T>> {
  try {
    const value = await probe();
    if (value === false || value === null || value === undefined) return { happened: false, problem: value };
    return { happened: true, value: value as Exclude<T, false | null | undefined> };
  } catch (problem) {
    return { happened: false, problem };
  }
}
