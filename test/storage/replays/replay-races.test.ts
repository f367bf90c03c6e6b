import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Claim } from '../../../src/storage/claims/claim.ts';
import type { NewEndpoint } from '../../../src/storage/endpoints/endpoint-store.ts';
import { forgetWishes, putClockForward } from '../../support/rows/clock.ts';
import { listNotSending, listStranded, listUndelivered } from '../../support/rows/standing.ts';
import { pickOne, raceSeeds, seededRandom } from '../../support/seeded-random.ts';
import { claimDue } from '../../support/storage/claim-due.ts';
import { type GateStage, setGateStage } from '../../support/storage/gate-stage.ts';
import { openReplays, type ReplayStage, type Replays } from '../../support/storage/replay-stage.ts';
import { openStorage, recordOf, request, type StorageUnderTest } from '../../support/storage/storage.ts';

const MOVES_PER_ROUND = 150;
const MOVERS = 6;
const ENDED_UNDELIVERED = 60;
const BATCH = { maxEvents: 5, maxWaitMs: 1, maxBytes: 100_000 };

let storage: StorageUnderTest;
let gates: GateStage;
let replays: Replays;
let random: () => number;

beforeAll(async () => {
  storage = await openStorage();
  gates = setGateStage(storage);
  replays = openReplays(storage);
});
afterAll(async () => await storage.close());

function pick<T>(values: readonly T[]): T | undefined {
  return pickOne(values, random);
}

/**
 * Some die once more, some are retried, most are taken; of what somebody wanted by hand failures leave it as it was.
 */
async function record(claim: Claim): Promise<void> {
  const chance = random();
  const failure =
    claim.trigger === 'manual'
      ? ({ kind: 'restored' } as const)
      : chance < 0.1
        ? ({ kind: 'dead', reason: 'retries_exhausted' } as const)
        : ({ kind: 'retry', delayMs: 0 } as const);
  const verdict = chance < 0.3 ? failure : ({ kind: 'delivered' } as const);
  await storage.recorder.record({ ...recordOf(claim, verdict), next: 'wave' });
}

/** What happens to an endpoint with the replays `begun` of it. */
function movesOf(stage: ReplayStage, begun: string[]): readonly (() => Promise<unknown>)[] {
  const { endpointId, customerId } = stage;
  const step = async (): Promise<void> => {
    const id = pick(begun);
    if (id !== undefined) await replays.releases.step(id);
  };
  const drain = async (): Promise<void> => {
    const drain = await gates.open(endpointId);
    const look = await gates.look(drain, 20);
    if (look.kind === 'draining')
      await Promise.all(
        look.calls.map(async ({ outgoing }) =>
          random() < 0.1
            ? await storage.claims.release(...outgoing)
            : await Promise.all(outgoing.map(record)),
        ),
      );
    await gates.upkeep.endDrain(drain);
  };
  const wave = async (): Promise<void> => {
    const { claims } = await claimDue(storage.waveClaims, { most: 10 });
    await Promise.all(claims.map(record));
  };
  return [
    async () => begun.push((await stage.retry()).id),
    async () => begun.push((await stage.recover()).id),
    step,
    step,
    step,
    async () => await replays.store.cancel(pick(begun) ?? '').catch(expectDomainError),
    drain,
    drain,
    wave,
    wave,
    async () => await storage.publish({ customerId }),
    async () => await byHand(endpointId),
    async () => await storage.endpointSwitch.pause(endpointId, {}),
    async () => await storage.endpointSwitch.resume(endpointId),
    async () => await storage.endpointSwitch.shut(endpointId),
    async () => await storage.endpointSwitch.enable(endpointId),
    async () => await storage.overdue.settleHeld(),
  ];
}

function expectDomainError(error: Error): void {
  expect(error.constructor.name).toBe('DomainError');
}

async function byHand(endpointId: string): Promise<void> {
  const id = pick(await listNotSending(storage.database.pool, endpointId)) ?? '';
  const marked = await storage.actions.markRetry(id, randomUUID()).catch(expectDomainError);
  if (marked === undefined) return;
  const claim = await storage.claims.claimByHand({ ...request(id), mark: marked.mark });
  if (claim !== null && !('why' in claim)) await record(claim);
}

/**
 * Once all has stood still: wishes are granted, what waits for another look gets it, and all replays run to their end.
 */
async function settle({ endpointId }: ReplayStage, begun: readonly string[]): Promise<void> {
  const { pool } = storage.database;
  await storage.endpointSwitch.resume(endpointId);
  await forgetWishes(pool);
  for (let passes = 0; passes < 4; passes += 1) {
    for (const id of begun) await replays.stepThrough(id);
    await putClockForward(pool, endpointId);
    await gates.deliverDue();
  }
}

describe.each(raceSeeds())('replays, with the seed %i,', (seed) => {
  it.each<readonly [string, Partial<NewEndpoint>]>([
    ['nothing is', {}],
    ['the order is', { ordered: true }],
    ['batches are', { batch: BATCH }],
    ['a cap is', { maxConcurrency: 2 }],
    ['a rate is', { rateLimit: { limit: 100_000, per: 'second' } }],
  ])(
    'lose and strand nothing, and count right, while all happens at once and %s kept',
    async (_what, settings) => {
      const { pool } = storage.database;
      random = seededRandom(seed);
      const stage = await replays.stage(settings);
      await stage.dead(ENDED_UNDELIVERED);
      await stage.missed(ENDED_UNDELIVERED);
      const begun: string[] = [];
      const moves = movesOf(stage, begun);
      const moving = Array.from({ length: MOVERS }, async () => {
        for (let count = 0; count < MOVES_PER_ROUND / MOVERS; count += 1) await pick(moves)?.();
      });
      await Promise.all(moving);
      expect(await listStranded(pool, stage.endpointId)).toEqual([]);
      await settle(stage, begun);
      begun.push((await stage.retry()).id, (await stage.recover()).id);
      await settle(stage, begun);
      expect(await listUndelivered(pool, stage.endpointId)).toEqual([]);
      for (const id of begun) {
        const { status, counts } = await replays.read(id);
        expect(['completed', 'cancelled']).toContain(status);
        expect(counts.remaining).toBe(0);
        expect(counts.delivered + counts.dead + counts.cancelled).toBe(counts.released);
        if (status === 'completed') expect(counts.released + counts.passedOver).toBe(counts.total);
      }
    },
  );
});
