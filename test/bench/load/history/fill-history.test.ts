import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { fillHistory } from '../../../../bench/load/history/fill-history.ts';
import { createdAtOf } from '../../../../src/new-id.ts';
import { createDatabase, type TestDatabase } from '../../../support/storage/database.ts';

const EVENTS = 10_001;
const WEEK_MS = 7 * 86_400_000;

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

async function fill(signal: AbortSignal): Promise<readonly string[]> {
  const lines: string[] = [];
  const owners = [
    { customer: 'acme', endpoint: 'ep_a' },
    { customer: 'globex', endpoint: 'ep_g' },
  ];
  await fillHistory(postgres, { events: EVENTS, owners, signal, onProgress: (line) => lines.push(line) });
  return lines;
}

it('writes nothing once it is told to stop', async () => {
  await expect(fill(AbortSignal.abort(new Error('stopped')))).rejects.toThrow('stopped');
  expect((await postgres.query('SELECT FROM events')).rowCount).toBe(0);
  await postgres.query('DROP TABLE filled_keys');
});

it('writes events with their deliveries and keys over four weeks, and says how far it is', async () => {
  const lines = await fill(new AbortController().signal);
  expect(lines).toEqual([
    `filling in ${EVENTS} events: 0 are there`,
    'sorting what they are found by',
    'vacuuming',
  ]);
  const { rows } = await postgres.query<{ id: string; created_at: Date; is_whole: boolean }>(
    `SELECT e.id, e.created_at, e.delivery_ids = ARRAY[d.id] AND e.search_keys = ARRAY[k.key]
       AND (e.customer_id, d.endpoint_id, k.customer_id) IN (('acme', 'ep_a', 'acme'),
         ('globex', 'ep_g', 'globex')) AS is_whole
     FROM events e JOIN ended_deliveries d ON d.event_id = e.id JOIN search_keys k ON k.event_id = e.id`,
  );
  expect(rows.length).toBe(EVENTS);
  expect(rows.every((row) => row.is_whole && createdAtOf('evt', row.id) === row.created_at.getTime())).toBe(
    true,
  );
  const ages = rows.map(({ created_at: at }) => Date.now() - at.getTime());
  expect(Math.max(...ages)).toBeGreaterThanOrEqual(4 * WEEK_MS);
  expect(Math.min(...ages)).toBeLessThan(WEEK_MS);
});
