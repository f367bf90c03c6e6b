import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { withDispatchLocked, withDispatchShared } from '../../../src/storage/postgres/locks.ts';
import { openStorage, type StorageUnderTest } from '../../support/storage/storage.ts';
import { untilSomebodyWaits } from '../../support/storage/until-somebody-waits.ts';

let storage: StorageUnderTest;

beforeAll(async () => {
  storage = await openStorage();
});
afterAll(async () => await storage.close());

/** More than enough for whoever wants the lock alone to wait for it in between. */
const OTHERS = 100;

/** Shares the dispatch lock until it is ended, as a publish that takes long. */
async function shareForLong(): Promise<() => Promise<void>> {
  let end = (): void => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  let sharing: Promise<void> = Promise.resolve();
  await new Promise<void>((shared) => {
    sharing = withDispatchShared(storage.database, async () => {
      shared();
      await ended;
    });
  });
  return async () => {
    end();
    await sharing;
  };
}

describe('withDispatchLocked', () => {
  it('lets others share the lock while it waits for one who shares it for long, and gets it in the end', async () => {
    const end = await shareForLong();
    const order: string[] = [];
    const alone = withDispatchLocked(storage.database, async () => order.push('alone'));
    await untilSomebodyWaits(storage.database);
    for (let other = 0; other < OTHERS; other += 1)
      await withDispatchShared(storage.database, async () => order.push('shared'));
    await untilSomebodyWaits(storage.database);
    await end();
    await alone;
    expect(order).toEqual([...Array(OTHERS).fill('shared'), 'alone']);
  });

  it('leaves errors of its work to the caller, and waits for no lock of rows a shorter time than others', async () => {
    const setting = await withDispatchLocked(storage.database, async (client) => {
      const { rows } = await client.query<{ lock_timeout: string }>('SHOW lock_timeout');
      return rows[0]?.lock_timeout;
    });
    expect(setting).toBe('0');
    let runs = 0;
    const failing = withDispatchLocked(storage.database, async (client) => {
      runs += 1;
      await client.query("DO $$ BEGIN RAISE lock_not_available USING MESSAGE = 'busy'; END $$");
    });
    await expect(failing).rejects.toThrow('busy');
    expect(runs).toBe(1);
  });
});
