import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLogger } from '../../../src/logger.ts';
import { AttemptRecorder } from '../../../src/storage/claims/attempt-recorder.ts';
import { RunClaims } from '../../../src/storage/claims/run-claims.ts';
import { WaveClaims } from '../../../src/storage/claims/wave-claims.ts';
import { type Database, openDatabase } from '../../../src/storage/postgres/database.ts';
import { list, scansOf } from '../../support/storage/plans.ts';
import { insertDue } from '../../support/storage/rows.ts';
import { openStorage, recordOf, request, type StorageUnderTest } from '../../support/storage/storage.ts';

/** More often than Postgres tries plans for the values of a call before it keeps one for all. */
const CALLS = 10;
const ROWS = 20_000;

let storage: StorageUnderTest;
/** One connection, as a worker's, so that what was planned at first stays. */
let database: Database;
let endpointId: string;
let ids: readonly string[];

beforeAll(async () => {
  storage = await openStorage();
  endpointId = await storage.endpoint();
  const [spare = ''] = await storage.publish();
  const claim = await storage.claims.claim(request(spare));
  if (claim === null) throw new Error('nothing to claim');
  await storage.database.pool.query('TRUNCATE deliveries, events');
  database = openDatabase(storage.databaseUrl, {
    logger: createLogger('silent'),
    plansOnce: true,
    maxConnections: 1,
  });
  const waveClaims = new WaveClaims(database, storage.secretBox);
  const claims = new RunClaims(database, storage.secretBox);
  const recorder = new AttemptRecorder(database);
  for (let call = 0; call < CALLS; call += 1) {
    await waveClaims.claim({
      owner: 'w',
      limit: 100,
      usualRoom: 8,
      rooms: [],
      aside: [{ endpointId, room: 8 }],
    });
    await claims.claim(request('del_none'));
    await recorder.record(recordOf({ ...claim, deliveryId: 'del_none' }, { kind: 'delivered' }));
  }
  ids = await insertDue(storage.database.pool, { endpointId, count: ROWS });
  await storage.database.pool.query(
    'UPDATE deliveries SET aside_at = wave_at, wave_at = NULL WHERE id = ANY($1)',
    [ids.slice(0, ROWS / 2)],
  );
});
afterAll(async () => {
  await database.close();
  await storage.close();
});

describe('a worker that planned its statements while the tables were empty', () => {
  it('finds what is due by the indexes for it, and the rows by their ids', async () => {
    const none = [list([], 'text'), list([], 'integer')];
    const aside = [list([endpointId], 'text'), list([50], 'integer')];
    const scans = await scansOf(
      database,
      `"claim-due"('w', 100, 200, ${[...none, ...aside].join(', ')}, 15000, 15000)`,
    );
    expect(new Set(scans.map((scan) => scan.by))).toEqual(
      new Set(['deliveries_for_waves', 'deliveries_aside', 'deliveries_pkey']),
    );
    expect(Math.max(...scans.map((scan) => scan.rows))).toBeLessThanOrEqual(150);
  });

  it('claims single deliveries by their ids', async () => {
    const some = list(ids.slice(-50), 'text');
    const scans = await scansOf(
      database,
      `"claim"(${some}, array_fill(NULL::text, ARRAY[50]), ${some}, ${some}, ${some}, 15000)`,
    );
    expect(scans.length).toBeGreaterThan(0);
    expect(Math.max(...scans.map((scan) => scan.rows))).toBeLessThanOrEqual(50);
  });

  it('records a group by the ids in it', async () => {
    const rows = ids.slice(-50).map((id) => ({
      delivery_id: id,
      number: 1,
      endpoint_id: endpointId,
      trigger: 'automatic',
      verdict: 'delivered',
      started_at: new Date(),
      response_truncated: false,
    }));
    const scans = await scansOf(
      database,
      `"record"('${JSON.stringify(rows)}', ${list(ids.slice(-50), 'text')}, 15000)`,
    );
    expect(scans.length).toBeGreaterThan(0);
    expect(Math.max(...scans.map((scan) => scan.rows))).toBeLessThanOrEqual(50);
  });
});
