import type { Timing } from '../../domain/timing.ts';
import type { Logger } from '../../logger.ts';
import type { Erasures } from '../../storage/upkeep/erasures.ts';

/** Keeps erasing what is to be erased. */
export interface Erasing {
  /** Ends after the step under way. */
  close(): Promise<void>;
}

/** Begins at once; every replica may do it, and what one leaves undone another goes on with. */
export function eraseCustomers({
  erasures,
  timing,
  logger,
}: {
  readonly erasures: Erasures;
  readonly timing: Pick<Timing, 'roundMs'>;
  readonly logger: Logger;
}): Erasing {
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;
  const round = async (): Promise<void> => {
    try {
      while (!isClosed && (await erasures.step()));
    } catch (error) {
      logger.debug({ error: String(error) }, 'a round of erasing was broken off');
    }
    if (!isClosed) timer = setTimeout(() => (last = round()), timing.roundMs);
  };
  let last = round();
  return {
    close: async () => {
      isClosed = true;
      clearTimeout(timer);
      await last;
    },
  };
}
