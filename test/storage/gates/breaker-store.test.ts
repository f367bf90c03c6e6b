import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { FAILING_LIMIT_MS } from '../../../src/domain/failing-stage.ts';
import type { InsertedEvents } from '../../../src/storage/events/insert-events.ts';
import { BreakerStore, type HealthResult } from '../../../src/storage/gates/breaker-store.ts';
import { EndpointSwitch } from '../../../src/storage/gates/endpoint-switch.ts';
import { announcedTo } from '../../support/receivers/announced.ts';
import { openStorage, type StorageUnderTest } from '../../support/storage/storage.ts';

let storage: StorageUnderTest;
let breakers: BreakerStore;
let inserted: InsertedEvents[];
let operator: string;
let own: string;

beforeAll(async () => {
  storage = await openStorage();
});
afterAll(() => storage.close());

beforeEach(async () => {
  await storage.database.pool.query(
    'TRUNCATE open_deliveries, ended_deliveries, events, endpoint_health, ' +
      'gates, gate_drains, endpoints, endpoint_secrets CASCADE',
  );
  inserted = [];
  breakers = new BreakerStore(storage.database, { onAnnounced: (events) => inserted.push(events) });
  operator = await storage.endpoint({ customerId: null, events: ['endpoint.*'] });
  await storage.endpoint({ events: ['*', 'endpoint.*'] });
  own = await storage.endpoint();
});

function failures(count: number, changes: Partial<HealthResult> = {}): readonly HealthResult[] {
  return Array.from({ length: count }, () => ({
    endpointId: own,
    trigger: 'automatic',
    breakerEpoch: 0,
    isFailing: true,
    errorCode: 'http_503',
    retryAfterMs: null,
    isExcused: false,
    ...changes,
  }));
}

async function rowOf(endpointId = own): Promise<Record<string, unknown>> {
  const { rows } = await storage.database.pool.query('SELECT * FROM endpoint_health WHERE endpoint_id = $1', [
    endpointId,
  ]);
  return rows[0];
}

/** As if its failures had begun so much earlier, and its last warning with them. */
async function putBack(ms: number): Promise<void> {
  await storage.database.pool.query(
    `UPDATE endpoint_health SET breaker = jsonb_set(breaker, '{failingSince}',
       to_jsonb((breaker->>'failingSince')::float8 - $2)), announced_at = announced_at - make_interval(secs => $2 /
         1000)
     WHERE endpoint_id = $1`,
    [own, ms],
  );
}

async function fail(changes: Partial<HealthResult> = {}) {
  return await breakers.fold(failures(1, { breakerEpoch: Number((await rowOf())?.epoch ?? 0), ...changes }));
}

describe('BreakerStore', () => {
  it('announces an opened breaker once, to the operator only, with what is known', async () => {
    const changes = await breakers.fold(failures(12));
    expect(changes).toMatchObject([{ endpointId: own, change: 'opened', isGivenUp: false }]);
    await breakers.fold(failures(5));
    expect(await announcedTo(storage, operator)).toMatchObject([
      {
        event: 'endpoint.opened',
        data: {
          endpoint_id: own,
          customer_id: 'acme',
          url: 'https://receiver.example/hook',
          consecutive_failures: 10,
          last_error_code: 'http_503',
        },
      },
    ]);
    const { rows } = await storage.database.pool.query('SELECT endpoint_id, status FROM deliveries');
    expect(rows).toEqual([{ endpoint_id: operator, status: 'queued' }]);
    expect(inserted).toMatchObject([{ starts: [{ endpointId: operator }], gatesToWake: [] }]);
  });

  it('announces once although workers race', async () => {
    const changes = await Promise.all(Array.from({ length: 8 }, () => breakers.fold(failures(12))));
    expect(changes.flat()).toHaveLength(1);
    expect(await announcedTo(storage, operator)).toHaveLength(1);
  });

  it('opens a breaker and announces it together or not at all', async () => {
    const { pool } = storage.database;
    await pool.query("ALTER TABLE events ADD CONSTRAINT none CHECK (event <> 'endpoint.opened')");
    await expect(breakers.fold(failures(12))).rejects.toThrow('violates check constraint');
    await pool.query('ALTER TABLE events DROP CONSTRAINT none');
    expect(await rowOf()).toBeUndefined();
    await breakers.fold(failures(12));
    expect(await announcedTo(storage, operator)).toHaveLength(1);
  });

  it('writes nothing of what nobody listens to', async () => {
    await storage.database.pool.query('UPDATE endpoints SET deleted_at = now() WHERE id = $1', [operator]);
    expect(await breakers.fold(failures(12))).toMatchObject([{ change: 'opened' }]);
    expect((await storage.database.pool.query('SELECT FROM events')).rows).toEqual([]);
    expect(inserted).toEqual([]);
  });

  it('announces a recovery with the time the breaker opened', async () => {
    const [opened] = await breakers.fold(failures(10));
    await storage.endpointSwitch.pause(own, {});
    await storage.endpointSwitch.resume(own);
    const epoch = Number((await rowOf()).epoch);
    const closed = await breakers.fold(failures(1, { breakerEpoch: epoch, errorCode: null }));
    expect(closed).toMatchObject([{ change: 'closed' }]);
    const [, recovered] = await announcedTo(storage, operator);
    expect(recovered).toMatchObject({
      event: 'endpoint.closed',
      data: { endpoint_id: own, opened_at: new Date(opened?.breaker.openedAt ?? 0).toISOString() },
    });
  });

  it('tells an operator’s endpoint nothing about itself', async () => {
    await breakers.fold(failures(12, { endpointId: operator }));
    expect(await announcedTo(storage, operator)).toEqual([]);
  });

  it('announces 50, 70 and 90 % once each and then gives up', async () => {
    await fail();
    const shares = [0.5, 0.5, 0.7, 0.9, 0.95, 1];
    let passed = 0;
    const givenUp: unknown[] = [];
    for (const share of shares) {
      await putBack((share - passed) * FAILING_LIMIT_MS);
      passed = share;
      givenUp.push((await fail()).map(({ isGivenUp }) => isGivenUp));
    }
    expect(givenUp).toEqual([[], [], [], [], [], [true]]);
    const announced = await announcedTo(storage, operator);
    expect(announced.map(({ event, data }) => [event, data.percent])).toEqual([
      ['endpoint.disabling', 50],
      ['endpoint.disabling', 70],
      ['endpoint.disabling', 90],
    ]);
    const [, , { data: last }] = announced as never as [0, 0, { data: Record<string, string> }];
    const end = Date.parse(String(last.failing_since)) + FAILING_LIMIT_MS;
    expect(Date.parse(String(last.disables_at))).toBeCloseTo(end, -4);
  });

  it('warns half a day before it gives up an endpoint that failed once five days ago', async () => {
    await fail();
    await putBack(2 * FAILING_LIMIT_MS);
    expect(await fail()).toEqual([]);
    expect(await fail()).toEqual([]);
    expect(await announcedTo(storage, operator)).toMatchObject([{ data: { percent: 90 } }]);
    await putBack(FAILING_LIMIT_MS / 10);
    expect(await fail()).toMatchObject([{ isGivenUp: true }]);
  });

  it('begins anew after a success', async () => {
    await fail();
    await putBack(0.9 * FAILING_LIMIT_MS);
    await fail();
    await fail({ errorCode: null });
    await fail();
    expect(await rowOf()).toMatchObject({ announced: 0, announced_at: null });
    expect(await announcedTo(storage, operator)).toHaveLength(1);
  });

  it('neither opens, announces nor gives up while our own network is suspected', async () => {
    await fail();
    await putBack(2 * FAILING_LIMIT_MS);
    expect(await breakers.fold(failures(50, { isExcused: true }))).toEqual([]);
    expect(await announcedTo(storage, operator)).toEqual([]);
    expect(await rowOf()).toMatchObject({ state: 'closed', announced: 0 });
  });
});

describe('EndpointSwitch.disable', () => {
  let endpointSwitch: EndpointSwitch;
  beforeEach(() => {
    endpointSwitch = new EndpointSwitch(storage.database, { onAnnounced: (events) => inserted.push(events) });
  });

  it.each(['by_hand', 'gone'] as const)(
    'announces an endpoint that is disabled (%s) once',
    async (reason) => {
      await Promise.all([endpointSwitch.disable(own, reason), endpointSwitch.disable(own, reason)]);
      await endpointSwitch.disable(own, 'by_hand');
      const { rows } = await storage.database.pool.query('SELECT is_open FROM gates WHERE endpoint_id = $1', [
        own,
      ]);
      expect(rows).toEqual([{ is_open: false }]);
      expect(await announcedTo(storage, operator)).toMatchObject([
        { event: 'endpoint.disabled', data: { endpoint_id: own, reason, failing_since: null } },
      ]);
      expect(inserted).toHaveLength(1);
    },
  );

  it('leaves an endpoint alone whose URL is another by the time that a 410 came from the former one', async () => {
    await endpointSwitch.disable(own, 'gone', { url: 'https://former.example/hook' });
    expect(await announcedTo(storage, operator)).toEqual([]);
    const { rows } = await storage.database.pool.query(
      'SELECT e.status, g.is_open, e.url FROM endpoints e JOIN gates g ON g.endpoint_id = e.id WHERE e.id = $1',
      [own],
    );
    expect(rows).toMatchObject([{ status: 'enabled', is_open: true }]);
    await endpointSwitch.disable(own, 'gone', { url: rows[0].url });
    expect(await announcedTo(storage, operator)).toMatchObject([{ data: { reason: 'gone' } }]);
  });

  it('gives up only where the run of failures that led there goes on', async () => {
    await fail();
    const { failingSince } = (await rowOf()).breaker as { failingSince: number };
    await endpointSwitch.disable(own, 'failing', { failingSince: failingSince - 1 });
    expect(await announcedTo(storage, operator)).toEqual([]);
    await endpointSwitch.disable(own, 'failing', { failingSince });
    expect(await announcedTo(storage, operator)).toMatchObject([
      {
        event: 'endpoint.disabled',
        data: { reason: 'failing', failing_since: new Date(failingSince).toISOString() },
      },
    ]);
    await endpointSwitch.enable(own);
    expect((await rowOf()).breaker).toMatchObject({ failingSince: null });
  });
});
