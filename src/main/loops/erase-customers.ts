import type { Timing } from '../../domain/timing.ts';
import type { Logger } from '../../logger.ts';
import type { Erasures } from '../../storage/upkeep/erasures.ts';
import { keepDoing, type Loop } from './keep-doing.ts';

/** Keeps erasing what is to be erased. Every replica may do it, and what one leaves undone another goes on with. */
export function eraseCustomers({
  erasures,
  timing,
  logger,
}: {
  readonly erasures: Erasures;
  readonly timing: Pick<Timing, 'roundMs'>;
  readonly logger: Logger;
}): Loop {
  return keepDoing(async (untilDone) => await untilDone(async () => await erasures.step()), {
    what: 'erasing',
    pauseMs: timing.roundMs,
    logger,
  });
}
