import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Publisher } from '../../../src/storage/events/publisher.ts';
import type { WaveDrain } from '../../../src/storage/open/wave-lanes.ts';
import { claimDue } from '../../support/storage/claim-due.ts';
import { insertDue } from '../../support/storage/rows.ts';
import { newEvent, openStorage, type StorageUnderTest } from '../../support/storage/storage.ts';

let storage: StorageUnderTest;
let endpointId: string;

beforeAll(async () => {
  storage = await openStorage();
  endpointId = await storage.endpoint();
});
afterAll(async () => await storage.close());

beforeEach(async () => {
  await storage.database.pool.query('TRUNCATE open_deliveries, ended_deliveries, events, waves, wave_leases');
});

function drainOf(lane = 0): WaveDrain {
  return { lane, token: randomUUID() };
}

async function openDrain(lane = 0): Promise<WaveDrain> {
  const drain = drainOf(lane);
  await storage.lanes.open(drain);
  return drain;
}

async function letLeaseEnd(lane: number): Promise<void> {
  await storage.database.pool.query(
    "UPDATE wave_leases SET lease_until = now() - interval '1 ms' WHERE lane = $1",
    [lane],
  );
}

/** Publishes an event; whether its publisher was told that a wave takes it. */
async function isLeftToWave(): Promise<boolean> {
  let left: boolean | null = null;
  const publisher = publisherTelling((_ids, waveRolls) => {
    left = waveRolls;
  });
  await publisher.publish(newEvent());
  if (left === null) throw new Error('nothing was said to be due');
  return left;
}

function publisherTelling(tell: (ids: readonly string[], waveRolls: boolean) => void): Publisher {
  return new Publisher(storage.database, {
    onDue: (starts, { waveRolls }) =>
      tell(
        starts.map((start) => start.deliveryId),
        waveRolls,
      ),
    onLater: () => {},
    onHeld: () => {},
  });
}

describe('WaveLanes', () => {
  it('has publish leave its deliveries to a wave from its opening to its closing', async () => {
    expect(await isLeftToWave()).toBe(false);
    const drain = await openDrain();
    expect(await isLeftToWave()).toBe(true);
    await storage.lanes.close(drain);
    expect(await isLeftToWave()).toBe(false);
  });

  it('rolls for as long as one of its lanes does', async () => {
    const [first, second] = [await openDrain(0), await openDrain(1)];
    await storage.lanes.close(first);
    expect(await isLeftToWave()).toBe(true);
    await storage.lanes.close(second);
    expect(await isLeftToWave()).toBe(false);
  });

  it('tells a drain that was replaced, and lets it close nothing', async () => {
    const replaced = await openDrain();
    expect(await storage.lanes.renew(replaced)).toBe(true);
    const successor = await openDrain();
    expect(await storage.lanes.renew(replaced)).toBe(false);
    await storage.lanes.close(replaced);
    expect(await isLeftToWave()).toBe(true);
    expect(await storage.lanes.renew(successor)).toBe(true);
  });

  it('is alive while some lane is held', async () => {
    expect(await storage.lanes.isAlive()).toBe(false);
    const drain = await openDrain();
    expect(await storage.lanes.isAlive()).toBe(true);
    await letLeaseEnd(0);
    expect(await storage.lanes.isAlive()).toBe(false);
    await storage.lanes.renew(drain);
    expect(await storage.lanes.isAlive()).toBe(true);
    await storage.lanes.close(drain);
    expect(await storage.lanes.isAlive()).toBe(false);
  });

  it('closes lanes whose drains died, so that publish waits for nobody', async () => {
    const [dead, living] = [await openDrain(1), await openDrain(0)];
    expect(await storage.lanes.closeAbandoned()).toBe(0);
    await letLeaseEnd(1);
    expect(await storage.lanes.closeAbandoned()).toBe(1);
    expect(await storage.lanes.renew(living)).toBe(true);
    await storage.lanes.close(living);
    expect(await isLeftToWave()).toBe(false);
    // It was only slow, and must open its lane again before it counts on publish.
    expect(await storage.lanes.renew(dead)).toBe(false);
  });

  it('keeps a lane that another drain took over meanwhile', async () => {
    await openDrain();
    await letLeaseEnd(0);
    await openDrain();
    expect(await storage.lanes.closeAbandoned()).toBe(0);
    expect(await isLeftToWave()).toBe(true);
  });
});

describe('WaveLanes.nextDueInMs', () => {
  it('is nothing where nothing waits for a wave, or what does has its publisher to see to it', async () => {
    expect(await storage.lanes.nextDueInMs()).toBeNull();
    await insertDue(storage.database.pool, { endpointId, count: 2 });
    expect(await storage.lanes.nextDueInMs()).toBeNull();
  });

  it('is the distance of the earliest that comes due, zero where a retry is due already', async () => {
    await insertDue(storage.database.pool, { endpointId, count: 2, dueInMs: 120_000 });
    const [soon] = await insertDue(storage.database.pool, { endpointId, count: 1, dueInMs: 60_000 });
    const distance = (await storage.lanes.nextDueInMs()) ?? 0;
    expect(distance).toBeGreaterThan(0);
    expect(distance).toBeLessThanOrEqual(60_001);
    await storage.database.pool.query(
      "UPDATE open_deliveries SET status = 'retrying', wave_at = now() - interval '1 s' WHERE id = $1",
      [soon],
    );
    expect(await storage.lanes.nextDueInMs()).toBe(0);
  });
});

describe('WaveLanes.close', () => {
  const ROUNDS = 20;
  const PUBLISHES = 60;

  it('returns once everything that was left to the wave can be claimed', async () => {
    let leftInAll = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      const left: string[] = [];
      const drain = await openDrain();
      const publishers = Array.from({ length: 6 }, () =>
        publisherTelling((ids, waveRolls) => left.push(...(waveRolls ? ids : []))),
      );
      const publishing = Array.from(
        { length: PUBLISHES },
        async (_, index) => await publishers[index % publishers.length]?.publish(newEvent()),
      );
      await Promise.all(publishing.slice(0, round % 7));
      await storage.lanes.close(drain);
      const claimed = await claimAll();
      await Promise.all(publishing);
      expect(left.filter((id) => !claimed.has(id))).toEqual([]);
      leftInAll += left.length;
    }
    expect(leftInAll).toBeGreaterThan(0);
    expect(leftInAll).toBeLessThan(ROUNDS * PUBLISHES);
  });

  async function claimAll(): Promise<ReadonlySet<string>> {
    const taken = new Set<string>();
    for (let seen = 1; seen > 0; ) {
      const { claims } = await claimDue(storage.waveClaims, { most: 200 });
      for (const { deliveryId } of claims) taken.add(deliveryId);
      seen = claims.length;
    }
    return taken;
  }
});
