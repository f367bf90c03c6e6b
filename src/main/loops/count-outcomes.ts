import type { Timing } from '../../domain/timing.ts';
import type { Logger } from '../../logger.ts';
import type { OutcomeCounts } from '../../storage/stats/outcome-counts.ts';
import { keepDoing, type Loop } from './keep-doing.ts';

/** What has been kept long enough is removed in every so many rounds. */
const ROUNDS_BETWEEN_SWEEPS = 12;

/**
 * Keeps counting what happened to deliveries; while Postgres is away nothing is counted, and nothing is lost by that.
 */
export function countOutcomes({
  counts,
  timing,
  logger,
}: {
  readonly counts: OutcomeCounts;
  readonly timing: Pick<Timing, 'countMs'>;
  readonly logger: Logger;
}): Loop {
  let rounds = 0;
  return keepDoing(
    async (untilDone) => {
      await untilDone(async () => await counts.fold());
      await untilDone(async () => await counts.coarsen());
      if (rounds % ROUNDS_BETWEEN_SWEEPS === 0) await untilDone(async () => await counts.sweep());
      rounds += 1;
    },
    { what: 'counting', pauseMs: timing.countMs, logger },
  );
}
