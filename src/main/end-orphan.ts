import { setTimeout as sleep } from 'node:timers/promises';
import { commandLineOf, isAlive } from './process-identity.ts';
import type { OnProgress } from './progress.ts';
import type { StopStep } from './server-process.ts';

const POLL_MS = 25;

/**
 * Ends a server that an earlier, killed Posthorn left running. It is only touched when its command line names `path`,
 * the file or directory it serves; otherwise the id has passed to a stranger.
 */
export async function endOrphan(
  pid: number,
  path: string,
  {
    stopSteps,
    what,
    onProgress,
  }: { stopSteps: readonly StopStep[]; what: string; onProgress?: OnProgress | undefined },
): Promise<'gone' | 'ended' | 'someone else'> {
  if (!isAlive(pid)) return 'gone';
  if (!commandLineOf(pid).includes(path)) return isAlive(pid) ? 'someone else' : 'gone';
  onProgress?.(`Stopping ${what} (process ${pid}), left over from an earlier run`);
  for (const { signal, graceMs } of stopSteps) {
    process.kill(pid, signal);
    if (await endsWithin(pid, graceMs)) return 'ended';
  }
  throw new Error(`${what} (process ${pid}) from an earlier run cannot be stopped`);
}

async function endsWithin(pid: number, milliseconds: number): Promise<boolean> {
  const giveUpAt = Date.now() + milliseconds;
  while (isAlive(pid)) {
    if (Date.now() > giveUpAt) return false;
    await sleep(POLL_MS);
  }
  return true;
}
