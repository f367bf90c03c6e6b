import type { Logger } from '../../logger.ts';

/** Work that goes on by itself until it is closed. */
export interface Loop {
  /** Ends after the step under way. */
  close(): Promise<void>;
}

/** Repeats a step until it answers that there is nothing more to do, or the loop is being closed. */
export type UntilDone = (step: () => Promise<boolean>) => Promise<void>;

/**
 * Begins a round at once, and another some time after the end of each. Rounds that fail, as while Postgres is away, are
 * begun anew like others.
 * @param what names a round in the log
 */
export function keepDoing(
  round: (untilDone: UntilDone) => Promise<void>,
  { what, pauseMs, logger }: { readonly what: string; readonly pauseMs: number; readonly logger: Logger },
): Loop {
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;
  const untilDone: UntilDone = async (step) => {
    while (!isClosed && (await step()));
  };
  const next = async (): Promise<void> => {
    try {
      await round(untilDone);
    } catch (error) {
      logger.debug({ error: String(error) }, `a round of ${what} was broken off`);
    }
    if (!isClosed) timer = setTimeout(() => (last = next()), pauseMs);
  };
  let last = next();
  return {
    close: async () => {
      isClosed = true;
      clearTimeout(timer);
      await last;
    },
  };
}
