import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { FAILING_LIMIT_MS } from '../../src/domain/failing-stage.ts';
import { createLogger } from '../../src/logger.ts';
import { HealthWatch, type HealthWatchDependencies } from '../../src/sending/health-watch.ts';
import type { AttemptRecord } from '../../src/storage/claims/attempt-recorder.ts';
import type { Claim } from '../../src/storage/claims/claim.ts';
import { BreakerStore } from '../../src/storage/gates/breaker-store.ts';
import { EndpointSwitch } from '../../src/storage/gates/endpoint-switch.ts';
import { announcedTo } from '../support/receivers/announced.ts';
import { forgetEndpoints } from '../support/rows/empty.ts';
import { listStatuses } from '../support/rows/endpoints.ts';
import { ageFailing, hasHealth, isGateOpen, probeWaitOf } from '../support/rows/health.ts';
import {
  answered,
  openStorage,
  recordOf,
  request,
  type StorageUnderTest,
} from '../support/storage/storage.ts';

const RETRY = { kind: 'retry', delayMs: 1_000 } as const;

let storage: StorageUnderTest;
let operator: string;
let own: string;
let woken: string[];

beforeAll(async () => {
  storage = await openStorage();
});
afterAll(() => storage.close());

beforeEach(async () => {
  await forgetEndpoints(storage.database.pool);
  woken = [];
  operator = await storage.endpoint({ customerId: null, events: ['endpoint.*'] });
  own = await storage.endpoint();
});

function watchOver(instead: Partial<HealthWatchDependencies> = {}): HealthWatch {
  return new HealthWatch({
    breakers: new BreakerStore(storage.database),
    endpointSwitch: new EndpointSwitch(storage.database),
    wakeGate: async (endpointId) => void woken.push(endpointId),
    logger: createLogger('silent'),
    ...instead,
  });
}

async function claim(): Promise<Claim> {
  const [deliveryId = ''] = await storage.publish();
  const claimed = await storage.claims.claim(request(deliveryId));
  if (claimed === null) throw new Error('there was nothing to claim');
  return claimed;
}

async function failures(count: number): Promise<readonly AttemptRecord[]> {
  const claimed = await claim();
  return Array.from({ length: count }, () => recordOf(claimed, RETRY));
}

async function take(watch: HealthWatch, records: readonly AttemptRecord[]): Promise<void> {
  watch.take(records);
  await watch.untilIdle();
}

describe('HealthWatch', () => {
  it('writes nothing while an endpoint is well', async () => {
    await take(watchOver(), [recordOf(await claim(), { kind: 'delivered' })]);
    expect(await hasHealth(storage.database.pool, own)).toBe(false);
  });

  it('shuts the gate of an endpoint whose breaker opens, holds what waits, and has the gate looked after', async () => {
    const [waiting = ''] = await storage.publish();
    await take(watchOver(), await failures(10));
    expect(await isGateOpen(storage.database.pool, own)).toBe(false);
    expect(await storage.delivery(waiting)).toMatchObject({ status: 'held' });
    expect(woken).toEqual([own]);
    expect(await announcedTo(storage, operator)).toMatchObject([{ event: 'endpoint.opened' }]);
  });

  it('leaves the breaker closed where our own network was suspected', async () => {
    const excused = (await failures(30)).map((record) => ({ ...record, isNetworkSuspected: true }));
    await take(watchOver(), excused);
    expect(await isGateOpen(storage.database.pool, own)).toBe(true);
    expect(await announcedTo(storage, operator)).toEqual([]);
  });

  it('disables an endpoint once its time is over, and says so once', async () => {
    const watch = watchOver();
    await take(watch, await failures(1));
    for (const share of [0.9, 0.1]) {
      await ageFailing(storage.database.pool, own, share * FAILING_LIMIT_MS);
      const records = await failures(1);
      await take(watch, records);
      await take(watch, records);
    }
    expect(await listStatuses(storage.database.pool)).toContainEqual({
      status: 'disabled',
      disabled_reason: 'failing',
    });
    expect((await announcedTo(storage, operator)).map(({ event, data }) => [event, data.reason])).toEqual([
      ['endpoint.disabling', undefined],
      ['endpoint.disabled', 'failing'],
    ]);
  });

  it('waits as long as a 503 asks for', async () => {
    const records = (await failures(10)).map((record) => ({
      ...record,
      outcome: { ...answered(503), retryAfter: '3600' },
    }));
    await take(watchOver(), records);
    expect(await probeWaitOf(storage.database.pool, own)).toBe(3_600);
  });

  it('goes on after counts that could not be written', async () => {
    const breakers = new BreakerStore(storage.database);
    let refusals = 1;
    const shaky = {
      fold: async (...args: Parameters<BreakerStore['fold']>) => {
        if (refusals-- > 0) throw new Error('Connection terminated');
        return await breakers.fold(...args);
      },
    } as BreakerStore;
    const watch = watchOver({ breakers: shaky });
    const records = await failures(10);
    await take(watch, records);
    expect(woken).toEqual([]);
    await take(watch, records);
    expect(woken).toEqual([own]);
  });
});
