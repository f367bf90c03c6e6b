import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { newId } from '../../../src/new-id.ts';
import { insertEvents } from '../../../src/storage/events/insert-events.ts';
import { withDispatchLocked } from '../../../src/storage/postgres/locks.ts';
import { newEvent, openStorage, type StorageUnderTest } from '../../support/storage/storage.ts';

let storage: StorageUnderTest;

beforeAll(async () => {
  storage = await openStorage();
});
afterAll(async () => await storage.close());

function keyed(key: string, body = 'a') {
  return { ...newEvent(), idempotency: { scope: 'acme', key, requestHash: Buffer.from(body) } };
}

async function count(sql: string): Promise<number> {
  const { rows } = await storage.database.pool.query<{ count: number }>(sql);
  return rows[0]?.count ?? 0;
}

function valuesOf(statement: unknown): readonly unknown[] {
  const { values = [] } = statement as { readonly values?: readonly unknown[] };
  return values;
}

describe('Publisher', () => {
  it('matches endpoints by customer and filter', async () => {
    const all = await storage.endpoint({ customerId: 'm' });
    const jobs = await storage.endpoint({ customerId: 'm', events: ['job.*'] });
    const progress = await storage.endpoint({ customerId: 'm', events: ['job.progress'] });
    await storage.endpoint({ customerId: 'other' });
    const targets = async (event: string, optIn = false): Promise<unknown[]> => {
      const ids = await storage.publish({ customerId: 'm', event, optIn });
      return (await Promise.all(ids.map(async (id) => (await storage.delivery(id)).endpoint_id))).sort();
    };
    expect(await targets('job.completed')).toEqual([all, jobs].sort());
    expect(await targets('system.maintenance')).toEqual([all]);
    expect(await targets('job.progress', true)).toEqual([progress]);
  });

  it('refuses several events that would be very many deliveries, and accepts fewer', async () => {
    const customerId = 'wide';
    await Promise.all(Array.from({ length: 21 }, async () => await storage.endpoint({ customerId })));
    const events = Array.from({ length: 1_000 }, () => ({ ...newEvent(), customerId }));
    const accepted = `SELECT count(*)::integer AS count FROM events WHERE customer_id = '${customerId}'`;
    await expect(storage.publisher.publishMany(events)).rejects.toMatchObject({
      kind: 'invalid',
      code: 'publish_too_wide',
      message: 'The events would be 21000 deliveries; 20000 are accepted together.',
    });
    expect(await count(accepted)).toBe(0);
    await storage.publisher.publishMany(events.slice(0, 50));
    expect(await count(accepted)).toBe(50);
  });

  it('writes no statement of many megabytes, whatever is large in its events', async () => {
    const metadata = Object.fromEntries(
      Array.from({ length: 50 }, (_, index) => [`name ${index}`, 'v'.repeat(512)]),
    );
    const drafts = Array.from({ length: 200 }, () => ({ ...newEvent(), metadata, id: newId('evt') }));
    const client = await storage.database.pool.connect();
    const query = jest.spyOn(client, 'query');
    await client.query('BEGIN');
    await insertEvents(client, drafts);
    await client.query('ROLLBACK');
    client.release();
    const parameters = query.mock.calls.flatMap(([statement]) => valuesOf(statement));
    const lengths = parameters.map((value) => String(value).length);
    expect(lengths.reduce((sum, length) => sum + length, 0)).toBeGreaterThan(200 * 50 * 512);
    expect(Math.max(...lengths)).toBeLessThan(1_500_000);
  });

  it('writes what is large in parts, at one moment', async () => {
    const customerId = 'large';
    await storage.endpoint({ customerId });
    const events = Array.from({ length: 12 }, (_, index) => ({
      ...newEvent(),
      customerId,
      dataText: JSON.stringify({ index, text: 'x'.repeat(200_000) }),
    }));
    const accepted = await storage.publisher.publishMany(events);
    expect(accepted.map(({ deliveries }) => deliveries)).toEqual(events.map(() => 1));
    const { rows } = await storage.database.pool.query(
      `SELECT e.id, e.data, e.created_at AS at, count(d.id)::integer AS deliveries
       FROM events e JOIN open_deliveries d ON d.event_id = e.id WHERE e.customer_id = $1 GROUP BY e.id ORDER BY e.id`,
      [customerId],
    );
    expect(rows).toEqual(
      accepted.map(({ id, createdAt: at }, index) => ({
        id,
        data: events[index]?.dataText,
        at,
        deliveries: 1,
      })),
    );
  });

  it('reaches every customer and the operator with a broadcast', async () => {
    const ids = await Promise.all([
      storage.endpoint({ customerId: 'b1' }),
      storage.endpoint({ customerId: 'b2' }),
      storage.endpoint({ customerId: null }),
    ]);
    const deliveries = await storage.publish({ customerId: null, event: 'system.maintenance' });
    const reached = await Promise.all(deliveries.map(async (id) => (await storage.delivery(id)).endpoint_id));
    expect(reached).toEqual(expect.arrayContaining(ids));
  });

  it('makes one event of fifty publishes with one key at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, async () => await storage.publisher.publish(keyed('k50'))),
    );
    expect(new Set(answers.map((answer) => answer.id)).size).toBe(1);
    expect(answers.filter((answer) => !answer.replayed)).toHaveLength(1);
  });

  it('refuses a key that was used with another body, without harming its neighbours', async () => {
    await storage.publisher.publish(keyed('reused'));
    const results = await Promise.allSettled([
      storage.publisher.publish(keyed('reused', 'other')),
      storage.publisher.publish(newEvent()),
      storage.publisher.publish(newEvent()),
    ]);
    expect(results.map((result) => result.status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
    await expect(storage.publisher.publish(keyed('reused', 'other'))).rejects.toMatchObject({
      code: 'idempotency_key_reused',
    });
  });

  it('forgets keys after a day', async () => {
    const first = await storage.publisher.publish(keyed('old'));
    await storage.database.pool.query(
      "UPDATE idempotency_keys SET created_at = now() - interval '25 h' WHERE key = 'old'",
    );
    const second = await storage.publisher.publish(keyed('old', 'other'));
    expect(second.id).not.toBe(first.id);
  });

  it('accepts many all or none', async () => {
    const before = await count('SELECT count(*)::integer AS count FROM events');
    const many = [newEvent(), keyed('twice'), keyed('twice', 'other')];
    await expect(storage.publisher.publishMany(many)).rejects.toMatchObject({
      code: 'idempotency_key_reused',
    });
    expect(await count('SELECT count(*)::integer AS count FROM events')).toBe(before);
    const accepted = await storage.publisher.publishMany([newEvent(), keyed('pair'), keyed('pair')]);
    expect(accepted.map((answer) => answer.replayed)).toEqual([false, false, true]);
    expect(accepted[2]?.id).toBe(accepted[1]?.id);
  });

  it('says which deliveries are due, once they are committed, and moves scheduled ones later', async () => {
    await storage.endpoint({ customerId: 's' });
    const deliverAt = new Date(Date.now() + 3_600_000);
    const [later = ''] = await storage.publish({ customerId: 's', deliverAt });
    expect(await storage.delivery(later)).toMatchObject({ status: 'scheduled', due_at: deliverAt });
    expect(storage.due.map((start) => start.deliveryId)).not.toContain(later);
    await storage.database.pool.query(
      'UPDATE open_deliveries SET recheck_at = now(), due_at = now() WHERE id = $1',
      [later],
    );
    const told: string[] = [];
    await storage.scheduled.moveDue((starts) => told.push(...starts.map((start) => start.deliveryId)));
    expect(await storage.delivery(later)).toMatchObject({ status: 'queued', wave_at: expect.any(Date) });
    expect(told).toContain(later);
  });

  it('opens no gap between disabling and publishing', async () => {
    const endpointId = await storage.endpoint({ customerId: 'race' });
    await Promise.all([
      ...Array.from({ length: 60 }, async () => await storage.publish({ customerId: 'race' })),
      storage.endpointSwitch.disable(endpointId, 'by_hand'),
    ]);
    const stray = `SELECT count(*)::integer AS count FROM deliveries WHERE endpoint_id = '${endpointId}'
      AND status NOT IN ('held', 'skipped')`;
    expect(await count(stray)).toBe(0);
    await storage.endpointSwitch.enable(endpointId);
    expect(
      await count(
        `SELECT count(*)::integer AS count FROM deliveries WHERE endpoint_id = '${endpointId}' AND status = 'held'`,
      ),
    ).toBe(0);
  });
});

describe('a publish that has to wait for too long', () => {
  it('says whether another use of its idempotency key or a gate stood in its way', async () => {
    const blocker = await storage.database.pool.connect();
    try {
      await blocker.query('BEGIN');
      await blocker.query("INSERT INTO idempotency_keys VALUES ('acme', 'in-flight', 'x', 'evt_x')");
      await expect(storage.publisher.publish(keyed('in-flight'))).rejects.toMatchObject({
        kind: 'conflict',
        code: 'idempotency_key_in_use',
      });
      await withDispatchLocked(storage.database, async () => {
        await expect(storage.publisher.publish(newEvent())).rejects.toMatchObject({
          kind: 'unavailable',
          code: 'endpoints_changing',
        });
      });
    } finally {
      await blocker.query('ROLLBACK');
      blocker.release();
    }
    expect((await storage.publisher.publish(keyed('in-flight'))).replayed).toBe(false);
  });
});
