import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Publisher } from '../../../src/storage/events/publisher.ts';
import { WideEvents } from '../../../src/storage/events/wide-events.ts';
import { eventually } from '../../support/eventually.ts';
import { whileLocked } from '../../support/rows/locks.ts';
import { copyEndpoint } from '../../support/storage/copy-endpoint.ts';
import { countAllOutcomes } from '../../support/storage/count-outcomes.ts';
import { newEvent, type StorageUnderTest } from '../../support/storage/storage.ts';
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
  it('makes what was not made as an event was accepted, one delivery for each endpoint', async () => {
    const customerId = 'whole';
    const endpoints = await stage.endpointsOf(customerId, 2_500);
    const accepted = await stage.accept(customerId);
    expect(accepted).toMatchObject({ deliveries: 2_500, customerDeliveries: 2_500 });
    expect(await stage.madeOf(accepted.id)).toEqual({ deliveries: 1_000, parts: 2 });
    storage.due.length = 0;
    await stage.makeAll();
    const deliveries = await stage.deliveriesOf(accepted.id);
    expect(deliveries.map((delivery) => delivery.endpoint_id).sort()).toEqual([...endpoints].sort());
    expect(await stage.madeOf(accepted.id)).toEqual({ deliveries: 2_500, parts: 0 });
    expect(new Set(storage.due.map(({ deliveryId }) => deliveryId)).size).toBe(1_500);
    const { rows } = await storage.database.pool.query('SELECT delivery_ids FROM events WHERE id = $1', [
      accepted.id,
    ]);
    expect(rows[0].delivery_ids).toEqual(deliveries.map(({ id }) => id));
  });

  it('is wanted at once, but for no event that is made whole', async () => {
    const wanted: number[] = [];
    const onLater = (inMs: number) => void wanted.push(inMs);
    const publisher = new Publisher(storage.database, { onDue: () => {}, onHeld: () => {}, onLater });
    await stage.endpointsOf('many', 1_001);
    await stage.endpointsOf('thousand', 1_000);
    await publisher.publish({ ...newEvent(), customerId: 'thousand' });
    expect(wanted).toEqual([]);
    await publisher.publish({ ...newEvent(), customerId: 'many' });
    expect(wanted).toEqual([0]);
    await stage.makeAll();
  });

  it('counts each of them once, as old as its event', async () => {
    const customerId = 'counted';
    const [first = ''] = await stage.endpointsOf(customerId, 1_200);
    await storage.endpointSwitch.disable(first, 'by_hand');
    const { id } = await stage.accept(customerId);
    await storage.database.pool.query(
      "UPDATE events SET created_at = created_at - interval '1 hour' WHERE id = $1",
      [id],
    );
    await stage.makeAll();
    await countAllOutcomes(storage.database);
    const { rows } = await storage.database.pool.query(
      `SELECT measure, status, sum(count)::integer AS count FROM rollups
       WHERE grain = 60 AND customer_id = $1 AND measure IN ('created', 'standing') GROUP BY measure, status`,
      [customerId],
    );
    expect(rows).toEqual(
      expect.arrayContaining([
        { measure: 'created', status: null, count: 1_200 },
        { measure: 'standing', status: 'skipped', count: 1 },
      ]),
    );
    const ofEvent = 'deliveries d JOIN events e ON e.id = d.event_id WHERE e.id = $1';
    expect(await stage.count(`${ofEvent} AND d.created_at = e.created_at`, id)).toBe(200);
    expect(
      await stage.count(`${ofEvent} AND d.status = 'skipped' AND d.finished_at = e.created_at`, id),
    ).toBe(1);
  });

  it('writes at most 1,000 deliveries in any transaction', async () => {
    const customerId = 'bounded';
    await stage.endpointsOf(customerId, 3_100);
    const { id } = await stage.accept(customerId);
    await stage.makeAll();
    const { rows } = await storage.database.pool.query<{ count: number }>(
      'SELECT count(*)::integer AS count FROM open_deliveries WHERE event_id = $1 GROUP BY xmin ORDER BY 1 DESC',
      [id],
    );
    expect(rows.map((row) => row.count)).toEqual([1_000, 1_000, 1_000, 100]);
  });

  it('loses and repeats nothing where it is killed within a part, however often', async () => {
    const customerId = 'killed';
    await stage.endpointsOf(customerId, 2_500);
    const { id } = await stage.accept(customerId);
    await whileLocked(storage.database.pool, 'outcomes', async () => {
      let isOver = false;
      const broken = expect(stage.wideEvents.makeSome()).rejects.toThrow();
      void broken.finally(() => {
        isOver = true;
      });
      const kill = `${waitingFor('WITH new_deliveries')} WHERE pg_terminate_backend(w.pid)`;
      await eventually(async () => (await stage.count(kill)) === 0 && isOver);
      await broken;
    });
    expect(await stage.madeOf(id)).toEqual({ deliveries: 1_000, parts: 2 });
    await stage.makeAll();
    expect(await stage.madeOf(id)).toEqual({ deliveries: 2_500, parts: 0 });
    expect(await stage.perEndpoint(id)).toEqual(new Set([1]));
  });

  it('shares the work with others that do it at the same time', async () => {
    const customerId = 'shared';
    await stage.endpointsOf(customerId, 4_500);
    const { id } = await stage.accept(customerId);
    const others = Array.from({ length: 3 }, () => new WideEvents(storage.database, storage.publisher.tell));
    await Promise.all(others.map(async (other) => await other.makeSome()));
    await stage.makeAll();
    expect(await stage.madeOf(id)).toEqual({ deliveries: 4_500, parts: 0 });
    expect(await stage.perEndpoint(id)).toEqual(new Set([1]));
  });

  it('lets events take turns', async () => {
    const customerId = 'turns';
    await stage.endpointsOf(customerId, 4_500);
    const [long, short] = [await stage.accept(customerId), await stage.accept(customerId)];
    await stage.wideEvents.makeSome();
    const parts = [(await stage.madeOf(long.id)).parts, (await stage.madeOf(short.id)).parts];
    expect(parts.sort()).toEqual([1, 2]);
    await stage.makeAll();
  });

  it('takes all positions in line as events are accepted', async () => {
    const customerId = 'in-line';
    await stage.endpointsOf(customerId, 1_500);
    const first = await storage.endpoint({ customerId, ordered: true });
    await copyEndpoint(storage.database.pool, first, 1_099);
    const [earlier, later] = [await stage.accept(customerId), await stage.accept(customerId)];
    expect(await stage.madeOf(earlier.id)).toEqual({ deliveries: 1_100, parts: 2 });
    await stage.makeAll();
    const inLine = 'open_deliveries WHERE event_id = $1 AND position = $2';
    expect(await stage.count(inLine, earlier.id, 1)).toBe(1_100);
    expect(await stage.count(inLine, later.id, 2)).toBe(1_100);
    expect(await stage.madeOf(later.id)).toEqual({ deliveries: 2_600, parts: 0 });
  });

  it('answers a repeated key with the same counts, and continues once', async () => {
    const customerId = 'repeated';
    await stage.endpointsOf(customerId, 1_500);
    const idempotency = { scope: customerId, key: 'k', requestHash: Buffer.from('a') };
    const [first, second] = [
      await stage.accept(customerId, { idempotency }),
      await stage.accept(customerId, { idempotency }),
    ];
    expect(second).toEqual({ ...first, replayed: true });
    expect(await stage.madeOf(first.id)).toEqual({ deliveries: 1_000, parts: 1 });
    await stage.makeAll();
    expect(await stage.accept(customerId, { idempotency })).toEqual(second);
  });
});
