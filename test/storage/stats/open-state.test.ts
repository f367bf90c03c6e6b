import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { OpenStateReader } from '../../../src/storage/stats/open-state.ts';
import { copyEndpoint } from '../../support/storage/copy-endpoint.ts';
import { openStorage, type StorageUnderTest } from '../../support/storage/storage.ts';

let storage: StorageUnderTest;
let reader: OpenStateReader;

beforeAll(async () => {
  storage = await openStorage();
  reader = new OpenStateReader(storage.database);
});
afterAll(async () => await storage.close());

describe('OpenStateReader', () => {
  it('reads zeros where nothing is open', async () => {
    expect(await reader.read()).toMatchObject({
      deliveries: { scheduled: 0, queued: 0, sending: 0, retrying: 0, held: 0, dead: 0 },
      oldestDueSeconds: { queued: 0, retrying: 0 },
      endpoints: [],
      replayRemaining: 0,
    });
  });

  it('counts what waits by status, what is held by its reason, and endpoints by their state', async () => {
    const paused = await storage.endpoint();
    await storage.endpointSwitch.pause(paused, {});
    await storage.endpoint();
    await storage.endpoint({ rateLimit: { limit: 1, per: 'second' } });
    await storage.publish();
    await storage.publish({ deliverAt: new Date(Date.now() + 3_600_000) });
    const state = await reader.read();
    expect(state.deliveries).toMatchObject({ scheduled: 3, queued: 1, held: 2 });
    expect(state.heldByReason).toMatchObject({ paused: 1, rate: 1, backlog: 0 });
    expect(state.endpoints).toContainEqual({ status: 'paused', breakerState: 'closed', count: 1 });
    expect(state.endpoints).toContainEqual({ status: 'enabled', breakerState: 'closed', count: 2 });
    expect(state.oldestDueSeconds.queued).toBeGreaterThanOrEqual(0);
  });

  it('takes deliveries of a wide event that are still to be made for due since it was accepted', async () => {
    const customerId = 'wide';
    await copyEndpoint(storage.database.pool, await storage.endpoint({ customerId }), 1_000);
    const [id] = await storage.publish({ customerId });
    expect((await reader.read()).oldestDueSeconds.queued).toBeLessThan(300);
    await storage.database.pool.query(
      `UPDATE events SET created_at = now() - interval '10 minutes'
       WHERE id = (SELECT event_id FROM open_deliveries WHERE id = $1)`,
      [id],
    );
    expect((await reader.read()).oldestDueSeconds.queued).toBeGreaterThanOrEqual(600);
  });

  it.each([
    ['has read', 'BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT FROM endpoints'],
    ['has written', 'BEGIN; SELECT pg_current_xact_id()'],
  ])('sees a transaction that %s and is left open', async (_what, statements) => {
    const client = await storage.database.pool.connect();
    try {
      await client.query(statements);
      expect((await reader.read()).oldestSnapshotSeconds).toBeGreaterThan(0);
    } finally {
      await client.query('ROLLBACK');
      client.release();
    }
  });
});
