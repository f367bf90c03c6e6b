import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive } from './process-identity.ts';
import type { OnProgress } from './progress.ts';
import type { StopStep } from './server-process.ts';

const ORPHAN_POLL_MS = 25;

export interface EndOrphanOptions {
  /** Whether the process is the server meant, and not a stranger to whom its id has passed. */
  readonly isOurs: (pid: number) => boolean;
  readonly stopSteps: readonly StopStep[];
  /** The server's name in messages. */
  readonly what: string;
  readonly onProgress?: OnProgress | undefined;
}

/** Ends a server that an earlier, killed Posthorn left running; strangers are not touched. */
export async function endOrphan(pid: number, options: EndOrphanOptions): Promise<void> {
  const { isOurs, stopSteps, what, onProgress } = options;
  if (!isAlive(pid) || !isOurs(pid)) return;
  onProgress?.(`Stopping ${what} (process ${pid}), left over from an earlier run`);
  for (const { signal, graceMs } of stopSteps) {
    send(pid, signal);
    if (await endsWithin(pid, graceMs)) return;
  }
  throw new Error(`${what} (process ${pid}) from an earlier run cannot be stopped`);
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

async function endsWithin(pid: number, milliseconds: number): Promise<boolean> {
  const giveUpAt = Date.now() + milliseconds;
  while (isAlive(pid)) {
    if (Date.now() > giveUpAt) return false;
    await sleep(ORPHAN_POLL_MS);
  }
  return true;
}
