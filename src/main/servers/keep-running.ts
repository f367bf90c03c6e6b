import { setTimeout as sleep } from 'node:timers/promises';
import type { OnProgress } from './progress.ts';
import type { ServerProcess } from './server-process.ts';

const FIRST_RESTART_PAUSE_MS = 250;
const LONGEST_RESTART_PAUSE_MS = 10_000;

/** A server that is started again when it ends without being asked to. */
export interface KeptServer {
  pid(): number;
  stop(): Promise<void>;
}

export interface KeepRunningOptions {
  /** Its name in messages. */
  readonly what: string;
  /** False: leave it ended. */
  readonly restart: boolean;
  readonly onProgress?: OnProgress | undefined;
}

/** Starts a server and, when it ends by itself, starts it again: at once, then at growing distance while that fails. */
export async function keepRunning(
  start: () => Promise<ServerProcess>,
  { what, restart, onProgress }: KeepRunningOptions,
): Promise<KeptServer> {
  const stopping = new AbortController();
  let current = await start();
  const watching = restart ? watch() : Promise.resolve();

  async function watch(): Promise<void> {
    for (;;) {
      const how = await current.ended;
      if (stopping.signal.aborted) return;
      onProgress?.(`${what} ended unexpectedly (${how}); starting it again`);
      const next = await startAgain();
      if (next !== null) current = next;
      if (stopping.signal.aborted) return;
    }
  }

  async function startAgain(): Promise<ServerProcess | null> {
    for (
      let pauseMs = FIRST_RESTART_PAUSE_MS;
      !stopping.signal.aborted;
      pauseMs = Math.min(pauseMs * 2, LONGEST_RESTART_PAUSE_MS)
    ) {
      try {
        return await start();
      } catch (error) {
        onProgress?.(
          `${what} could not be started again: ${error instanceof Error ? error.message : String(error)}`,
        );
        await sleep(pauseMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      }
    }
    return null;
  }

  return {
    pid: () => current.pid,
    async stop() {
      stopping.abort();
      await current.stop();
      await watching;
      await current.stop();
    },
  };
}
