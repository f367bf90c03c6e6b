import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLogger } from '../../../src/logger.ts';
import { newId } from '../../../src/new-id.ts';
import { GateDrains, type GateLook } from '../../../src/storage/gates/gate-drain.ts';
import { openDatabase } from '../../../src/storage/postgres/database.ts';
import { scansOf } from '../../support/storage/plans.ts';
import { openReplays, type ReplayStage, type Replays } from '../../support/storage/replay-stage.ts';
import { openStorage, type StorageUnderTest } from '../../support/storage/storage.ts';

/** More often than Postgres tries plans for the values of a call before it keeps one for all. */
const CALLS = 10;
const ROWS = 20_000;
const BATCH = { maxEvents: 3, maxWaitMs: 60_000, maxBytes: 100_000 };

let storage: StorageUnderTest;
let replays: Replays;

beforeAll(async () => {
  storage = await openStorage();
  replays = openReplays(storage);
});
afterAll(async () => await storage.close());

/** Releases so many dead letters, all of them held. */
async function hold(stage: ReplayStage, count: number): Promise<readonly string[]> {
  const ids = await stage.dead(count);
  await replays.stepThrough((await stage.retry()).id);
  return ids;
}

async function publish({ customerId }: ReplayStage, count: number): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1) ids.push(...(await storage.publish({ customerId })));
  return ids;
}

async function putOff(ids: readonly string[], seconds: number): Promise<void> {
  await storage.database.pool.query(
    'UPDATE open_deliveries SET due_at = now() + make_interval(secs => $2) WHERE id = ANY($1)',
    [ids, seconds],
  );
}

async function look(
  { endpointId }: ReplayStage,
  room = 100,
): Promise<Extract<GateLook, { kind: 'draining' }>> {
  const drains = new GateDrains(storage.database, storage.secretBox);
  const drain = { endpointId, token: randomUUID() };
  await drains.begin(drain);
  const seen = await drains.look(drain, { room, owner: 'gate' });
  if (seen.kind !== 'draining') throw new Error(`the gate is ${seen.kind}`);
  return seen;
}

async function take(stage: ReplayStage, room = 100): Promise<readonly (readonly string[])[]> {
  return (await look(stage, room)).calls.map(({ outgoing }) => outgoing.map(({ deliveryId }) => deliveryId));
}

describe('a gate', () => {
  it('lets go what is live before what is replayed, of each the longest held first', async () => {
    const stage = await replays.stage({ maxConcurrency: 100 });
    const replayed = await hold(stage, 4);
    const live = await publish(stage, 2);
    expect(await take(stage, 3)).toEqual([...live, ...replayed.slice(0, 1)].map((id) => [id]));
    expect(await take(stage)).toEqual(replayed.slice(1).map((id) => [id]));
  });

  it('lets replayed ones go while live ones are not due, and knows who is due next', async () => {
    const stage = await replays.stage({ maxConcurrency: 100 });
    const replayed = await hold(stage, 2);
    await putOff(await publish(stage, 3), 600);
    expect(await take(stage, 1)).toEqual([[replayed[0]]]);
    await putOff(replayed.slice(1), 60);
    expect(await look(stage)).toMatchObject({ calls: [], waitMs: expect.closeTo(60_000, -4) });
  });

  it('fills batches with live deliveries first', async () => {
    const stage = await replays.stage({ batch: BATCH });
    const replayed = await hold(stage, 4);
    const live = await publish(stage, 2);
    expect(await take(stage)).toEqual([[...live, replayed[0]], replayed.slice(1)]);
  });

  it('makes batches up of replayed ones while live ones are not due', async () => {
    const stage = await replays.stage({ batch: BATCH });
    const replayed = await hold(stage, 3);
    await putOff(await publish(stage, 2), 600);
    expect(await take(stage)).toEqual([replayed]);
    expect(await look(stage)).toMatchObject({ calls: [], waitMs: expect.closeTo(600_000, -5) });
  });
});

describe('a drain that planned its statements while its gate was empty', () => {
  it('reads few of the many rows that a gate holds, due or not, live or replayed', async () => {
    const alone = await replays.stage({ maxConcurrency: 100 });
    const batched = await replays.stage({ batch: BATCH });
    const database = openDatabase(storage.databaseUrl, {
      logger: createLogger('silent'),
      plansOnce: true,
      maxConnections: 1,
    });
    const drains = new GateDrains(database, storage.secretBox);
    for (const { endpointId } of [alone, batched]) {
      const drain = { endpointId, token: randomUUID() };
      await drains.begin(drain);
      for (let call = 0; call < CALLS; call += 1) await drains.look(drain, { room: 5, owner: 'gate' });
      for (const [priority, dueInS] of [0, 1].flatMap((one) => [[one, -60] as const, [one, 3_600] as const]))
        await insertHeld(endpointId, { priority, dueInS });
    }
    const statements = [
      `"claim-held"('${alone.endpointId}', 'gate', 5, 15000, 33554432)`,
      `"next-held"('${alone.endpointId}')`,
      `"waiting-for-batch"('${batched.endpointId}', 5)`,
    ];
    const most: Record<string, number> = {};
    for (const statement of statements) {
      const scans = await scansOf(database, statement);
      most[statement] = Math.max(...scans.map(({ rows }) => rows));
    }
    expect(Object.entries(most).filter(([, rows]) => !(rows <= 20))).toEqual([]);
    await database.close();
  });
});

async function insertHeld(
  endpointId: string,
  { priority, dueInS }: { readonly priority: number; readonly dueInS: number },
): Promise<void> {
  const eventId = newId('evt');
  const { pool } = storage.database;
  await pool.query(
    "INSERT INTO events (id, event, data, deliveries, created_at) VALUES ($1, 'job.completed', '{}', 1, now())",
    [eventId],
  );
  await pool.query(
    `INSERT INTO open_deliveries (id, event_id, endpoint_id, event, status, priority, due_at, created_at)
     SELECT $1 || '-' || i, $2, $3, 'job.completed', 'held', $4, now() + make_interval(secs => $5 + i / 1000.0), now()
     FROM generate_series(1, ${ROWS}) AS i`,
    [newId('del'), eventId, endpointId, priority, dueInS],
  );
}
