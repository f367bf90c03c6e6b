import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createLogger } from '../../../src/logger.ts';
import type { Claim } from '../../../src/storage/claims/claim.ts';
import { type DueClaims, type DueRequest, WaveClaims } from '../../../src/storage/claims/wave-claims.ts';
import { openDatabase } from '../../../src/storage/postgres/database.ts';
import { insertDue } from '../../support/storage/rows.ts';
import { openStorage, type StorageUnderTest } from '../../support/storage/storage.ts';

const FAR = 3_600_000;

let storage: StorageUnderTest;
let endpointId: string;

beforeAll(async () => {
  storage = await openStorage();
});
afterAll(async () => await storage.close());

beforeEach(async () => {
  await storage.database.pool.query('TRUNCATE deliveries, events');
  endpointId = await storage.endpoint();
});

async function due(count: number, options: { endpointId?: string; dueInMs?: number } = {}) {
  return await insertDue(storage.database.pool, { endpointId, count, ...options });
}

async function claim(request: Partial<DueRequest> = {}, waveClaims = storage.waveClaims): Promise<DueClaims> {
  return await waveClaims.claim({
    owner: 'wave/0/1',
    limit: 100,
    usualRoom: 1_000,
    rooms: [],
    aside: [],
    ...request,
  });
}

function idsOf(claims: readonly Claim[]): readonly string[] {
  return claims.map((claim) => claim.deliveryId).sort();
}

async function set(what: string, ...values: readonly string[]): Promise<void> {
  await storage.database.pool.query(`UPDATE ${what} = $1`, [...values]);
}

describe('WaveClaims.claim', () => {
  it('takes the longest due first, with all that is needed to send them', async () => {
    const ids = await due(5);
    const { claims, seen } = await claim({ limit: 3 });
    expect(idsOf(claims)).toEqual(ids.slice(0, 3));
    expect(seen).toBe(3);
    expect(claims[0]).toMatchObject({ attempt: 1, trigger: 'automatic', dataText: '{}', endpointId });
    expect(claims[0]?.secrets[0]).toMatch(/^whsec_/);
    expect(await storage.delivery(ids[0] ?? '')).toMatchObject({
      status: 'sending',
      attempts_made: 1,
      owner: 'wave/0/1',
      run_id: null,
      wave_at: null,
      lease_until: expect.any(Date),
      prior_status: 'queued',
    });
  });

  it('sets aside what an endpoint has no room for, and finds those of others behind it', async () => {
    const flood = await due(50);
    const other = await storage.endpoint();
    const [lone] = await due(1, { endpointId: other, dueInMs: -1_000 });
    const first = await claim({ limit: 50, usualRoom: 3 });
    expect(idsOf(first.claims)).toEqual(flood.slice(0, 3));
    expect([...first.crowded]).toEqual([endpointId]);
    expect(first.seen).toBe(50);
    const second = await claim({ limit: 50, usualRoom: 3 });
    expect(second).toMatchObject({ claims: [{ deliveryId: lone }], seen: 1 });
  });

  it('gives each endpoint the room it has, and the usual room to those that nobody knows', async () => {
    const known = await storage.endpoint();
    const full = await storage.endpoint();
    await due(10);
    await due(10, { endpointId: known });
    await due(10, { endpointId: full });
    const rooms = [
      { endpointId: known, room: 7 },
      { endpointId: full, room: 0 },
    ];
    const { claims, crowded } = await claim({ usualRoom: 2, rooms });
    const count = (id: string): number => claims.filter((one) => one.endpointId === id).length;
    expect([endpointId, known, full].map(count)).toEqual([2, 7, 0]);
    expect(crowded).toEqual(new Set([endpointId, known, full]));
  });

  it('takes back what was set aside in its order, before what came later', async () => {
    const ids = await due(9);
    await claim({ usualRoom: 2 });
    const later = await due(1, { dueInMs: -1_000 });
    const line = { rooms: [{ endpointId, room: 0 }], aside: [{ endpointId, room: 4 }] };
    const next = await claim(line);
    expect(idsOf(next.claims)).toEqual(ids.slice(2, 6));
    expect(next).toMatchObject({ seen: 1, crowded: new Set([endpointId]) });
    const last = await claim(line);
    expect(idsOf(last.claims)).toEqual([...ids.slice(6), ...later].sort());
    expect(last).toMatchObject({ seen: 0, crowded: new Set() });
  });

  it('never gives one delivery to two of several drains side by side', async () => {
    const ids = await due(500);
    const drainers = Array.from({ length: 4 }, () =>
      openDatabase(storage.databaseUrl, {
        logger: createLogger('silent'),
        plansOnce: true,
        maxConnections: 2,
      }),
    );
    const taken = await Promise.all(
      drainers.map(async (database) => {
        const waveClaims = new WaveClaims(database, storage.secretBox);
        const claims: Claim[] = [];
        // Rows that another drain has locked are no more than skipped, so that an empty claim is the end.
        for (let more = true; more; ) {
          const got = await claim({ limit: 7, usualRoom: 5, aside: [{ endpointId, room: 5 }] }, waveClaims);
          claims.push(...got.claims);
          more = got.claims.length + got.seen > 0;
        }
        return claims;
      }),
    );
    await Promise.all(drainers.map(async (database) => await database.close()));
    const rest = await claim({ limit: 1_000, aside: [{ endpointId, room: 1_000 }] });
    expect(idsOf([...taken.flat(), ...rest.claims])).toEqual(ids);
    expect(taken.filter((claims) => claims.length > 0).length).toBeGreaterThan(1);
  });

  it('waits for nothing that somebody else has locked', async () => {
    const [locked, free] = await due(2);
    const client = await storage.database.pool.connect();
    await client.query('BEGIN');
    await client.query('SELECT FROM deliveries WHERE id = $1 FOR UPDATE', [locked]);
    expect(idsOf((await claim()).claims)).toEqual([free]);
    await client.query('COMMIT');
    client.release();
    expect(idsOf((await claim()).claims)).toEqual([locked]);
  });

  it('takes nothing that is due later or has a run of its own', async () => {
    await due(3, { dueInMs: FAR });
    const [own = ''] = await due(1);
    await storage.overdue.markStarted([own]);
    expect(await claim()).toMatchObject({ claims: [], seen: 0 });
    expect(await storage.delivery(own)).toMatchObject({ status: 'queued', recheck_at: expect.any(Date) });
  });

  it('holds what stands at a shut gate, whether it was set aside or not', async () => {
    const ids = await due(4);
    await claim({ usualRoom: 1, limit: 2 });
    await set('gates SET is_open = false WHERE endpoint_id', endpointId);
    const { claims, crowded } = await claim({ aside: [{ endpointId, room: 5 }] });
    expect([claims, [...crowded]]).toEqual([[], []]);
    for (const id of ids.slice(1))
      expect(await storage.delivery(id)).toMatchObject({
        status: 'held',
        attempts_made: 0,
        wave_at: null,
        aside_at: null,
        due_at: expect.any(Date),
        recheck_at: expect.any(Date),
      });
  });

  it('cancels what belongs to an endpoint that was deleted', async () => {
    const [id = ''] = await due(1);
    await set('endpoints SET deleted_at = now() WHERE id', endpointId);
    expect((await claim()).claims).toEqual([]);
    expect(await storage.delivery(id)).toMatchObject({
      status: 'cancelled',
      attempts_made: 0,
      finished_at: expect.any(Date),
      due_at: null,
      recheck_at: null,
    });
  });

  it('leaves tests to their own runs, and fulfils the wish of a person who waits for a wave too', async () => {
    const [test = ''] = await storage.publish({ test: { endpointId } });
    const [wished = '', crowded = ''] = await due(2);
    for (const id of [wished, crowded]) await storage.actions.markRetry(id, 'mark');
    expect(idsOf((await claim({ usualRoom: 1 })).claims)).toEqual([wished]);
    expect(await storage.delivery(wished)).toMatchObject({ retry_mark: null, trigger: 'automatic' });
    expect(await storage.delivery(crowded)).toMatchObject({
      retry_mark: 'mark',
      recheck_at: expect.any(Date),
    });
    expect(await storage.delivery(test)).toMatchObject({ status: 'queued', wave_at: null });
  });

  it('hands over to a run of its own what cannot be opened, and harms no other', async () => {
    const keyless = await storage.endpoint();
    await storage.database.pool.query('DELETE FROM endpoint_secrets WHERE endpoint_id = $1', [keyless]);
    const healthy = await due(3);
    const [broken = ''] = await due(1, { endpointId: keyless });
    const { claims, unopened } = await claim();
    expect(idsOf(claims)).toEqual(healthy);
    expect(unopened).toMatchObject([{ message: expect.stringContaining(keyless) }]);
    expect(await storage.delivery(broken)).toMatchObject({
      status: 'queued',
      attempts_made: 0,
      wave_at: null,
    });
    expect(await storage.overdue.list(10)).toMatchObject([{ deliveryId: broken }]);
    expect((await claim()).unopened).toEqual([]);
  });

  it('takes again what was released, at its old place', async () => {
    const [first = ''] = await due(2);
    const { claims } = await claim({ limit: 1 });
    for (const one of claims) await storage.claims.release(one);
    expect(await storage.delivery(first)).toMatchObject({
      status: 'queued',
      attempts_made: 0,
      lease_until: null,
    });
    const [again] = (await claim({ limit: 1 })).claims;
    expect(again).toMatchObject({ deliveryId: first, attempt: 1 });
  });
});

describe('WaveClaims.endpointsAside', () => {
  it('names each endpoint with deliveries aside once', async () => {
    const others = [await storage.endpoint(), await storage.endpoint(), await storage.endpoint()];
    expect(await storage.waveClaims.endpointsAside()).toEqual([]);
    for (const id of others) await due(5, { endpointId: id });
    const [first = '', ...rest] = [...others].sort();
    await claim({ usualRoom: 1, rooms: [{ endpointId: first, room: 5 }] });
    expect(await storage.waveClaims.endpointsAside()).toEqual(rest);
  });
});
