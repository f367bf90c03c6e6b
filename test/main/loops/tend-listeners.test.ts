import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLogger } from '../../../src/logger.ts';
import type { Loop } from '../../../src/main/loops/keep-doing.ts';
import { tendListeners } from '../../../src/main/loops/tend-listeners.ts';
import { EndpointRemoval } from '../../../src/storage/gates/endpoint-removal.ts';
import { EndpointSwitch } from '../../../src/storage/gates/endpoint-switch.ts';
import { ListenerStore } from '../../../src/storage/listeners/listener-store.ts';
import { RelayStore } from '../../../src/storage/listeners/relay-store.ts';
import { eventually } from '../../support/eventually.ts';
import { statesOf } from '../../support/rows/endpoints.ts';
import { ageHearing, expireListeners, listSwept, sweepDaysAgo } from '../../support/rows/listeners.ts';
import { openStorage, type StorageUnderTest } from '../../support/storage/storage.ts';

let storage: StorageUnderTest;
let listeners: ListenerStore;
let relays: RelayStore;
beforeAll(async () => {
  storage = await openStorage();
  listeners = new ListenerStore(storage.database);
  relays = new RelayStore(storage.database);
});
afterAll(() => storage.close());

describe('tendListeners', () => {
  it('remembers whom nobody came back to for a week, and nobody who was removed by hand', async () => {
    const { pool } = storage.database;
    const [swept, old, removed] = [await heard(0), await heard(0), await heard(0)];
    await expireListeners(pool, [swept, old, removed]);
    await sweepDaysAgo(pool, old, 8);
    await new EndpointRemoval(storage.database).remove(removed);
    const loop = tend();
    const remembered = async () => await listSwept(pool, [swept, old, removed]);
    await eventually(async () => (await remembered()).includes(swept));
    await loop.close();
    expect(await remembered()).toEqual([swept]);
    expect(await listeners.attach(swept, 'another')).toBe(false);
  });

  it('holds what is for a stream that has died, removes who never came back, and leaves the others alone', async () => {
    const { pool } = storage.database;
    const [silent, expired, live] = [await heard(13), await heard(0), await heard(0)];
    await expireListeners(pool, [expired]);
    const request = { endpointId: expired, headers: {}, body: Buffer.from('{}'), timeoutMs: 1_000 };
    await relays.offer({ ...request, id: 'of expired' });
    const loop = tend();
    await eventually(async () => (await relays.look(['of expired'])).length === 0);
    await loop.close();
    expect(await statesOf(pool, [silent, expired, live])).toEqual({
      [silent]: 'paused',
      [expired]: 'deleted',
      [live]: 'enabled',
    });
    expect(await relays.offer({ ...request, id: 'too late' })).toBe(false);
  });
});

function tend(): Loop {
  return tendListeners({
    listeners,
    relays,
    endpointSwitch: new EndpointSwitch(storage.database),
    removal: new EndpointRemoval(storage.database),
    timing: { roundMs: 60_000 },
    logger: createLogger('silent'),
  });
}

async function heard(secondsAgo: number): Promise<string> {
  const id = await storage.endpoint();
  await listeners.keep(id);
  await listeners.attach(id, `stream of ${id}`);
  await ageHearing(storage.database.pool, id, secondsAgo);
  return id;
}
