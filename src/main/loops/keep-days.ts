import type { Logger } from '../../logger.ts';
import { daysAheadOf, FEWEST_DAYS_AHEAD, type HistoryDays } from '../../storage/upkeep/history-days.ts';
import { keepDoing, type Loop } from './keep-doing.ts';

/** A day is long, and what cannot be locked now need not be tried again at once. */
const DAYS_LOOK_MS = 60_000;

/** Keeps making days of history ahead of time and dropping those whose retention is over; needs Postgres only. */
export function keepDays({
  days,
  retentionDays,
  logger,
}: {
  readonly days: HistoryDays;
  readonly retentionDays: number;
  readonly logger: Logger;
}): Loop {
  return keepDoing(
    async () => {
      const made = await whyNot(async () => await days.makeAhead());
      if (made !== null) await warnWhereFew(days, made, logger);
      const left = await whyNot(async () => {
        const dropped = await days.dropOld(retentionDays);
        if (dropped.length > 0) logger.info({ days: dropped.length }, 'dropped days of history');
      });
      if (left !== null) logger.debug({ reason: left }, 'a day of history was not dropped yet');
    },
    { what: 'keeping days of history', pauseMs: DAYS_LOOK_MS, logger },
  );
}

/** Why something could not be done; null where it was. */
async function whyNot(work: () => Promise<unknown>): Promise<string | null> {
  try {
    await work();
    return null;
  } catch (error) {
    return String(error);
  }
}

async function warnWhereFew(days: HistoryDays, reason: string, logger: Logger): Promise<void> {
  const ahead = daysAheadOf(await days.read());
  if (ahead === null || ahead < FEWEST_DAYS_AHEAD)
    logger.warn({ reason, days_ahead: ahead }, 'days of history ahead could not be made');
  else logger.debug({ reason, days_ahead: ahead }, 'days of history ahead were not made yet');
}
