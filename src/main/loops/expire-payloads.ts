import type { Logger } from '../../logger.ts';
import type { PayloadExpiry } from '../../storage/upkeep/payload-expiry.ts';
import { keepDoing, type Loop } from './keep-doing.ts';

const EXPIRY_LOOK_MS = 3_600_000;
/** Between walks from the beginning, for what could not be erased when it was old enough. */
const ROUNDS_PER_WALK = 24;

/** Keeps erasing what events carried once they are old enough, every hour. */
export function expirePayloads(expiry: PayloadExpiry, logger: Logger): Loop {
  let rounds = 0;
  return keepDoing(
    async (untilDone) => {
      if (rounds % ROUNDS_PER_WALK === 0) expiry.beginAnew();
      rounds += 1;
      await untilDone(async () => await expiry.step());
    },
    { what: 'erasing payloads', pauseMs: EXPIRY_LOOK_MS, logger },
  );
}
