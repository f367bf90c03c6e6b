import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLogger } from '../../../src/logger.ts';
import { type Database, openDatabase } from '../../../src/storage/postgres/database.ts';
import { ReadsBusyError } from '../../../src/storage/postgres/read-pool.ts';
import { createDatabase, type TestDatabase } from '../../support/storage/database.ts';

const MANY = 40;
const TEXT_OF_BUSY = 'SELECT pg_sleep(60)';

let own: TestDatabase;
let database: Database;

beforeAll(async () => {
  own = await createDatabase();
  database = openDatabase(own.url, { logger: createLogger('silent') });
});
afterAll(async () => {
  await database.close();
  await own.drop();
});

async function countRunning(text: string): Promise<number> {
  const { rows } = await database.pool.query<{ count: number }>(
    "SELECT count(*)::integer AS count FROM pg_stat_activity WHERE query = $1 AND state = 'active'",
    [text],
  );
  return rows[0]?.count ?? 0;
}

describe('the connections for reading', () => {
  it('change nothing, and use one core of the database at most', async () => {
    await expect(database.reads.query('CREATE TABLE t ()')).rejects.toMatchObject({ code: '25006' });
    const { rows } = await database.reads.query('SHOW max_parallel_workers_per_gather');
    expect(rows).toEqual([{ max_parallel_workers_per_gather: '0' }]);
  });

  it('are few, break off what takes too long, refuse who has waited too long, and leave the others alone', async () => {
    const reads = Array.from({ length: MANY }, async () => await database.reads.query(TEXT_OF_BUSY));
    const ends = Promise.allSettled(reads);
    let most = 0;
    const isOver = ends.then(() => true);
    while (!(await Promise.race([isOver, database.pool.query('SELECT pg_sleep(0.05)').then(() => false)])))
      most = Math.max(most, await countRunning(TEXT_OF_BUSY));
    const reasons = (await ends).map((end) => (end.status === 'rejected' ? end.reason : null));
    expect(most).toBe(3);
    const refused = reasons.filter((reason) => reason instanceof ReadsBusyError);
    const brokenOff = reasons.filter((reason) => !(reason instanceof ReadsBusyError));
    expect(refused.length).toBeGreaterThan(MANY / 2);
    expect(new Set(brokenOff.map((reason) => reason?.code))).toEqual(new Set(['57014']));
  }, 30_000);
});
