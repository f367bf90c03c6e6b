import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { PoolClient } from 'pg';
import { type Day, dayOf } from '../../../src/storage/history/days.ts';
import { daysAheadOf, HistoryDays } from '../../../src/storage/upkeep/history-days.ts';
import { Retention } from '../../../src/storage/upkeep/retention.ts';
import { openReplays } from '../../support/storage/replay-stage.ts';
import { insertAttempt, insertDelivery } from '../../support/storage/rows.ts';
import { openStorage, recordOf, request, type StorageUnderTest } from '../../support/storage/storage.ts';

const DAY_MS = 86_400_000;
const RETENTION_DAYS = 3;

let storage: StorageUnderTest;
let days: HistoryDays;
let endpointId: string;

beforeEach(async () => {
  storage = await openStorage();
  days = new HistoryDays(storage.database);
  endpointId = await storage.endpoint();
});
afterEach(async () => await storage.close());

/** Noon, so many days from now. */
function noon(inDays: number): Date {
  return new Date((dayOf(new Date()) + inDays + 0.5) * DAY_MS);
}

async function insertAt(inDays: number, given: object = {}): Promise<string> {
  return await insertDelivery(storage.database.pool, {
    endpoint_id: endpointId,
    created_at: noon(inDays),
    ...given,
  });
}

/** Makes the days of a past in which Posthorn ran, and then those of today. */
async function makeDaysSince(inDays: number): Promise<void> {
  await days.makeAhead(noon(inDays));
  await days.makeAhead();
}

async function oldestDay(): Promise<Day | undefined> {
  return (await days.read()).days[0];
}

/** In which partition a delivery is. */
async function placeOf(id: string): Promise<string | undefined> {
  const { rows } = await storage.database.pool.query(
    'SELECT tableoid::regclass::text AS place FROM ended_deliveries WHERE id = $1',
    [id],
  );
  return rows[0]?.place;
}

/** Whether an ended delivery and a further attempt of that time can be kept. */
async function isTaken(inDays: number): Promise<boolean> {
  const id = await insertAt(inDays);
  await insertAttempt(storage.database.pool, { delivery_id: id, endpoint_id: endpointId, number: 2 });
  return (await storage.attempts(id)).length === 1;
}

async function whileReading<T>(work: () => Promise<T>): Promise<T> {
  const reader: PoolClient = await storage.database.pool.connect();
  try {
    await reader.query('BEGIN; SELECT count(*) FROM deliveries; SELECT count(*) FROM attempts');
    return await work();
  } finally {
    await reader.query('ROLLBACK');
    reader.release();
  }
}

async function deliverOne(): Promise<string> {
  const [id = ''] = await storage.publish();
  const claim = await storage.claims.claim(request(id));
  if (claim === null) throw new Error('nothing to claim');
  await storage.recorder.record(recordOf(claim, { kind: 'delivered' }));
  return id;
}

describe('HistoryDays.makeAhead', () => {
  it('gives every day a place until eight days from now, once, whoever else makes them', async () => {
    expect(daysAheadOf(await days.read())).toBeNull();
    await Promise.all([days.makeAhead(), days.makeAhead()]);
    expect(await days.makeAhead()).toEqual([]);
    const { today, days: made } = await days.read();
    expect(made).toEqual([2, 3, 4, 5, 6, 7, 8].map((ahead) => today + ahead));
    expect(daysAheadOf(await days.read())).toBe(8);
  });

  it('leaves what was written before where it was', async () => {
    const id = await deliverOne();
    await days.makeAhead();
    expect(await placeOf(id)).toBe('ended_deliveries_older');
    expect(await storage.delivery(id)).toMatchObject({ status: 'delivered' });
  });

  it('has a place for what is made on any of those days and before, though nobody makes more meanwhile', async () => {
    await days.makeAhead();
    for (const inDays of [-400, -1, 0, 1, 2, 7, 8]) expect(await isTaken(inDays)).toBe(true);
  });

  it('goes on where it stopped after weeks without anybody, and leaves no gap', async () => {
    await makeDaysSince(-10);
    const { today, days: made } = await days.read();
    expect(made).toEqual(Array.from({ length: 17 }, (_, index) => today - 8 + index));
    for (const inDays of [-9, -8, -4, -1, 0, 8]) expect(await isTaken(inDays)).toBe(true);
  });

  it('makes days while somebody reads all history', async () => {
    await days.makeAhead(noon(-1));
    expect(await whileReading(async () => await days.makeAhead())).toHaveLength(1);
  });
});

describe('HistoryDays.dropOld', () => {
  it('drops the days whose retention is over with all that is in them, and no other', async () => {
    await makeDaysSince(-10);
    const gone = [await insertAt(-8), await insertAt(-4)];
    const kept = await insertAt(-3);
    const { today } = await days.read();
    expect(await days.dropOld(RETENTION_DAYS)).toEqual([8, 7, 6, 5, 4].map((ago) => today - ago));
    expect(await oldestDay()).toBe(today - 3);
    for (const id of gone) expect(await storage.delivery(id)).toEqual({});
    expect(await storage.delivery(kept)).toMatchObject({ id: kept });
    expect(await days.dropOld(RETENTION_DAYS)).toEqual([]);
    expect(await isTaken(-6)).toBe(true);
  });

  it('keeps what ended later than its day, and removes it once that is long ago', async () => {
    await makeDaysSince(-10);
    const late = await insertAt(-8, { finished_at: noon(-2) });
    await insertAttempt(storage.database.pool, { delivery_id: late, endpoint_id: endpointId, number: 2 });
    await days.dropOld(RETENTION_DAYS);
    expect(await placeOf(late)).toBe('ended_deliveries_older');
    expect(await storage.attempts(late)).toHaveLength(1);
    const retention = new Retention(storage.database);
    expect(await retention.sweep(RETENTION_DAYS)).toMatchObject({ deliveries: 0 });
    expect(await retention.sweep(1)).toMatchObject({ deliveries: 1 });
    expect([await storage.delivery(late), await storage.attempts(late)]).toEqual([{}, []]);
  });

  it('keeps the attempts of what is still open, which ends as ever when its day is gone', async () => {
    await makeDaysSince(-10);
    const open = await insertAt(-8, { status: 'queued', due_at: noon(-8) });
    await insertAttempt(storage.database.pool, { delivery_id: open, endpoint_id: endpointId });
    await storage.database.pool.query('UPDATE open_deliveries SET attempts_made = 1 WHERE id = $1', [open]);
    await days.dropOld(RETENTION_DAYS);
    const claim = await storage.claims.claim(request(open));
    if (claim === null) throw new Error('nothing to claim');
    await storage.recorder.record(recordOf(claim, { kind: 'delivered' }));
    expect(await storage.delivery(open)).toMatchObject({ status: 'delivered', attempts_made: 2 });
    expect(await storage.attempts(open)).toMatchObject([{ number: 1 }, { number: 2 }]);
  });

  it('keeps what a running replay is to release', async () => {
    await makeDaysSince(-10);
    const dead = await insertAt(-8, { status: 'dead' });
    const other = await insertAt(-8);
    await openReplays(storage).begin({ kind: 'dead_letters', filter: { endpointId } });
    await days.dropOld(RETENTION_DAYS);
    expect(await storage.delivery(dead)).toMatchObject({ status: 'dead' });
    expect(await storage.delivery(other)).toEqual({});
  });

  it('gives up at once while somebody reads all history, who delays nobody else, and does it later', async () => {
    await makeDaysSince(-10);
    const old = await insertAt(-8);
    await whileReading(async () => {
      const [dropped, delivered] = await Promise.allSettled([days.dropOld(RETENTION_DAYS), deliverOne()]);
      expect(dropped).toMatchObject({ status: 'rejected', reason: { code: '55P03' } });
      expect(delivered.status).toBe('fulfilled');
    });
    expect(await storage.delivery(old)).toMatchObject({ id: old });
    expect(await days.dropOld(RETENTION_DAYS)).toHaveLength(5);
    expect(await storage.delivery(old)).toEqual({});
  });

  it('leaves a day of which very much has to be kept to be swept row by row', async () => {
    await makeDaysSince(-10);
    const old = await insertAt(-8);
    const late = await insertAt(-8, { finished_at: noon(-1) });
    await storage.database.pool.query(
      `INSERT INTO ended_deliveries (id, event_id, endpoint_id, event, status, created_at, finished_at)
       SELECT id || i, event_id, endpoint_id, event, status, created_at, finished_at
       FROM ended_deliveries, generate_series(1, 10000) AS i WHERE id = $1`,
      [late],
    );
    expect(await days.dropOld(RETENTION_DAYS)).toEqual([]);
    expect(await new Retention(storage.database).sweep(RETENTION_DAYS)).toMatchObject({ deliveries: 1 });
    expect(await storage.delivery(old)).toEqual({});
    expect(await storage.delivery(late)).toMatchObject({ id: late });
  });
});
