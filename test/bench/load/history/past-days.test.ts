import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { makePastDays } from '../../../../bench/load/history/past-days.ts';
import { leastIdAt } from '../../../../src/new-id.ts';
import { createDatabase, type TestDatabase } from '../../../support/storage/database.ts';

const DAY_MS = 86_400_000;

let database: TestDatabase;
let postgres: Client;
beforeAll(async () => {
  database = await createDatabase();
  postgres = new Client({ connectionString: database.url });
  await postgres.connect();
});
afterAll(async () => {
  await postgres.end();
  await database.drop();
});

it('gives each day since then its place, and moves there what is kept already', async () => {
  const now = Date.now();
  for (const age of [0, 1, 20]) {
    const id = leastIdAt('del', now - age * DAY_MS);
    await postgres.query(
      `INSERT INTO ended_deliveries (id, event_id, endpoint_id, event, status, created_at, finished_at)
       VALUES ($1, 'evt_1', 'ep_1', 'job.completed', 'dead', now(), now())`,
      [id],
    );
    await postgres.query(
      `INSERT INTO further_attempts (delivery_id, number, endpoint_id, trigger, started_at)
       VALUES ($1, 1, 'ep_1', 'automatic', now())`,
      [id],
    );
  }
  for (const since of [now - 10 * DAY_MS, now - 10 * DAY_MS, now])
    await makePastDays(postgres, new Date(since));
  const nameOf = (age: number): string =>
    new Date(now - age * DAY_MS).toISOString().slice(0, 10).replaceAll('-', '');
  for (const table of ['ended_deliveries', 'further_attempts']) {
    const { rows } = await postgres.query<{ place: string }>(
      `SELECT tableoid::regclass::text AS place FROM ${table} ORDER BY 1`,
    );
    expect(rows.map(({ place }) => place)).toEqual([
      `${table}_${nameOf(1)}`,
      `${table}_${nameOf(0)}`,
      `${table}_older`,
    ]);
  }
});
