import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { createCaller } from '../../../../bench/load/call-api.ts';
import { fillFigures } from '../../../../bench/load/history/fill-figures.ts';
import { fillHistory, type Owner } from '../../../../bench/load/history/fill-history.ts';
import { AUDIT_ACTIONS, fillRecords } from '../../../../bench/load/history/fill-records.ts';
import { publishNamed, readValues } from '../../../../bench/load/history/read-values.ts';
import { type ApiDocument, type Read, readsOf } from '../../../../bench/load/history/reads.ts';
import { flawsOf, neverTogether, slowestFirst, timeReads } from '../../../../bench/measure/read-times.ts';
import { type ApiUnderTest, startApi } from '../../../support/api/api.ts';

const EVENTS = 2_000;
const REPEATS = 3;
const SIGNAL = new AbortController().signal;

let api: ApiUnderTest;
let postgres: Client;
let reads: readonly Read[];
beforeAll(async () => {
  api = await startApi();
  postgres = new Client({ connectionString: api.dependencies.config.databaseUrl ?? '' });
  await postgres.connect();
  const call = createCaller<{ id: string }>({ apiUrl: api.url, adminKey: api.adminKey });
  const owners: Owner[] = [];
  for (const customer of ['acme', 'globex', 'acme']) {
    const body = { url: 'https://receiver.example/', customer_id: customer };
    owners.push({ customer, endpoint: (await call('POST', '/v1/endpoints', { body })).id });
  }
  await fillHistory(postgres, {
    events: EVENTS,
    owners,
    isVaried: true,
    signal: SIGNAL,
    onProgress: () => {},
  });
  await fillFigures(postgres);
  await fillRecords(postgres, { auditEntries: 200, replays: 100, owners });
  await publishNamed(call, 'acme');
  const document = JSON.parse(readFileSync('clients/openapi.json', 'utf8')) as ApiDocument;
  reads = readsOf(document, await readValues(postgres, owners));
});
afterAll(async () => {
  await postgres.end();
  await api.close();
});

async function countOf(path: string): Promise<unknown> {
  return (await api.operator('GET', path)).body.count;
}

it('fills in what came to different ends, with its attempts, each in the place of its day', async () => {
  const { rows } = await postgres.query(
    `SELECT d.status, d.attempts_made AS made,
       (SELECT count(*)::int FROM attempts a WHERE a.delivery_id = d.id) AS kept, count(*)::int AS deliveries
     FROM ended_deliveries d GROUP BY 1, 2, 3 ORDER BY 4 DESC`,
  );
  expect(rows).toEqual([
    { status: 'delivered', made: 1, kept: 1, deliveries: 1_948 },
    { status: 'dead', made: 4, kept: 4, deliveries: 37 },
    { status: 'cancelled', made: 0, kept: 0, deliveries: 9 },
    { status: 'skipped', made: 0, kept: 0, deliveries: 6 },
  ]);
  const { rows: places } = await postgres.query(
    'SELECT DISTINCT tableoid::regclass::text AS place FROM ended_deliveries',
  );
  expect(places.every(({ place }) => /_\d{8}$/.test(place))).toBe(true);
});

it('fills in figures that tell what lists tell', async () => {
  const { deliveries } = (await api.operator('GET', '/v1/stats?window=30d')).body;
  const counts = { delivered: 1_948, dead: 37, cancelled: 9, skipped: 6 };
  expect(deliveries).toMatchObject({ by_status: counts });
  for (const [status, count] of Object.entries(counts))
    expect(await countOf(`/v1/deliveries/count?status=${status}`)).toEqual(count);
});

it('fills in what was changed and what was replayed', async () => {
  for (const action of AUDIT_ACTIONS)
    expect((await api.operator('GET', `/v1/audit?action=${action}`)).body.items.length).toBeGreaterThan(0);
  expect((await api.operator('GET', '/v1/replays?status=completed')).body.items[0]).toMatchObject({
    total: 100,
  });
});

it('asks the API nothing but what it answers, by every filter that there is', async () => {
  const asked: number[] = [];
  const onRepeat = (repeat: number): void => void asked.push(repeat);
  const asking = { apiUrl: api.url, adminKey: api.adminKey, repeats: REPEATS, signal: SIGNAL, onRepeat };
  const times = await timeReads(reads, asking);
  expect(asked).toEqual([1, 2, 3]);
  const isOfTime = (flaw: string): boolean => /: p99 \d+ ms$/.test(flaw);
  expect(flawsOf(times).filter((flaw) => !isOfTime(flaw))).toEqual([]);
  const contradicting = neverTogether(times);
  expect(contradicting.length).toBeGreaterThan(0);
  expect(contradicting.filter(({ read }) => !/ by window and (?:after|before)$/.test(String(read)))).toEqual(
    [],
  );
  expect(slowestFirst(times)).toHaveLength(reads.length - contradicting.length);
});
