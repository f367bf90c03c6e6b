import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { NEW_BREAKER } from '../../../src/domain/breaker.ts';
import { EndpointStore, type NewEndpoint } from '../../../src/storage/endpoints/endpoint-store.ts';
import { OwnershipChecks } from '../../../src/storage/endpoints/ownership-checks.ts';
import { inTransaction } from '../../../src/storage/postgres/database.ts';
import { setGateStage } from '../../support/storage/gate-stage.ts';
import { insertDelivery } from '../../support/storage/rows.ts';
import { openStorage, request, type StorageUnderTest } from '../../support/storage/storage.ts';
import { untilSomebodyWaits } from '../../support/storage/until-somebody-waits.ts';

const URL_BEFORE = 'https://receiver.example/hook';
const URL_AFTER = 'https://elsewhere.example/hook';
const HASH = createHash('sha256').update('challenge').digest();

let storage: StorageUnderTest;
let checks: OwnershipChecks;
let endpoints: EndpointStore;
beforeAll(async () => {
  storage = await openStorage();
  checks = new OwnershipChecks(storage.database);
  endpoints = new EndpointStore(storage.database, storage.secretBox);
});
afterAll(async () => await storage.close());

async function unverified(): Promise<string> {
  const id = await storage.endpoint({ isUnverified: true });
  expect(await checks.begin(id, HASH)).toBe(true);
  return id;
}

async function standingOf(id: string): Promise<unknown> {
  const { rows } = await storage.database.pool.query<Record<string, unknown>>(
    `SELECT status, disabled_reason, is_open FROM endpoints e JOIN gates g ON g.endpoint_id = e.id WHERE e.id = $1`,
    [id],
  );
  return Object.values(rows[0] ?? {});
}

async function answer(id: string, { challengeHash = HASH, url = URL_BEFORE } = {}): Promise<boolean> {
  return await storage.endpointSwitch.verify(id, { challengeHash, url });
}

async function move(id: string): Promise<void> {
  await endpoints.update(id, { url: URL_AFTER }, { verifiesUrls: true });
}

describe('EndpointSwitch.verify', () => {
  it('takes a challenge once, however many bring it', async () => {
    const id = await unverified();
    expect(await standingOf(id)).toEqual(['disabled', 'unverified', false]);
    const taken = await Promise.all(Array.from({ length: 5 }, async () => await answer(id)));
    expect(taken.filter(Boolean)).toHaveLength(1);
    expect(await standingOf(id)).toEqual(['enabled', null, true]);
    expect((await checks.read(id))?.usedAt).toBeInstanceOf(Date);
    await move(id);
    expect(await answer(id)).toBe(false);
  });

  it('takes no other challenge, none of another URL, and none too late', async () => {
    const id = await unverified();
    expect(await answer(id, { challengeHash: createHash('sha256').update('other').digest() })).toBe(false);
    expect(await answer(id, { url: URL_AFTER })).toBe(false);
    await storage.database.pool.query(
      "UPDATE ownership_checks SET expires_at = now() - interval '1 second' WHERE endpoint_id = $1",
      [id],
    );
    expect(await answer(id)).toBe(false);
    expect(await standingOf(id)).toEqual(['disabled', 'unverified', false]);
  });

  it.each([
    ['paused', async (id: string) => await storage.endpointSwitch.pause(id, {}), ['paused', null, false]],
    [
      'disabled',
      async (id: string) => await storage.endpointSwitch.disable(id, 'by_hand'),
      ['disabled', 'by_hand', false],
    ],
  ])('leaves an endpoint %s that was so before its URL changed', async (_status, switchIt, wanted) => {
    const id = await storage.endpoint();
    await switchIt(id);
    await move(id);
    await checks.begin(id, HASH);
    expect(await standingOf(id)).toEqual(['disabled', 'unverified', false]);
    expect(await answer(id, { url: URL_AFTER })).toBe(true);
    expect(await standingOf(id)).toEqual(wanted);
  });

  it('does not enable what was disabled by hand while it was unverified', async () => {
    const id = await unverified();
    await storage.endpointSwitch.disable(id, 'by_hand');
    expect(await answer(id)).toBe(true);
    expect(await standingOf(id)).toEqual(['disabled', 'by_hand', false]);
  });
});

describe('an endpoint that something is inserted for, such as a batch or a replay', () => {
  it.each<readonly [string, (id: string) => Promise<unknown>]>([
    ['moved', move],
    ['enabled', async (id) => await storage.endpointSwitch.enable(id, { unverifiedToo: false })],
  ])('is %s meanwhile, so that publishing need not wait', async (_what, change) => {
    const id = await storage.endpoint();
    await inTransaction(storage.database.pool, async (client) => {
      await client.query('SELECT FROM endpoints WHERE id = $1 FOR KEY SHARE', [id]);
      await change(id);
    });
    const { rows } = await storage.database.pool.query('SELECT url FROM endpoints WHERE id = $1', [id]);
    expect(rows).toEqual([{ url: change === move ? URL_AFTER : URL_BEFORE }]);
  });
});

describe('OwnershipChecks.begin', () => {
  it('begins none for an endpoint that is not unverified, and no second one at once', async () => {
    expect(await checks.begin(await storage.endpoint(), HASH)).toBe(false);
    const id = await unverified();
    expect(await checks.begin(id, HASH)).toBe(false);
    expect(await checks.read(id)).toMatchObject({ isFresh: true, isExpired: false, usedAt: null });
    await move(id);
    expect(await checks.begin(id, HASH)).toBe(true);
    expect(await checks.read(id)).toMatchObject({ url: URL_AFTER });
  });
});

describe('Claims of an unverified endpoint', () => {
  it('send what a person had asked for before only once it is verified', async () => {
    const id = await storage.endpoint();
    const wish = { status: 'dead', retry_mark: 'wish' };
    const delivery = await insertDelivery(storage.database.pool, { endpoint_id: id, ...wish });
    await move(id);
    await checks.begin(id, HASH);
    expect(await storage.claims.claim(request(delivery, 'wish'))).toBeNull();
    const challenge = {
      endpoint_id: id,
      event: 'endpoint.verification',
      is_test: true,
      status: 'queued',
      retry_mark: 'ask',
    };
    const asking = await insertDelivery(storage.database.pool, challenge);
    expect(await storage.claims.claim(request(asking, 'ask'))).toMatchObject({
      trigger: 'test',
      url: URL_AFTER,
    });
    await answer(id, { url: URL_AFTER });
    expect(await storage.claims.claim(request(delivery, 'wish'))).toMatchObject({ trigger: 'manual' });
  });
});

describe('GateDrains.look', () => {
  it.each<readonly [string, Partial<NewEndpoint>]>([
    ['one by one', {}],
    ['in order', { ordered: true }],
    ['in batches', { batch: { maxEvents: 1, maxWaitMs: 100, maxBytes: 100_000 } }],
  ])('lets go nothing, %s, to a URL that is new since it began', async (_how, rules) => {
    const customerId = randomUUID();
    const id = await storage.endpoint({ customerId, ...rules });
    const { pool } = storage.database;
    await pool.query(
      "INSERT INTO endpoint_health (endpoint_id, breaker, state, is_failing) VALUES ($1, $2, 'open', true)",
      [id, JSON.stringify({ ...NEW_BREAKER, state: 'open', openedAt: 1, probeAt: 1, cooldownMs: 1 })],
    );
    await storage.endpointSwitch.shut(id);
    const [held = ''] = await storage.publish({ customerId });
    const stage = setGateStage(storage);
    const drain = await stage.open(id);
    const { looking } = await inTransaction(pool, async (client) => {
      await client.query('SELECT FROM endpoint_health WHERE endpoint_id = $1 FOR UPDATE', [id]);
      const looking = stage.look(drain, 10);
      await untilSomebodyWaits(storage.database);
      await move(id);
      return { looking };
    });
    expect(await looking).toMatchObject({ calls: [] });
    expect(await storage.delivery(held)).toMatchObject({ status: 'held', attempts_made: 0 });
    expect(await stage.look(drain, 10)).toEqual({ kind: 'shut', why: 'disabled' });
  });
});
