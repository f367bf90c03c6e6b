import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NewEndpoint } from '../../../src/storage/endpoints/endpoint-store.ts';
import { Publisher } from '../../../src/storage/events/publisher.ts';
import { putClockForward } from '../../support/rows/clock.ts';
import { countStatus } from '../../support/rows/counts.ts';
import { anyToBeSent, inOrder, listStranded, listUndelivered } from '../../support/rows/standing.ts';
import { pickOne, raceSeeds, seededRandom } from '../../support/seeded-random.ts';
import { claimDue } from '../../support/storage/claim-due.ts';
import { type GateStage, setGateStage } from '../../support/storage/gate-stage.ts';
import {
  newEvent,
  openStorage,
  recordOf,
  request,
  type StorageUnderTest,
} from '../../support/storage/storage.ts';

/** Each with a group commit of its own, as processes have. */
const PROCESSES = 6;
const PUBLISHERS_PER_PROCESS = 10;
const EVENTS_PER_PUBLISHER = 3;
const EVENTS = PROCESSES * PUBLISHERS_PER_PROCESS * EVENTS_PER_PUBLISHER;

let storage: StorageUnderTest;
let stage: GateStage;
let publishers: Publisher[];
let random: () => number;

beforeAll(async () => {
  storage = await openStorage();
  stage = setGateStage(storage);
  publishers = Array.from(
    { length: PROCESSES },
    () =>
      new Publisher(storage.database, {
        onDue: () => {},
        onLater: () => {},
        onHeld: () => {},
      }),
  );
});
afterAll(() => storage.close());

type Move = (endpointId: string) => Promise<unknown>;

/** What people, workers and the reconciling loop do to a gate. */
const MOVES: Readonly<Record<string, Move>> = {
  pause: async (id) => await storage.endpointSwitch.pause(id, {}),
  resume: async (id) => await storage.endpointSwitch.resume(id),
  shut: async (id) => await storage.endpointSwitch.shut(id),
  enable: async (id) => await storage.endpointSwitch.enable(id),
  drain: async (id) => {
    const drain = await stage.open(id);
    for (let looks = 0; looks < 3; looks += 1) await deliver(await stage.look(drain, 20));
    await stage.upkeep.endDrain(drain);
  },
  wave: async () => {
    const { claims } = await claimDue(storage.waveClaims, { most: 10 });
    await Promise.all(claims.map(async (claim) => await record(claim)));
  },
  run: async (id) => {
    const first = await anyToBeSent(storage.database.pool, id);
    if (first === null) return;
    const claim = await storage.claims.claim(request(first));
    if (claim === null) await storage.claims.hold(first);
    else await record(claim);
  },
};

async function deliver(look: Awaited<ReturnType<GateStage['look']>>): Promise<void> {
  if (look.kind !== 'draining') return;
  await Promise.all(look.calls.flatMap(({ outgoing }) => outgoing).map(record));
}

/** Deliveries in the order in which their last attempt was claimed. */
let delivered: string[] = [];

/** Every third first attempt fails. */
async function record(claim: Parameters<typeof recordOf>[0]): Promise<void> {
  const fails = claim.attempt === 1 && random() < 1 / 3;
  if (!fails) delivered.push(claim.deliveryId);
  const verdict = fails ? ({ kind: 'retry', delayMs: 0 } as const) : ({ kind: 'delivered' } as const);
  await storage.recorder.record({ ...recordOf(claim, verdict), next: 'wave' });
}

async function publishAll(customerId: string): Promise<void> {
  const publishing = publishers.flatMap((publisher) =>
    Array.from({ length: PUBLISHERS_PER_PROCESS }, async () => {
      for (let count = 0; count < EVENTS_PER_PUBLISHER; count += 1) {
        await sleep(random() * 5);
        await publisher.publish({ ...newEvent(), customerId });
      }
    }),
  );
  await Promise.all(publishing);
}

async function moveUntil(isOver: () => boolean, endpointId: string, names: readonly string[]): Promise<void> {
  while (!isOver()) {
    const move = MOVES[pickOne(names, random) ?? ''];
    await move?.(endpointId);
  }
}

async function expectOrder(endpointId: string): Promise<void> {
  expect(delivered).toEqual(await inOrder(storage.database.pool, endpointId, delivered));
}

/** Its members are recorded one by one here, so that batches fall apart as often as they can. */
const BATCH = { maxEvents: 5, maxWaitMs: 1, maxBytes: 100_000 };

describe.each(raceSeeds())('a gate, with the seed %i,', (seed) => {
  it.each<readonly [string, readonly string[], Partial<NewEndpoint>]>([
    ['is paused, resumed and shut', ['pause', 'resume', 'resume', 'shut', 'wave', 'run', 'drain'], {}],
    ['opens and shuts as fast as it can', ['shut', 'resume', 'pause', 'enable'], {}],
    ['is drained by several', ['drain', 'drain', 'shut', 'wave', 'resume'], {}],
    ['keeps the order', ['drain', 'drain', 'pause', 'resume', 'run'], { ordered: true }],
    ['forms batches', ['drain', 'drain', 'pause', 'resume', 'run'], { batch: BATCH }],
    ['keeps a cap', ['drain', 'drain', 'pause', 'enable', 'run'], { maxConcurrency: 2 }],
  ])('loses and strands nothing of what is published while it %s', async (_what, names, settings) => {
    const { pool } = storage.database;
    random = seededRandom(seed);
    const customerId = `races-${_what}-${seed}`;
    const endpointId = await storage.endpoint({ customerId, ...settings });
    let isOver = false;
    delivered = [];
    const moving = [1, 2, 3].map(async () => await moveUntil(() => isOver, endpointId, names));
    await publishAll(customerId);
    isOver = true;
    await Promise.all(moving);
    if (settings.ordered === true) await expectOrder(endpointId);
    expect(await listStranded(pool, endpointId)).toEqual([]);
    await storage.endpointSwitch.resume(endpointId);
    expect(await listStranded(pool, endpointId)).toEqual([]);
    for (let passes = 0; passes < 3; passes += 1) {
      await putClockForward(pool, endpointId);
      await stage.deliverDue();
    }
    expect(await listUndelivered(pool, endpointId)).toEqual([]);
    expect(await countStatus(pool, endpointId, 'delivered')).toBe(EVENTS);
  });
});
