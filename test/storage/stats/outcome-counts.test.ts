import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { GRAINS, wholeSpan } from '../../../src/domain/rollup-grain.ts';
import { newId } from '../../../src/new-id.ts';
import type { Claim } from '../../../src/storage/claims/claim.ts';
import { DeadLetters } from '../../../src/storage/replays/dead-letters.ts';
import { OutcomeCounts } from '../../../src/storage/stats/outcome-counts.ts';
import { StatsStore } from '../../../src/storage/stats/stats-store.ts';
import { countAllOutcomes } from '../../support/storage/count-outcomes.ts';
import { insertOutcome } from '../../support/storage/rows.ts';
import {
  answered,
  openStorage,
  recordOf,
  request,
  type StorageUnderTest,
} from '../../support/storage/storage.ts';

let storage: StorageUnderTest;
let counts: OutcomeCounts;

beforeAll(async () => {
  storage = await openStorage();
  counts = new OutcomeCounts(storage.database);
  await storage.endpoint();
});
afterAll(async () => await storage.close());

async function claim(id: string, mark: string | null = null): Promise<Claim> {
  const claimed = await storage.claims.claim(request(id, mark));
  if (claimed === null) throw new Error(`${id} could not be claimed`);
  return claimed;
}

async function loseSender(id: string): Promise<void> {
  storage.database.watch.steadyForMs = () => 10_000;
  await storage.database.pool.query(
    "UPDATE open_deliveries SET lease_until = now() - interval '1 s', recheck_at = now() WHERE id = $1",
    [id],
  );
  await storage.expiredSends.closeExpired([id]);
}

/** What roll-ups of a grain say beside what the rows say: one line a difference. */
const DIFFERENCES_SQL = `
  WITH counted AS (
    SELECT date_bin('1 minute', started_at, 'epoch') AS bucket, a.endpoint_id, status_code, error_code,
      count(*) AS count
    FROM attempts a JOIN deliveries d ON d.id = a.delivery_id WHERE NOT d.is_test GROUP BY 1, 2, 3, 4),
  rolled AS (
    SELECT bucket, endpoint_id, status_code, error_code, sum(count) AS count FROM rollups
    WHERE grain = 60 AND measure = 'attempts' GROUP BY 1, 2, 3, 4 HAVING sum(count) <> 0)
  (TABLE counted EXCEPT TABLE rolled) UNION ALL (TABLE rolled EXCEPT TABLE counted)`;

const STANDING_DIFFERENCES_SQL = `
  WITH counted AS (
    SELECT date_bin('1 minute', created_at, 'epoch') AS bucket, endpoint_id, status, count(*) AS count
    FROM deliveries WHERE NOT is_test AND status IN ('delivered', 'dead', 'cancelled', 'skipped') GROUP BY 1, 2, 3),
  rolled AS (
    SELECT bucket, endpoint_id, status, sum(count) AS count FROM rollups
    WHERE grain = 60 AND measure = 'standing' GROUP BY 1, 2, 3 HAVING sum(count) <> 0)
  (TABLE counted EXCEPT TABLE rolled) UNION ALL (TABLE rolled EXCEPT TABLE counted)`;

async function differences(): Promise<readonly unknown[]> {
  await countAllOutcomes(storage.database);
  const { pool } = storage.database;
  return [...(await pool.query(DIFFERENCES_SQL)).rows, ...(await pool.query(STANDING_DIFFERENCES_SQL)).rows];
}

async function totalOf(measure: string): Promise<number> {
  const { rows } = await storage.database.pool.query<{ total: number }>(
    'SELECT coalesce(sum(count), 0)::integer AS total FROM rollups WHERE grain = 60 AND measure = $1',
    [measure],
  );
  return rows[0]?.total ?? 0;
}

describe('OutcomeCounts', () => {
  it('counts what is recorded, once, whatever is said twice', async () => {
    const [first = ''] = await storage.publish();
    const [second = ''] = await storage.publish();
    const delivered = recordOf(await claim(first), { kind: 'delivered' });
    await storage.recorder.record(delivered);
    await storage.recorder.record(delivered);
    await storage.recorder.record(recordOf(await claim(second), { kind: 'retry', delayMs: 60_000 }));
    expect(await differences()).toEqual([]);
    expect(await totalOf('attempts')).toBe(2);
    expect([await totalOf('published'), await totalOf('created'), await totalOf('ended')]).toEqual([2, 2, 1]);
    expect(await counts.fold()).toBe(false);
    expect(await totalOf('attempts')).toBe(2);
  });

  it('replaces what was unknown by what came late', async () => {
    const [id = ''] = await storage.publish();
    const late = await claim(id);
    await loseSender(id);
    expect(await differences()).toEqual([]);
    await storage.recorder.record(recordOf(late, { kind: 'delivered' }));
    expect(await differences()).toEqual([]);
  });

  it('follows what is sent by hand after it had ended', async () => {
    const [id = ''] = await storage.publish();
    await storage.recorder.record(recordOf(await claim(id), { kind: 'dead', reason: 'retries_exhausted' }));
    expect(await differences()).toEqual([]);
    const byHand = await claim(id, (await storage.actions.markRetry(id, 'm')).mark);
    await storage.recorder.record(recordOf(byHand, { kind: 'delivered' }));
    expect(await differences()).toEqual([]);
    const again = await claim(id, (await storage.actions.markRetry(id, 'n')).mark);
    await storage.recorder.record(recordOf(again, { kind: 'restored' }));
    expect(await differences()).toEqual([]);
  });

  it('waits for transactions that are still under way, and counts them then', async () => {
    await countAllOutcomes(storage.database);
    const before = await totalOf('published');
    const slow = await storage.database.pool.connect();
    await slow.query('BEGIN');
    await slow.query(
      `INSERT INTO outcomes (endpoint_ids, customer_ids, events, created_ats, counts)
       VALUES ('{NULL}', '{acme}', '{job.completed}', ARRAY[now()], '{1}')`,
    );
    await storage.publish();
    while (await counts.fold());
    expect(await totalOf('published')).toBe(before);
    await slow.query('COMMIT');
    slow.release();
    await countAllOutcomes(storage.database);
    expect(await totalOf('published')).toBe(before + 2);
  });

  it('lets one replica at a time count', async () => {
    const before = await totalOf('created');
    for (let event = 0; event < 20; event += 1) await storage.publish();
    const replicas = [counts, new OutcomeCounts(storage.database), new OutcomeCounts(storage.database)];
    await Promise.all(replicas.map(async (replica) => await replica.fold()));
    await countAllOutcomes(storage.database);
    expect(await totalOf('created')).toBe(before + 20);
    expect(await differences()).toEqual([]);
  });

  it('removes outcomes after an hour, not before they are counted, and goes on from there', async () => {
    const { pool } = storage.database;
    await storage.publish();
    await pool.query("UPDATE outcomes SET noted_at = noted_at - interval '2 hours'");
    await countAllOutcomes(storage.database);
    await storage.publish();
    while (await counts.sweep());
    const { rows } = await pool.query<{ count: number }>('SELECT count(*)::integer AS count FROM outcomes');
    expect(rows).toEqual([{ count: 1 }]);
    expect(await differences()).toEqual([]);
  });

  it('leaves out what another server counted, after its database was restored into this one', async () => {
    const { pool } = storage.database;
    await countAllOutcomes(storage.database);
    const before = await totalOf('published');
    await pool.query('UPDATE rollup_progress SET counted_to = counted_to + 1000000');
    await pool.query('UPDATE outcomes SET xid = xid + 1000000');
    await counts.fold();
    await storage.publish();
    await countAllOutcomes(storage.database);
    expect(await totalOf('published')).toBe(before + 1);
  });

  it('follows what ends without an attempt', async () => {
    const [cancelled = ''] = await storage.publish();
    await storage.actions.cancel(cancelled);
    const [dead = ''] = await storage.publish();
    await storage.recorder.record(recordOf(await claim(dead), { kind: 'dead', reason: 'retries_exhausted' }));
    expect(await differences()).toEqual([]);
    expect(await new DeadLetters(storage.database).discard({ ids: [dead] })).toEqual({
      count: 1,
      isCapped: false,
    });
    expect(await differences()).toEqual([]);
    const endpointId = await storage.endpoint({ customerId: 'third' });
    await storage.publish({ customerId: 'third' });
    await storage.removal.remove(endpointId);
    expect(await differences()).toEqual([]);
  });

  describe('in coarser stretches', () => {
    /** Some hours of attempts of one endpoint: [minutes ago, milliseconds that it took]. */
    const attempts = [
      [200, 10],
      [200, 30],
      [71, 10],
      [70, 500],
      [9, 10],
      [0, 10],
      [-2, 20],
    ] as const;
    let endpointId: string;

    async function note(minutesAgo: number, durationMs: number): Promise<void> {
      await insertOutcome(storage.database.pool, {
        delivery_id: newId('del'),
        endpoint_id: endpointId,
        started_at: new Date(Date.now() - minutesAgo * 60_000),
        duration_ms: durationMs,
      });
    }

    /** What each grain has of the endpoint's attempts and of their times; the finest has everything. */
    async function byGrain() {
      const { rows } = await storage.database.pool.query<{ grain: number; counted: number; timed: number }>(
        `SELECT grain, coalesce((SELECT sum(count) FROM rollups r WHERE r.grain = g.grain AND measure = 'attempts'
             AND endpoint_id = $1), 0)::integer AS counted,
           coalesce((SELECT sum(n) FROM rollup_times r, unnest(r.counts) AS n WHERE r.grain = g.grain
             AND measure = 'latency' AND endpoint_id = $1), 0)::integer AS timed
         FROM unnest($2::integer[]) AS g(grain)`,
        [endpointId, GRAINS],
      );
      return Object.fromEntries(rows.map(({ grain, counted, timed }) => [grain, [counted, timed]]));
    }

    /** What readers see of them. */
    async function seen() {
      const span = { after: new Date(Date.now() - 86_400_000), before: new Date(Date.now() + 600_000) };
      const { total, latencies } = await new StatsStore(storage.database).ofAttempts({
        ...wholeSpan(span, new Date()),
        endpointIds: [endpointId],
      });
      return [total, latencies.reduce((sum, { count }) => sum + count, 0)];
    }

    beforeEach(() => {
      endpointId = newId('ep');
    });

    it('has what is over, once, whether it was counted before or after that', async () => {
      await storage.database.pool.query(
        "UPDATE rollup_progress SET coarse_to = date_trunc('minute', now() - interval '3 hours')",
      );
      for (const [minutesAgo, durationMs] of attempts) await note(minutesAgo, durationMs);
      await countAllOutcomes(storage.database);
      const all = attempts.length;
      expect(await byGrain()).toEqual({ 60: [all, all], 600: [2, 2], 3600: [2, 2], 86400: [2, 2] });
      expect(await seen()).toEqual([all, all]);
      let steps = 1;
      while (await counts.coarsen()) steps += 1;
      expect(steps).toBe(18);
      const over = all - 2;
      expect(await byGrain()).toEqual({
        60: [all, all],
        600: [over, over],
        3600: [over, over],
        86400: [over, over],
      });
      expect(await seen()).toEqual([all, all]);
      await note(150, 40);
      await countAllOutcomes(storage.database);
      expect(await byGrain()).toMatchObject({ 60: [all + 1, all + 1], 86400: [over + 1, over + 1] });
      expect(await counts.coarsen()).toBe(false);
      expect(await seen()).toEqual([all + 1, all + 1]);
    });

    it('keeps minutes until coarser stretches have them', async () => {
      const { pool } = storage.database;
      const old = 3 * 24 * 60;
      await pool.query(
        "UPDATE rollup_progress SET coarse_to = date_trunc('minute', now() - interval '4 days')",
      );
      await note(old, 10);
      await countAllOutcomes(storage.database);
      while (await counts.sweep());
      expect(await byGrain()).toMatchObject({ 60: [1, 1], 86400: [0, 0] });
      while (await counts.coarsen());
      while (await counts.sweep());
      expect(await byGrain()).toMatchObject({ 60: [0, 0], 86400: [1, 1] });
    });
  });

  it('counts nothing that a test sent', async () => {
    const before = await totalOf('attempts');
    const endpointId = await storage.endpoint({ customerId: 'other' });
    const [id = ''] = await storage.publish({ customerId: 'other', test: { endpointId } });
    const test = await claim(id, String((await storage.delivery(id)).retry_mark));
    await storage.recorder.record({ ...recordOf(test, { kind: 'delivered' }), outcome: answered(200) });
    await countAllOutcomes(storage.database);
    expect(await totalOf('attempts')).toBe(before);
  });
});
