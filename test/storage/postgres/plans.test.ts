import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLogger } from '../../../src/logger.ts';
import { newId } from '../../../src/new-id.ts';
import { AttemptRecorder } from '../../../src/storage/claims/attempt-recorder.ts';
import { MOST_PAYLOAD_BYTES } from '../../../src/storage/claims/claim.ts';
import { RunClaims } from '../../../src/storage/claims/run-claims.ts';
import { WaveClaims } from '../../../src/storage/claims/wave-claims.ts';
import { ENDED, partitionOf } from '../../../src/storage/history/days.ts';
import { revive } from '../../../src/storage/open/ended.ts';
import { type Database, inTransaction, openDatabase } from '../../../src/storage/postgres/database.ts';
import { HistoryDays } from '../../../src/storage/upkeep/history-days.ts';
import { list, scansOf } from '../../support/storage/plans.ts';
import { insertDue } from '../../support/storage/rows.ts';
import { openStorage, recordOf, request, type StorageUnderTest } from '../../support/storage/storage.ts';

/** More often than Postgres tries plans for the values of a call before it keeps one for all. */
const CALLS = 10;
const ROWS = 20_000;

let storage: StorageUnderTest;
let database: Database;
let endpointId: string;
let ids: readonly string[];

beforeAll(async () => {
  storage = await openStorage();
  endpointId = await storage.endpoint();
  const [spare = ''] = await storage.publish();
  const claim = await storage.claims.claim(request(spare));
  if (claim === null) throw new Error('nothing to claim');
  await storage.database.pool.query('TRUNCATE open_deliveries, ended_deliveries, events');
  await new HistoryDays(storage.database).makeAhead(new Date(Date.now() - 40 * 86_400_000));
  await new HistoryDays(storage.database).makeAhead();
  await keepStatistics(storage.database);
  database = openAsWorker();
  const waveClaims = new WaveClaims(database, storage.secretBox);
  const claims = new RunClaims(database, storage.secretBox);
  const recorder = new AttemptRecorder(database);
  for (let call = 0; call < CALLS; call += 1) {
    await waveClaims.look(Date.now());
    await waveClaims.lookForAll();
    await waveClaims.claim({ owner: 'w', turns: [{ endpointId, priority: 0, since: 0, most: 8 }] });
    await claims.claim(request('del_none'));
    await recorder.record(recordOf({ ...claim, deliveryId: 'del_none' }, { kind: 'delivered' }));
    await inTransaction(database.pool, async (client) => await revive(client, ['del_none']));
  }
  ids = await insertDue(storage.database.pool, { endpointId, count: ROWS });
  for (const other of [await storage.endpoint(), await storage.endpoint()])
    await insertDue(storage.database.pool, { endpointId: other, count: 10, dueInMs: -1_000 });
});
afterAll(async () => {
  await database.close();
  await storage.close();
});

/** One connection, so that what is planned at first stays. */
function openAsWorker(): Database {
  const logger = createLogger('silent');
  return openDatabase(storage.databaseUrl, { logger, plansOnce: true, maxConnections: 1 });
}

/** New statistics of any table would have the statements that name it planned anew. */
async function keepStatistics({ pool }: Database): Promise<void> {
  const { rows } = await pool.query<{ name: string }>(
    "SELECT quote_ident(relname) AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace",
  );
  for (const { name } of rows) await pool.query(`ALTER TABLE ${name} SET (autovacuum_enabled = off)`);
}

describe('a worker that planned its statements while the tables were empty', () => {
  it('claims what is due of an endpoint by the index for it, and the rows by their ids', async () => {
    const turn = [
      list([endpointId], 'text'),
      list([0], 'smallint'),
      list([0], 'float8'),
      list([50], 'integer'),
    ];
    const scans = await scansOf(
      database,
      `"claim-due"('w', ${turn.join(', ')}, 15000, 15000, ${MOST_PAYLOAD_BYTES})`,
    );
    expect(scans.map((scan) => scan.by)).toContain('deliveries_in_turn');
    expect(Math.max(...scans.map((scan) => scan.rows))).toBeLessThanOrEqual(50);
  });

  it('finds what has come due since the last look without reading what was due before', async () => {
    const scans = await scansOf(database, `"look-for-due"(${Date.now() - 60_000})`);
    expect(scans).toMatchObject([{ by: 'deliveries_for_waves', rows: 20 }]);
  });

  it('finds every endpoint with something due without reading all of it', async () => {
    const scans = await scansOf(database, '"look-for-all-due"');
    expect(new Set(scans.map((scan) => scan.by))).toEqual(new Set(['deliveries_in_turn']));
    expect(Math.max(...scans.map((scan) => scan.rows))).toBeLessThanOrEqual(4);
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
      resent: false,
    }));
    const scans = await scansOf(
      database,
      `"record"('${JSON.stringify(rows)}', ${list(ids.slice(-50), 'text')}, 15000)`,
    );
    expect(scans.length).toBeGreaterThan(0);
    expect(Math.max(...scans.map((scan) => scan.rows))).toBeLessThanOrEqual(50);
  });

  it.each([
    ['records late results', (ids: string, span: string) => `"record-late"('[]', ${ids}, ${span})`],
    ['takes back what ended', (ids: string, span: string) => `"revive"(${ids}, ${span})`],
  ])('%s by looking at the days of their ids only', async (_, statement) => {
    const some = [newId('del'), newId('del')];
    const scans = await scansOf(database, statement(list(some, 'text'), `'${some.join("', '")}'`));
    const { today } = await new HistoryDays(storage.database).read();
    const tables = scans.map((scan) => scan.table).filter((table) => table.startsWith('ended'));
    expect(new Set(tables)).toEqual(new Set([partitionOf(ENDED, today)]));
  });
});

describe('a worker that planned its statements when a backlog had gone', () => {
  // An index that was large and has few entries left seems to cost much, so that a smaller one seems better.
  it.each([1, 20])('reads no other endpoint for one, where %i of each were left', async (left) => {
    const { pool } = storage.database;
    await pool.query('TRUNCATE open_deliveries');
    const endpoints = await Promise.all(Array.from({ length: 20 }, async () => await storage.endpoint()));
    for (const one of endpoints) {
      const [, ...others] = await insertDue(pool, { endpointId: one, count: 2_000 });
      await pool.query('DELETE FROM open_deliveries WHERE id = ANY($1)', [others.slice(left - 1)]);
    }
    await pool.query('VACUUM ANALYZE open_deliveries');
    const worker = openAsWorker();
    try {
      const waveClaims = new WaveClaims(worker, storage.secretBox);
      await waveClaims.lookForAll();
      const [first = ''] = endpoints;
      await waveClaims.claim({ owner: 'w', turns: [{ endpointId: first, priority: 0, since: 0, most: 1 }] });
      for (const one of endpoints) await insertDue(pool, { endpointId: one, count: 100 });
      const each = (value: number, type: string): string => list(Array(endpoints.length).fill(value), type);
      const turns = [list(endpoints, 'text'), each(0, 'smallint'), each(0, 'float8'), each(5, 'integer')];
      const claimed = await scansOf(
        worker,
        `"claim-due"('w', ${turns.join(', ')}, 15000, 15000, ${MOST_PAYLOAD_BYTES})`,
      );
      const looked = await scansOf(worker, '"look-for-all-due"');
      expect([...claimed, ...looked].filter(({ by }) => by === 'deliveries_for_waves')).toEqual([]);
      expect(Math.max(...claimed.map(({ rows }) => rows))).toBeLessThanOrEqual(endpoints.length * 5);
    } finally {
      await worker.close();
    }
  });
});
