import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { OutageRule } from '../../../src/domain/outage.ts';
import { OutageStore } from '../../../src/storage/gates/outage-store.ts';
import { announcedTo } from '../../support/receivers/announced.ts';
import { countAllOutcomes } from '../../support/storage/count-outcomes.ts';
import { openStorage, type StorageUnderTest } from '../../support/storage/storage.ts';

const MINUTE_MS = 60_000;
const RULE: OutageRule = {
  failureRatio: 0.5,
  minimumAttempts: 5,
  windowMs: 5 * MINUTE_MS,
  quietMs: 60 * MINUTE_MS,
};

let storage: StorageUnderTest;
let outages: OutageStore;
let operator: string;

beforeAll(async () => {
  storage = await openStorage();
});
afterAll(() => storage.close());

beforeEach(async () => {
  await storage.database.pool.query(
    `TRUNCATE open_deliveries, ended_deliveries, events, endpoint_health, gates, gate_drains, endpoints,
      endpoint_secrets,
       outcomes, rollups, endpoint_activity, outages CASCADE`,
  );
  outages = storeOf(storage);
  operator = await storage.endpoint({
    customerId: null,
    events: ['endpoint.failing', 'endpoint.recovered'],
    url: 'https://desk.example/alerts',
  });
});

function storeOf({ database, publisher }: StorageUnderTest): OutageStore {
  return new OutageStore(database, {
    rule: RULE,
    consoleUrl: 'https://hooks.example/ui',
    onAnnounced: publisher.tell,
  });
}

/** Notes that attempts of these endpoints ended so long ago, and counts them. */
async function attempted(
  endpointIds: readonly string[],
  { errorCode, times = 1, agoMs = 0 }: { errorCode: string | null; times?: number; agoMs?: number },
): Promise<void> {
  await storage.database.pool.query(
    `INSERT INTO outcomes (delivery_ids, endpoint_ids, customer_ids, events, created_ats, counts, started_ats,
      error_codes)
     SELECT array_agg('del_' || n), array_agg(e.id), array_agg(e.customer_id), array_agg('job.completed'::text),
       array_agg(now()), array_agg(1), array_agg(clock_timestamp() - make_interval(secs => $4::float8 / 1000)),
         array_agg($2::text)
     FROM endpoints e, generate_series(1, $3::integer) AS n WHERE e.id = ANY($1)`,
    [endpointIds, errorCode, times, agoMs],
  );
  await countAllOutcomes(storage.database);
}

/** Lets as much time pass for what is counted, and for what was told. */
async function wait(ms: number): Promise<void> {
  for (const statement of [
    'UPDATE rollups SET bucket = bucket - make_interval(secs => $1::float8 / 1000)',
    `UPDATE endpoint_activity SET last_success_at = last_success_at - make_interval(secs => $1::float8 / 1000),
       last_failure_at = last_failure_at - make_interval(secs => $1::float8 / 1000)`,
    `UPDATE outages SET told_at = told_at - make_interval(secs => $1::float8 / 1000),
       failing_since = failing_since - make_interval(secs => $1::float8 / 1000)`,
  ])
    await storage.database.pool.query(statement, [ms]);
}

async function told(): Promise<readonly string[]> {
  return (await announcedTo(storage, operator)).map(({ event }) => event);
}

async function endpointsOf(host: string, count: number): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let n = 0; n < count; n += 1)
    ids.push(await storage.endpoint({ customerId: `c${n}`, url: `https://${host}/hook/${n}` }));
  return ids;
}

describe('OutageStore', () => {
  it('tells once of 10,000 failures of one endpoint, with URL, advice and link, and once of its recovery', async () => {
    const [id = ''] = await endpointsOf('one.example', 1);
    for (let round = 0; round < 10; round += 1) {
      await attempted([id], { errorCode: 'http_503', times: 1_000 });
      await outages.follow();
    }
    const alert = {
      endpoint_id: id,
      customer_id: 'c0',
      url: 'https://one.example/hook/0',
      host: 'one.example',
      endpoints: 1,
      attempts: 1_000,
      failures: 1_000,
      last_error_code: 'http_503',
      advice: expect.stringMatching(/^The endpoint/),
      console_url: `https://hooks.example/ui/endpoints/${id}`,
    };
    expect(await announcedTo(storage, operator)).toMatchObject([{ event: 'endpoint.failing', data: alert }]);

    await wait(3 * MINUTE_MS);
    await attempted([id], { errorCode: null });
    for (let round = 0; round < 3; round += 1) await outages.follow();
    expect(await announcedTo(storage, operator)).toMatchObject([
      { event: 'endpoint.failing' },
      { event: 'endpoint.recovered', data: { endpoint_id: id, url: alert.url, host: 'one.example' } },
    ]);
  });

  it('tells once of 300 endpoints of one host, and of each host apart', async () => {
    const many = await endpointsOf('many.example', 300);
    const other = await endpointsOf('many.example:8443', 1);
    await attempted(many, { errorCode: 'timeout', times: 2 });
    expect(await outages.follow()).toBe(1);
    await attempted(other, { errorCode: 'timeout', times: 5 });
    expect(await outages.follow()).toBe(1);
    expect(await announcedTo(storage, operator)).toMatchObject([
      {
        data: {
          host: 'many.example',
          endpoints: 300,
          attempts: 600,
          console_url: 'https://hooks.example/ui/endpoints?url=many.example',
        },
      },
      { data: { host: 'many.example:8443', endpoints: 1 } },
    ]);
  });

  it('tells only one replica’s news where several look at a time', async () => {
    await attempted(await endpointsOf('one.example', 1), { errorCode: 'timeout', times: 5 });
    const counts = await Promise.all(Array.from({ length: 5 }, async () => await storeOf(storage).follow()));
    expect(counts.reduce((sum, count) => sum + count)).toBe(1);
    expect(await told()).toEqual(['endpoint.failing']);
  });

  it('is quiet about a host that fails and recovers in turn, and tells again when that is over', async () => {
    const ids = await endpointsOf('flapping.example', 1);
    for (let turn = 0; turn < 4; turn += 1) {
      await attempted(ids, { errorCode: 'http_500', times: 5 });
      await outages.follow();
      await wait(3 * MINUTE_MS);
      await attempted(ids, { errorCode: null });
      await outages.follow();
      await wait(6 * MINUTE_MS);
    }
    expect(await told()).toEqual(['endpoint.failing', 'endpoint.recovered']);
    await wait(RULE.quietMs);
    await attempted(ids, { errorCode: 'http_500', times: 5 });
    await outages.follow();
    expect(await told()).toEqual(['endpoint.failing', 'endpoint.recovered', 'endpoint.failing']);
  });

  it('takes an open breaker for an outage after a minute of many successes', async () => {
    const [id = ''] = await endpointsOf('busy.example', 1);
    await attempted([id], { errorCode: null, times: 5_000, agoMs: 1_000 });
    await attempted([id], { errorCode: 'timeout', times: 10 });
    expect(await outages.follow()).toBe(0);
    await storage.database.pool.query(
      `INSERT INTO endpoint_health (endpoint_id, breaker, state) VALUES ($1, '{}', 'open')`,
      [id],
    );
    expect(await outages.follow()).toBe(1);
  });

  it('forgets the outage of what is deleted or disabled', async () => {
    const ids = await endpointsOf('gone.example', 2);
    await attempted(ids, { errorCode: 'http_404', times: 5 });
    await outages.follow();
    await storage.removal.remove(ids[0] ?? '');
    await storage.endpointSwitch.disable(ids[1] ?? '', 'by_hand');
    await outages.follow();
    expect((await storage.database.pool.query('SELECT FROM outages')).rowCount).toBe(0);
    expect(await told()).toEqual(['endpoint.failing']);
  });

  it('leaves attempts alone whose outcome nobody knows', async () => {
    await attempted(await endpointsOf('lost.example', 1), { errorCode: 'outcome_unknown', times: 50 });
    expect(await outages.follow()).toBe(0);
  });
});
