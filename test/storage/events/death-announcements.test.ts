import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { AttemptRecorder } from '../../../src/storage/claims/attempt-recorder.ts';
import type { Claim } from '../../../src/storage/claims/claim.ts';
import type { InsertedEvents } from '../../../src/storage/events/insert-events.ts';
import { Retention } from '../../../src/storage/upkeep/retention.ts';
import { announcedTo } from '../../support/receivers/announced.ts';
import { openStorage, recordOf, request, type StorageUnderTest } from '../../support/storage/storage.ts';

const EXHAUSTED = { kind: 'dead', reason: 'retries_exhausted' } as const;

let storage: StorageUnderTest;
let recorder: AttemptRecorder;
let inserted: InsertedEvents[];
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
  recorder = new AttemptRecorder(storage.database, { onAnnounced: (events) => inserted.push(events) });
  own = await storage.endpoint();
});

const listener = async (): Promise<string> =>
  await storage.endpoint({ customerId: null, events: ['delivery.dead'] });

async function claimOf(deliveryId: string, mark: string | null = null): Promise<Claim> {
  const claim = await storage.claims.claim(request(deliveryId, mark));
  if (claim === null) throw new Error('there was nothing to claim');
  return claim;
}

async function claimNext(): Promise<Claim> {
  const [deliveryId = ''] = await storage.publish();
  return await claimOf(deliveryId);
}

describe('AttemptRecorder', () => {
  it('announces each delivery that dies once, although it is recorded again and again', async () => {
    const operator = await listener();
    const [claim, other] = [await claimNext(), await claimNext()];
    const death = recordOf(claim, EXHAUSTED);
    await Promise.all([recorder.record(death), recorder.record(death)]);
    await recorder.record(recordOf(other, { kind: 'retry', delayMs: 1_000 }));
    await recorder.record(death);
    expect(await announcedTo(storage, operator)).toEqual([
      {
        event: 'delivery.dead',
        data: {
          delivery_id: claim.deliveryId,
          event_id: claim.eventId,
          event: 'job.completed',
          endpoint_id: own,
          customer_id: 'acme',
          reason: 'retries_exhausted',
          attempts_made: 1,
          last_status_code: 503,
          last_error_code: 'http_503',
        },
      },
    ]);
    expect(inserted).toMatchObject([{ starts: [{ endpointId: operator, event: 'delivery.dead' }] }]);
  });

  it('records a death and announces it together or not at all', async () => {
    const operator = await listener();
    const { pool } = storage.database;
    const claim = await claimNext();
    await pool.query("ALTER TABLE events ADD CONSTRAINT none CHECK (event <> 'delivery.dead')");
    await expect(recorder.record(recordOf(claim, EXHAUSTED))).rejects.toThrow('violates check constraint');
    await pool.query('ALTER TABLE events DROP CONSTRAINT none');
    expect(await storage.delivery(claim.deliveryId)).toMatchObject({ status: 'sending' });
    expect(await recorder.record(recordOf(claim, EXHAUSTED))).toMatchObject({ status: 'dead' });
    expect(await announcedTo(storage, operator)).toHaveLength(1);
  });

  it('announces nothing where a manual attempt leaves a dead delivery what it was', async () => {
    const operator = await listener();
    const claim = await claimNext();
    await recorder.record(recordOf(claim, EXHAUSTED));
    const { mark } = await storage.actions.markRetry(claim.deliveryId, 'mark');
    await recorder.record(recordOf(await claimOf(claim.deliveryId, mark), { kind: 'restored' }));
    expect(await storage.delivery(claim.deliveryId)).toMatchObject({ status: 'dead' });
    expect(await announcedTo(storage, operator)).toHaveLength(1);
  });

  it('announces neither the death of an announcement nor that of a test', async () => {
    const operator = await listener();
    const deaf = await storage.endpoint({ customerId: null, events: ['delivery.dead'] });
    await recorder.record(recordOf(await claimNext(), EXHAUSTED));
    const { rows } = await storage.database.pool.query<{ id: string }>(
      'SELECT id FROM deliveries WHERE endpoint_id = $1',
      [deaf],
    );
    await recorder.record(recordOf(await claimOf(rows[0]?.id ?? ''), EXHAUSTED));
    const [testId = ''] = await storage.publish({ test: { endpointId: own } });
    const { retry_mark: mark } = await storage.delivery(testId);
    await recorder.record(
      recordOf(await claimOf(testId, String(mark)), { kind: 'dead', reason: 'test_failed' }),
    );
    expect(await announcedTo(storage, operator)).toHaveLength(1);
  });

  it('writes nothing where nobody listens', async () => {
    const claim = await claimNext();
    expect(await recorder.record(recordOf(claim, EXHAUSTED))).toMatchObject({ status: 'dead' });
    const { rows } = await storage.database.pool.query('SELECT event FROM events');
    expect(rows).toEqual([{ event: 'job.completed' }]);
    expect(inserted).toEqual([]);
  });

  it('takes no retry of the budget where the retry is free', async () => {
    const claim = await claimNext();
    await recorder.record(recordOf(claim, { kind: 'retry', delayMs: 60_000, isFree: true }));
    expect(await storage.delivery(claim.deliveryId)).toMatchObject({
      status: 'retrying',
      attempts_made: 1,
      retries_used: 0,
    });
  });
});

describe('Retention', () => {
  it('announces what expires while it is held', async () => {
    const operator = await listener();
    const [deliveryId = ''] = await storage.publish();
    await storage.endpointSwitch.disable(own, 'by_hand');
    await storage.database.pool.query(
      "UPDATE open_deliveries SET created_at = now() - interval '40 days' WHERE id = $1",
      [deliveryId],
    );
    const retention = new Retention(storage.database, (events) => inserted.push(events));
    expect(await retention.sweep(30)).toMatchObject({ expired: 1 });
    expect(await retention.sweep(30)).toMatchObject({ expired: 0 });
    expect(await announcedTo(storage, operator)).toMatchObject([
      {
        event: 'delivery.dead',
        data: { delivery_id: deliveryId, endpoint_id: own, reason: 'expired', attempts_made: 0 },
      },
    ]);
    expect(inserted).toHaveLength(1);
  });
});
