import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RestoredHold } from '../../../src/storage/gates/restored-hold.ts';
import { openStorage, type StorageUnderTest } from '../../support/storage/storage.ts';

let storage: StorageUnderTest;
let held: RestoredHold;

beforeAll(async () => {
  storage = await openStorage();
  held = new RestoredHold(storage.database);
});
afterAll(async () => await storage.close());

describe('RestoredHold', () => {
  it('holds what is open and what comes, says whose, and lets go what is chosen, under the same ids', async () => {
    const acme = await storage.endpoint();
    const globex = await storage.endpoint({ customerId: 'globex' });
    const paused = await storage.endpoint();
    await storage.endpointSwitch.pause(paused, { by: 'somebody' });
    const [open = ''] = await storage.publish({ customerId: 'globex' });

    expect(await held.hold('the database was restored')).toBe(2);
    expect(await held.hold('the database was restored')).toBe(0);
    expect(await storage.delivery(open)).toMatchObject({ status: 'held' });
    const [later = ''] = await storage.publish({ customerId: 'globex' });
    expect(await storage.delivery(later)).toMatchObject({ status: 'held' });
    expect(await held.list()).toEqual([
      { customerId: 'globex', endpoints: 1, deliveries: 2 },
      { customerId: 'acme', endpoints: 1, deliveries: 0 },
    ]);

    expect(await held.release(['globex'])).toBe(1);
    expect(await storage.delivery(open)).toMatchObject({ id: open, status: 'queued' });
    expect((await held.list()).map(({ customerId }) => customerId)).toEqual(['acme']);
    expect(await held.release(null)).toBe(1);
    expect(await held.list()).toEqual([]);
    const { rows } = await storage.database.pool.query(
      'SELECT id FROM endpoints WHERE status = $1 ORDER BY id',
      ['enabled'],
    );
    expect(rows).toEqual([{ id: acme }, { id: globex }]);
  });
});
