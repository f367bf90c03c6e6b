import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { adviceFor } from '../../../src/domain/error-code.ts';
import { newId } from '../../../src/new-id.ts';
import { HistoryDays } from '../../../src/storage/upkeep/history-days.ts';
import { type ApiUnderTest, startApi } from '../../support/api/api.ts';
import { countRows } from '../../support/rows/tables.ts';
import { countAllOutcomes } from '../../support/storage/count-outcomes.ts';
import { insertDelivery, insertOutcome } from '../../support/storage/rows.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

describe('StatsController', () => {
  let api: ApiUnderTest;
  const endpointIds: Record<string, string> = {};

  beforeAll(async () => {
    api = await startApi();
    for (const customer_id of ['acme', 'zeta']) {
      const endpoint = { url: 'https://example.com', customer_id };
      endpointIds[customer_id] = (await api.operator('POST', '/v1/endpoints', endpoint)).body.id;
    }
    await seed('acme', { duration_ms: 20 });
    await seed('acme', { duration_ms: 40, status_code: 503, error_code: 'http_503' }, 'dead');
    await seed('acme', { started_at: new Date(Date.now() - 2 * HOUR_MS) });
    await seed('zeta', { status_code: null, error_code: 'timeout' }, 'cancelled');
  });
  afterAll(() => api.close());

  async function seed(
    customer: string,
    attempt: Record<string, unknown>,
    status = 'delivered',
  ): Promise<void> {
    const endpoint_id = endpointIds[customer] ?? '';
    const fact = { delivery_id: newId('del'), endpoint_id, customer_id: customer, became: status };
    await insertOutcome(api.database.pool, { ...fact, ...attempt });
  }

  it('counts the attempts and deliveries of an endpoint', async () => {
    const { status, body } = await api.operator('GET', `/v1/endpoints/${endpointIds.acme}/stats?window=1h`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      attempts: { total: 2, succeeded: 1, failed: 1 },
      deliveries: { total: 2, by_status: { delivered: 1, dead: 1, queued: 0 } },
      success_rate: { attempts: 0.5, deliveries: 0.5 },
      by_status_code: [
        { status_code: 200, count: 1 },
        { status_code: 503, count: 1 },
      ],
      by_error_code: [{ error_code: 'http_503', count: 1, advice: adviceFor('http_503') }],
    });
    expect(body.latency_ms).toMatchObject({ p50: within5Percent(20), p99: within5Percent(40) });
    expect(Date.parse(body.before) - Date.parse(body.after)).toBe(HOUR_MS + MINUTE_MS);
  });

  it('tells what is held and waiting for an endpoint now, however old', async () => {
    const body = { url: 'https://example.com', customer_id: 'acme' };
    const { id } = (await api.operator('POST', '/v1/endpoints', body)).body;
    const created_at = new Date(Date.now() - 48 * HOUR_MS);
    for (const status of ['held', 'held', 'queued', 'retrying', 'retrying', 'sending', 'scheduled', 'dead'])
      await insertDelivery(api.database.pool, { endpoint_id: id, status, created_at });
    const answer = await api.operator('GET', `/v1/endpoints/${id}/stats`);
    expect(answer.body).toMatchObject({ held: 2, waiting: 3, deliveries: { total: 0 } });
  });

  it('counts a day where nothing else is asked for, and a customer’s own only', async () => {
    const acme = await api.customer('acme');
    expect((await api.operator('GET', '/v1/stats')).body.attempts.total).toBe(4);
    expect((await acme('GET', '/v1/stats')).body.attempts.total).toBe(3);
    expect((await api.operator('GET', '/v1/stats?customer_id=zeta')).body).toMatchObject({
      attempts: { total: 1 },
      success_rate: { attempts: 0, deliveries: null },
      latency_ms: { p50: null, p95: null, p99: null },
    });
    expect((await acme('GET', '/v1/stats?customer_id=zeta')).status).toBe(403);
  });

  it('counts a span of its own', async () => {
    const { body } = await api.operator(
      'GET',
      '/v1/stats?after=2020-01-01T00:00:00Z&before=2020-01-02T00:00:00Z',
    );
    expect(body).toMatchObject({
      after: '2020-01-01T00:00:00.000Z',
      attempts: { total: 0 },
      success_rate: { attempts: null, deliveries: null },
    });
  });

  it.each([
    ['window=2h', 'window'],
    ['window=1h&after=2020-01-01T00:00:00Z', 'window'],
    ['after=2020-01-02T00:00:00Z&before=2020-01-01T00:00:00Z', 'before'],
    ['after=2023-02-29T00:00:00Z', 'after'],
    ['colour=red', 'colour'],
  ])('refuses the query %s', async (query, parameter) => {
    for (const path of ['/v1/stats', `/v1/endpoints/${endpointIds.acme}/stats`]) {
      const { status, body } = await api.operator('GET', `${path}?${query}`);
      expect({ status, errors: body.errors }).toMatchObject({ status: 422, errors: [{ parameter }] });
    }
  });

  it('says the same once what it counts is rolled up', async () => {
    const read = async () => (await api.operator('GET', '/v1/stats?window=24h')).body;
    const before = await read();
    await countAllOutcomes(api.database);
    expect(await read()).toMatchObject({ attempts: before.attempts, deliveries: before.deliveries });
    expect(await countRows(api.database.pool, 'rollups')).toBeGreaterThan(0);
  });

  it('shows counts over time, split and side by side', async () => {
    const query = `window=24h&measures=attempts,failed,success_rate,dead,latency_p50&endpoint_ids=${endpointIds.acme}`;
    const { status, body } = await api.operator('GET', `/v1/stats/series?${query}`);
    expect([status, body.bucket]).toEqual([200, '10m']);
    const series = body.series as { measure: string; group: string | null; values: (number | null)[] }[];
    const totals = Object.fromEntries(series.map(({ measure, values }) => [measure, sumOf(values)]));
    expect(totals).toMatchObject({ attempts: 3, failed: 1, dead: 1 });
    for (const { values } of series) expect(values).toHaveLength((body.times as string[]).length);
    const rates = series.find(({ measure }) => measure === 'success_rate')?.values ?? [];
    expect(rates.filter((rate) => rate !== null)).toEqual([1, 0.5]);

    const split = await api.operator('GET', '/v1/stats/series?window=1h&measures=failed&group_by=error_code');
    const groups = split.body.series as typeof series;
    expect(groups.map(({ group, values }) => [group, sumOf(values)]).sort()).toEqual([
      [null, 0],
      ['http_503', 1],
      ['timeout', 1],
    ]);
  });

  it('tells whose counts are the largest', async () => {
    const endpoints = await api.operator('GET', '/v1/stats/top?by=endpoint&of=attempts');
    expect(endpoints.body.items).toMatchObject([
      { subject: endpointIds.acme, url: 'https://example.com', attempts: 3, failed: 1, dead: 1 },
      { subject: endpointIds.zeta, attempts: 1, failed: 1 },
    ]);
    const codes = await (await api.customer('acme'))('GET', '/v1/stats/top?by=error_code');
    expect(codes.body.items).toMatchObject([
      { subject: 'http_503', failed: 1, advice: adviceFor('http_503'), url: null },
    ]);
  });

  it('tells how things stand now', async () => {
    const { body } = await api.operator('GET', '/v1/stats/now');
    expect(body).toMatchObject({
      waiting: { count: 3, capped: false },
      held: { count: 2, capped: false },
      held_by: { backlog: 2, paused: 0 },
      dead: { count: 1 },
      endpoints: { enabled: 3, paused: 0 },
      workers: 0,
      history_days_ahead: null,
    });
    await new HistoryDays(api.database).makeAhead();
    expect((await api.operator('GET', '/v1/stats/now')).body.history_days_ahead).toBe(8);
    const zeta = await (await api.customer('zeta'))('GET', '/v1/stats/now');
    expect(zeta.body).toMatchObject({
      waiting: { count: 0 },
      endpoints: { enabled: 1 },
      workers: null,
      history_days_ahead: null,
    });
  });

  it.each([
    ['measures=attempts,nothing', 'measures', 'invalid_value'],
    ['endpoint_ids=ep_1', 'endpoint_ids', 'invalid_id'],
    ['measures=latency_p50&group_by=event', 'group_by', 'group_not_possible'],
    ['measures=dead&group_by=status_code', 'group_by', 'group_not_possible'],
    ['window=24h&bucket=1m', 'bucket', 'span_too_long'],
    ['after=2019-01-01T00:00:00Z', 'bucket', 'span_too_long'],
  ])('refuses a series of %s', async (query, parameter, code) => {
    const { status, body } = await api.operator('GET', `/v1/stats/series?${query}`);
    expect({ status, errors: body.errors }).toMatchObject({ status: 422, errors: [{ parameter, code }] });
  });
});

function sumOf(values: readonly (number | null)[]): number {
  return values.reduce<number>((sum, value) => sum + (value ?? 0), 0);
}

function within5Percent(ms: number) {
  return expect.closeTo(ms, Math.floor(-Math.log10(ms / 10)));
}
