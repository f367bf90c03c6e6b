import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createLogger } from '../../../src/logger.ts';
import { type Claim, MOST_PAYLOAD_BYTES, payloadBytesOf } from '../../../src/storage/claims/claim.ts';
import { type DueClaims, type DueFound, WaveClaims } from '../../../src/storage/claims/wave-claims.ts';
import { openDatabase } from '../../../src/storage/postgres/database.ts';
import { claimDue, type DueOptions } from '../../support/storage/claim-due.ts';
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
  await storage.database.pool.query('TRUNCATE open_deliveries, ended_deliveries, events');
  endpointId = await storage.endpoint();
});

async function due(count: number, options: { endpointId?: string; dueInMs?: number } = {}) {
  return await insertDue(storage.database.pool, { endpointId, count, ...options });
}

async function claim(options: DueOptions = {}): Promise<DueClaims> {
  return await claimDue(storage.waveClaims, options);
}

function idsOf(claims: readonly Claim[]): readonly string[] {
  return claims.map((claim) => claim.deliveryId).sort();
}

async function rowsOf(ids: readonly string[]): Promise<readonly unknown[]> {
  const { rows } = await storage.database.pool.query(
    'SELECT *, xmin FROM open_deliveries WHERE id = ANY($1) ORDER BY id',
    [ids],
  );
  return rows;
}

/** Has all events carry so much. */
async function setPayloads(bytes: number): Promise<void> {
  await storage.database.pool.query(`UPDATE events SET data = '"' || repeat('x', $1) || '"'`, [bytes]);
}

async function set(what: string, ...values: readonly string[]): Promise<void> {
  await storage.database.pool.query(`UPDATE ${what} = $1`, [...values]);
}

describe('WaveClaims.claim', () => {
  it('takes the longest due first, with all that is needed to send them', async () => {
    const ids = await due(5);
    const { claims, taken } = await claim({ most: 3 });
    expect(idsOf(claims)).toEqual(ids.slice(0, 3));
    expect(taken).toEqual([{ endpointId, priority: 0, count: 3, until: expect.any(Number) }]);
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

  it('takes of each endpoint what it is asked for, and touches nothing else', async () => {
    const full = await storage.endpoint();
    const other = await storage.endpoint();
    await due(10);
    const untouched = await due(10, { endpointId: full });
    await due(1, { endpointId: other, dueInMs: -1_000 });
    const before = await rowsOf(untouched);
    const { found } = await storage.waveClaims.lookForAll();
    const turns = found
      .filter((turn) => turn.endpointId !== full)
      .map((turn) => ({ ...turn, most: turn.endpointId === endpointId ? 4 : 9 }));
    const { claims } = await storage.waveClaims.claim({ owner: 'wave/0/1', turns });
    expect(claims.map((one) => one.endpointId)).toEqual([other, ...Array(4).fill(endpointId)]);
    expect(await rowsOf(untouched)).toEqual(before);
  });

  it('does not look at what was due before', async () => {
    const ids = await due(3);
    const later = await due(2, { dueInMs: -1_000 });
    const since = Date.now() - 60_000;
    const turns = [{ endpointId, priority: 0 as const, since, most: 10 }];
    expect(idsOf((await storage.waveClaims.claim({ owner: 'w', turns })).claims)).toEqual([...later]);
    expect(idsOf((await claim()).claims)).toEqual(ids);
  });

  it('asks nothing of the database where there is nothing to take', async () => {
    const gone = new WaveClaims({} as never, storage.secretBox);
    expect((await gone.claim({ owner: 'w', turns: [] })).claims).toEqual([]);
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
          const got = await claimDue(waveClaims, { most: 7 });
          claims.push(...got.claims);
          more = got.claims.length > 0;
        }
        return claims;
      }),
    );
    await Promise.all(drainers.map(async (database) => await database.close()));
    const rest = await claim();
    expect(idsOf([...taken.flat(), ...rest.claims])).toEqual(ids);
    expect(taken.filter((claims) => claims.length > 0).length).toBeGreaterThan(1);
  });

  it('waits for nothing that somebody else has locked', async () => {
    const [locked, free] = await due(2);
    const client = await storage.database.pool.connect();
    await client.query('BEGIN');
    await client.query('SELECT FROM open_deliveries WHERE id = $1 FOR UPDATE', [locked]);
    expect(idsOf((await claim()).claims)).toEqual([free]);
    await client.query('COMMIT');
    client.release();
    expect(idsOf((await claim()).claims)).toEqual([locked]);
  });

  it('takes nothing that is due later or has a run of its own', async () => {
    await due(3, { dueInMs: FAR });
    const [own = ''] = await due(1);
    await storage.overdue.markStarted([own]);
    expect(await claim()).toMatchObject({ claims: [], taken: [] });
    expect(await storage.delivery(own)).toMatchObject({ status: 'queued', recheck_at: expect.any(Date) });
  });

  it('holds what stands at a shut gate', async () => {
    const ids = await due(4);
    await set('gates SET is_open = false WHERE endpoint_id', endpointId);
    expect(await claim()).toMatchObject({ claims: [], taken: [{ endpointId, count: 4 }] });
    for (const id of ids)
      expect(await storage.delivery(id)).toMatchObject({
        status: 'held',
        attempts_made: 0,
        wave_at: null,
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
    const [wished = '', waiting = ''] = await due(2);
    for (const id of [wished, waiting]) await storage.actions.markRetry(id, 'mark');
    expect(idsOf((await claim({ most: 1 })).claims)).toEqual([wished]);
    expect(await storage.delivery(wished)).toMatchObject({ retry_mark: null, trigger: 'automatic' });
    expect(await storage.delivery(waiting)).toMatchObject({
      retry_mark: 'mark',
      recheck_at: expect.any(Date),
    });
    expect(await storage.delivery(test)).toMatchObject({ status: 'queued', wave_at: null });
  });

  it('brings no more than 32 MiB, the first of each endpoint before others, and says if more is due', async () => {
    const large = await due(20);
    await setPayloads(5_000_000);
    const small = await due(2, { endpointId: await storage.endpoint(), dueInMs: -1_000 });
    const rest = large.slice(6);
    const before = await rowsOf(rest);
    const first = await claim();
    expect(idsOf(first.claims)).toEqual([...large.slice(0, 6), ...small].sort());
    expect([payloadBytesOf(first.claims) <= MOST_PAYLOAD_BYTES, first.isFull]).toEqual([true, true]);
    expect(await rowsOf(rest)).toEqual(before);
    const second = await claim();
    expect(idsOf(second.claims)).toEqual(large.slice(6, 12));
    const [third, fourth] = [await claim(), await claim()];
    expect(idsOf([...third.claims, ...fourth.claims])).toEqual(large.slice(12));
    expect([third.isFull, fourth.isFull]).toEqual([true, false]);
  });

  it('brings by itself what is larger than all that one claim brings', async () => {
    const ids = await due(2);
    await setPayloads(34_000_000);
    const [first, second] = [await claim(), await claim()];
    expect([idsOf(first.claims), first.isFull]).toEqual([[ids[0]], true]);
    expect([idsOf(second.claims), second.isFull]).toEqual([[ids[1]], false]);
  });

  it('holds all that stands at a shut gate, whatever its payloads', async () => {
    await due(20);
    await setPayloads(5_000_000);
    await set('gates SET is_open = false WHERE endpoint_id', endpointId);
    expect(await claim()).toMatchObject({ claims: [], isFull: false, taken: [{ endpointId, count: 20 }] });
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

  it('takes again what was released, as if it had come due now', async () => {
    const [first = '', second = ''] = await due(2);
    const { claims } = await claim({ most: 1 });
    for (const one of claims) await storage.claims.release(one);
    expect(await storage.delivery(first)).toMatchObject({
      status: 'queued',
      attempts_made: 0,
      lease_until: null,
    });
    const { found } = await storage.waveClaims.look(Date.now() - 60_000);
    expect(found).toMatchObject([{ endpointId }]);
    expect(idsOf((await claim()).claims)).toEqual([first, second]);
  });
});

describe('WaveClaims.look', () => {
  it('names the endpoints of what has come due since, with their customers, and the time', async () => {
    await due(5);
    const operators = await storage.endpoint({ customerId: null });
    const later = await storage.endpoint({ customerId: 'globex' });
    const [replayed] = await due(2, { endpointId: later, dueInMs: -1_000 });
    await due(3, { endpointId: later, dueInMs: FAR });
    await due(1, { endpointId: operators, dueInMs: -1_000 });
    await storage.database.pool.query(
      "UPDATE open_deliveries SET customer_id = CASE endpoint_id WHEN $1 THEN 'globex' END WHERE endpoint_id <> $2",
      [later, endpointId],
    );
    await set('open_deliveries SET priority = 1 WHERE id', replayed ?? '');
    const { found, lookedAt } = await storage.waveClaims.look(Date.now() - 60_000);
    const since = expect.any(Number);
    expect(new Set(found.map(({ lookedAt: _, ...one }: DueFound & { lookedAt?: unknown }) => one))).toEqual(
      new Set([
        { endpointId: operators, customerId: null, priority: 0, since },
        { endpointId: later, customerId: 'globex', priority: 0, since },
        { endpointId: later, customerId: 'globex', priority: 1, since },
      ]),
    );
    expect(Math.abs(lookedAt - Date.now())).toBeLessThan(60_000);
    expect((await storage.waveClaims.lookForAll()).found).toHaveLength(4);
  });

  it('tells the time where nothing is due', async () => {
    for (const look of [await storage.waveClaims.look(0), await storage.waveClaims.lookForAll()])
      expect(look).toEqual({ found: [], lookedAt: expect.any(Number) });
  });
});
