import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** A signal to end a server with, and how long it may take before the next, harder one is sent. */
export interface StopStep {
  readonly signal: NodeJS.Signals;
  readonly graceMs: number;
}

/** A running server program whose output goes to a log file. */
export interface ServerProcess {
  readonly pid: number;
  /** Settles when the process has ended, with how: `code 1` or `signal SIGKILL`. */
  readonly ended: Promise<string>;
  hasEnded(): boolean;
  /** Ends the process by the steps given at its start; safe to call again. */
  stop(): Promise<void>;
}

export interface ServerProcessOptions {
  readonly logFile: string;
  readonly stopSteps: readonly StopStep[];
  readonly spawn?: Pick<SpawnOptions, 'uid' | 'gid' | 'env' | 'cwd'>;
}

const TAIL_LINES = 12;

/**
 * Starts a server in a session of its own, so that Ctrl-C in the terminal reaches it only through us, in our order.
 * Where this process ends without stopping it, the server is sent the first of the stop signals.
 */
export async function startServerProcess(
  command: string,
  args: readonly string[],
  options: ServerProcessOptions,
): Promise<ServerProcess> {
  const log = openSync(options.logFile, 'w', 0o600);
  const child = spawn(command, args, { ...options.spawn, detached: true, stdio: ['ignore', log, log] });
  closeSync(log);
  await once(child, 'spawn');
  const pid = child.pid;
  if (pid === undefined) throw new Error(`${command} was started but has no process id`);
  return control(child, pid, options.stopSteps);
}

/** The last lines of a log file, for error messages. */
export function tailOf(logFile: string): string {
  try {
    return readFileSync(logFile, 'utf8').trim().split('\n').slice(-TAIL_LINES).join('\n');
  } catch {
    return '';
  }
}

function control(child: ChildProcess, pid: number, stopSteps: readonly StopStep[]): ServerProcess {
  let hasEnded = false;
  const abandon = (): void => void child.kill(stopSteps[0]?.signal ?? 'SIGTERM');
  process.once('exit', abandon);
  const ended = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => {
      hasEnded = true;
      process.off('exit', abandon);
      resolve(signal === null ? `code ${code}` : `signal ${signal}`);
    });
  });
  return {
    pid,
    ended,
    hasEnded: () => hasEnded,
    async stop() {
      for (const { signal, graceMs } of stopSteps) {
        if (hasEnded) return;
        child.kill(signal);
        await waitAtMost(ended, graceMs);
      }
    },
  };
}

/** Waits for a promise, but no longer than this; does not tell which came first. */
export async function waitAtMost(promise: Promise<unknown>, milliseconds: number): Promise<void> {
  const controller = new AbortController();
  const timer = sleep(milliseconds, undefined, { signal: controller.signal }).catch(() => undefined);
  await Promise.race([promise, timer]);
  controller.abort();
}
