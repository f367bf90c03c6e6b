import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EventSender } from '../../../src/storage/events/event-sender.ts';
import { EventStore } from '../../../src/storage/events/event-store.ts';
import { inTransaction } from '../../../src/storage/postgres/database.ts';
import { withDispatchLocked } from '../../../src/storage/postgres/locks.ts';
import { eventually } from '../../support/eventually.ts';
import { whileLocked } from '../../support/rows/locks.ts';
import type { StorageUnderTest } from '../../support/storage/storage.ts';
import { waitingFor } from '../../support/storage/waiting-for.ts';
import { openWideStage, type WideStage } from '../../support/storage/wide-stage.ts';

let stage: WideStage;
let storage: StorageUnderTest;

beforeAll(async () => {
  stage = await openWideStage();
  ({ storage } = stage);
});
afterAll(async () => await storage.close());

describe('WideEvents', () => {
  it('does not let an event pass for one that no endpoint of a customer got', async () => {
    await stage.endpointsOf('early', 1_000);
    await storage.endpoint({ customerId: 'late' });
    const { id } = await stage.accept(null, { event: 'system.maintenance' });
    const events = new EventStore(storage.database);
    const unreached = async () => {
      const { rows } = await events.list({ unreachedOf: 'late' }, { beforeId: null, fetchLimit: 100 });
      return rows.some((event) => event.id === id);
    };
    expect(await stage.count("deliveries WHERE event_id = $1 AND customer_id = 'late'", id)).toBe(0);
    expect(await unreached()).toBe(false);
    await stage.makeAll();
    expect(await stage.count("deliveries WHERE event_id = $1 AND customer_id = 'late'", id)).toBe(1);
    expect(await unreached()).toBe(false);
  });

  it('ends nowhere else than if all had been made at once', async () => {
    const customerId = 'changing';
    const endpoints = await stage.endpointsOf(customerId, 2_500);
    const [before = '', ...others] = endpoints;
    await storage.endpointSwitch.disable(before, 'by_hand');
    const { id } = await stage.accept(customerId);
    const made = new Set((await stage.deliveriesOf(id)).map((delivery) => delivery.endpoint_id));
    const [deleted = '', disabled = '', paused = ''] = others.filter((endpoint) => !made.has(endpoint));
    await storage.removal.remove(deleted);
    await storage.endpointSwitch.disable(disabled, 'by_hand');
    await storage.endpointSwitch.pause(paused, {});
    await storage.endpointSwitch.enable(before);
    storage.wakes.length = 0;
    await stage.makeAll();
    const statuses = new Map(
      (await stage.deliveriesOf(id)).map((delivery) => [delivery.endpoint_id, delivery.status]),
    );
    expect([before, deleted, disabled, paused].map((endpoint) => statuses.get(endpoint))).toEqual([
      'skipped',
      'cancelled',
      'held',
      'held',
    ]);
    expect(await stage.countsOf(id)).toEqual({ queued: 2_496, held: 2, skipped: 1, cancelled: 1 });
  });

  it('schedules what is for later, and cancels what is made after its event was cancelled', async () => {
    const customerId = 'scheduled';
    await stage.endpointsOf(customerId, 2_500);
    const deliverAt = new Date(Date.now() + 3_600_000);
    const [kept, cancelled] = [
      await stage.accept(customerId, { deliverAt }),
      await stage.accept(customerId, { deliverAt }),
    ];
    expect(await new EventStore(storage.database).cancelScheduled(cancelled.id)).toBe(true);
    await stage.makeAll();
    expect(await stage.countsOf(kept.id)).toEqual({ scheduled: 2_500 });
    expect(await stage.countsOf(cancelled.id)).toEqual({ cancelled: 2_500 });
    expect(await stage.count('open_deliveries WHERE event_id = $1 AND due_at = $2', kept.id, deliverAt)).toBe(
      2_500,
    );
  });

  it('leaves nothing scheduled of an event that is cancelled while a part is being made', async () => {
    const customerId = 'cancelling';
    await stage.endpointsOf(customerId, 1_500);
    const { id } = await stage.accept(customerId, { deliverAt: new Date(Date.now() + 3_600_000) });
    const { both } = await whileLocked(storage.database.pool, 'outcomes', async () => {
      const making = stage.wideEvents.makeSome();
      await eventually(async () => (await stage.count(waitingFor('WITH new_deliveries'))) === 1);
      const cancelling = new EventStore(storage.database).cancelScheduled(id);
      await eventually(async () => (await stage.count(waitingFor('FROM events'))) === 1);
      return { both: Promise.all([making, cancelling]) };
    });
    await both;
    expect(await stage.countsOf(id)).toEqual({ cancelled: 1_500 });
  });

  it('keeps nobody from publishing, nor gates from opening, while it cannot go on', async () => {
    const customerId = 'stuck';
    await stage.endpointsOf(customerId, 1_500);
    await storage.endpoint({ customerId: 'neighbour' });
    const { id } = await stage.accept(customerId);
    await inTransaction(storage.database.pool, async (client) => {
      await client.query('SELECT FROM events WHERE id = $1 FOR UPDATE', [id]);
      expect(await stage.wideEvents.makeSome()).toBe(false);
      await withDispatchLocked(storage.database, async () => {});
      expect(await stage.accept('neighbour')).toMatchObject({ deliveries: 1 });
    });
    await stage.makeAll();
    expect(await stage.madeOf(id)).toEqual({ deliveries: 1_500, parts: 0 });
  });

  it('lets others publish while it makes a part and somebody wants to open a gate', async () => {
    const customerId = 'making';
    await stage.endpointsOf(customerId, 1_500);
    await storage.endpoint({ customerId: 'other' });
    const { id } = await stage.accept(customerId);
    let opening: Promise<void> | undefined;
    const making = await inTransaction(storage.database.pool, async (client) => {
      await client.query('SELECT FROM event_parts WHERE event_id = $1 FOR UPDATE', [id]);
      const made = stage.wideEvents.makeSome();
      await eventually(async () => (await stage.count(waitingFor('FROM event_parts'))) === 1);
      opening = withDispatchLocked(storage.database, async () => {});
      expect(await stage.accept('other')).toMatchObject({ deliveries: 1 });
      return { made };
    });
    await Promise.all([making.made, opening]);
    expect(await stage.madeOf(id)).toEqual({ deliveries: 1_500, parts: 0 });
  });

  it('makes those of others where those of one cannot be made, and says so', async () => {
    await stage.endpointsOf('spoilt', 1_500);
    await stage.endpointsOf('sound', 2_500);
    const [spoilt, sound] = [await stage.accept('spoilt'), await stage.accept('sound')];
    const [first] = await stage.deliveriesOf(spoilt.id);
    const spoil = 'UPDATE event_parts SET delivery_ids[1] = $2 WHERE event_id = $1';
    await storage.database.pool.query(spoil, [spoilt.id, first?.id]);
    await expect(stage.wideEvents.makeSome()).rejects.toThrow('duplicate key');
    expect(await stage.madeOf(sound.id)).toEqual({ deliveries: 2_500, parts: 0 });
    expect(await stage.madeOf(spoilt.id)).toEqual({ deliveries: 1_000, parts: 1 });
    await storage.database.pool.query('DELETE FROM event_parts WHERE event_id = $1', [spoilt.id]);
  });

  it('makes further deliveries of an event all the same', async () => {
    const customerId = 'further';
    await stage.endpointsOf(customerId, 1_500);
    const endpointId = await storage.endpoint({ customerId: 'elsewhere' });
    const { id } = await stage.accept(customerId);
    expect(await new EventSender(storage.database).send(id, endpointId)).toMatchObject({ kind: 'sent' });
    await stage.makeAll();
    expect(await stage.madeOf(id)).toEqual({ deliveries: 1_501, parts: 0 });
    expect(await stage.perEndpoint(id)).toEqual(new Set([1]));
  });
});
