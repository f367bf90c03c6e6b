import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createLogger } from '../../../src/logger.ts';
import { keepDays } from '../../../src/main/loops/keep-days.ts';
import { daysAheadOf, HistoryDays } from '../../../src/storage/upkeep/history-days.ts';
import { whileDaysAreLocked } from '../../support/rows/locks.ts';
import { openStorage, type StorageUnderTest } from '../../support/storage/storage.ts';

const DAY_MS = 86_400_000;

let storage: StorageUnderTest;
let days: HistoryDays;

beforeEach(async () => {
  storage = await openStorage();
  days = new HistoryDays(storage.database);
});
afterEach(async () => await storage.close());

/** Runs the first round of the loop. @returns what it warned of */
async function runRound(): Promise<readonly unknown[]> {
  const logger = createLogger('silent');
  const warn = jest.spyOn(logger, 'warn');
  await keepDays({ days, retentionDays: 3, logger }).close();
  return warn.mock.calls.map(([facts]) => facts);
}

describe('keepDays', () => {
  it('makes days ahead and drops old ones as soon as it begins', async () => {
    await days.makeAhead(new Date(Date.now() - 10 * DAY_MS));
    const { today } = await days.read();
    expect(await runRound()).toEqual([]);
    const { days: kept } = await days.read();
    expect([kept[0], kept.at(-1)]).toEqual([today - 3, today + 8]);
  });

  it('warns where no days can be made and fewer than three are ahead, and makes them once they can be', async () => {
    await days.makeAhead(new Date(Date.now() - 6 * DAY_MS));
    expect(await whileDaysAreLocked(storage.database.pool, runRound)).toEqual([
      { reason: expect.stringContaining('lock timeout'), days_ahead: 2 },
    ]);
    expect(await runRound()).toEqual([]);
    expect(daysAheadOf(await days.read())).toBe(8);
  });

  it('warns of nothing while there are enough', async () => {
    await days.makeAhead(new Date(Date.now() - DAY_MS));
    expect(await whileDaysAreLocked(storage.database.pool, runRound)).toEqual([]);
    expect(daysAheadOf(await days.read())).toBe(7);
  });
});
