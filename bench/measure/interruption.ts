import { setMaxListeners } from 'node:events';

/** Conventional exit code of a program that Ctrl-C ended. */
const INTERRUPTED = 130;

/**
 * Runs a program that cleans up behind itself, and sets the exit code it returns. Ctrl-C and SIGTERM abort its signal
 * and let it clean up; a second one ends the process at once.
 */
export async function runInterruptible(program: (signal: AbortSignal) => Promise<number>): Promise<void> {
  const controller = new AbortController();
  // Everything that waits listens to it.
  setMaxListeners(0, controller.signal);
  const interrupt = (): void => {
    if (controller.signal.aborted) process.exit(INTERRUPTED);
    process.stderr.write('\ninterrupted: cleaning up …\n');
    controller.abort(new Error('interrupted'));
  };
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  try {
    process.exitCode = await program(controller.signal);
  } catch (error) {
    if (!controller.signal.aborted) process.stderr.write(`${describe(error)}\n`);
    process.exitCode = controller.signal.aborted ? INTERRUPTED : 1;
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
