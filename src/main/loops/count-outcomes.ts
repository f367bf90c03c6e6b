import type { Timing } from '../../domain/timing.ts';
import type { Logger } from '../../logger.ts';
import type { OutcomeCounts } from '../../storage/stats/outcome-counts.ts';

/** Keeps counting what happened to deliveries. */
export interface OutcomeCounting {
  /** Ends after the round under way. */
  close(): Promise<void>;
}

/** What has been kept long enough is removed in every so many rounds. */
const ROUNDS_BETWEEN_SWEEPS = 12;

/** Begins at once; while Postgres is away nothing is counted, and nothing is lost by that. */
export function countOutcomes({
  counts,
  timing,
  logger,
}: {
  readonly counts: OutcomeCounts;
  readonly timing: Pick<Timing, 'countMs'>;
  readonly logger: Logger;
}): OutcomeCounting {
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;
  let rounds = 0;
  const everything = async (step: () => Promise<boolean>): Promise<void> => {
    while (!isClosed && (await step()));
  };
  const round = async (): Promise<void> => {
    try {
      await everything(async () => await counts.fold());
      if (rounds % ROUNDS_BETWEEN_SWEEPS === 0) await everything(async () => await counts.sweep());
      rounds += 1;
    } catch (error) {
      logger.debug({ error: String(error) }, 'a round of counting was broken off');
    }
    if (!isClosed) timer = setTimeout(() => (last = round()), timing.countMs);
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
