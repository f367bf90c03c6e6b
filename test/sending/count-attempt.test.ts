import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { listenerUrl } from '../../src/domain/listener.ts';
import {
  attemptDuration,
  attemptErrors,
  deliveryAttempts,
  relayedAttempts,
} from '../../src/metrics/attempt-metrics.ts';
import { countAttempt } from '../../src/sending/count-attempt.ts';
import type { Claim } from '../../src/storage/claims/claim.ts';
import {
  answered,
  openStorage,
  recordOf,
  request,
  type StorageUnderTest,
} from '../support/storage/storage.ts';

const RETRY = { kind: 'retry', delayMs: 1_000 } as const;
const RECORDED = { status: 'retrying', deadReason: null, hasMoved: true, waitMs: 1_000 } as const;

let storage: StorageUnderTest;
let claim: Claim;
beforeAll(async () => {
  storage = await openStorage();
  await storage.endpoint();
  const [deliveryId = ''] = await storage.publish();
  const claimed = await storage.claims.claim(request(deliveryId));
  if (claimed === null) throw new Error('there was nothing to claim');
  claim = claimed;
});
afterAll(() => storage.close());
beforeEach(() => {
  for (const metric of [deliveryAttempts, attemptErrors, relayedAttempts]) metric.reset();
  attemptDuration.reset();
});

describe('countAttempt', () => {
  it('counts an attempt, its error and how long it took', async () => {
    countAttempt(recordOf(claim, RETRY, answered(503)), { recorded: RECORDED, count: 1 });
    expect(await sumOf(deliveryAttempts)).toBe(1);
    expect(await sumOf(attemptErrors)).toBe(1);
    expect(await sumOf(relayedAttempts)).toBe(0);
    const { values } = await attemptDuration.get();
    expect(values.find(({ metricName }) => metricName?.endsWith('_count'))?.value).toBe(1);
  });

  it('keeps what a program at a desk answers out of all that, and counts it by itself', async () => {
    const relayed = { ...claim, url: listenerUrl(claim.endpointId) };
    countAttempt(recordOf(relayed, RETRY, answered(503)), { recorded: RECORDED, count: 1 });
    expect(await sumOf(deliveryAttempts)).toBe(0);
    expect(await sumOf(attemptErrors)).toBe(0);
    expect((await attemptDuration.get()).values).toEqual([]);
    expect((await relayedAttempts.get()).values).toEqual([{ labels: { outcome: 'failed' }, value: 1 }]);
  });
});

async function sumOf(counter: {
  get(): Promise<{ readonly values: readonly { readonly value: number }[] }>;
}): Promise<number> {
  return (await counter.get()).values.reduce((sum, { value }) => sum + value, 0);
}
