import type { Logger } from '../logger.ts';

/**
 * Stops a process cleanly on SIGINT and SIGTERM: runs `close` once, then exits with 0, or with 1 where closing fails. A
 * second signal of either kind while closing exits at once.
 */
export function onShutdown(close: () => Promise<void>, logger: Logger): void {
  let closing = false;
  const stop = (signal: string): void => {
    if (closing) process.exit(130);
    closing = true;
    logger.info({ signal }, 'shutting down');
    close().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error({ error: String(error) }, 'could not shut down cleanly');
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
}
