import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { adviceFor } from '../../../src/domain/error-code.ts';
import { type ApiUnderTest, startApi } from '../../support/api/api.ts';
import { insertAttempt, insertDelivery } from '../../support/storage/rows.ts';

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
    const row = { endpoint_id, customer_id: customer, status, created_at: attempt.started_at ?? new Date() };
    const delivery_id = await insertDelivery(api.database.pool, row);
    await insertAttempt(api.database.pool, { delivery_id, endpoint_id, ...attempt });
  }

  it('counts the attempts and deliveries of an endpoint', async () => {
    const { status, body } = await api.operator('GET', `/v1/endpoints/${endpointIds.acme}/stats?window=1h`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      attempts: { total: 2, succeeded: 1, failed: 1 },
      deliveries: { total: 2, by_status: { delivered: 1, dead: 1, queued: 0 } },
      success_rate: { attempts: 0.5, deliveries: 0.5 },
      latency_ms: { p50: 30 },
      by_status_code: [
        { status_code: 200, count: 1 },
        { status_code: 503, count: 1 },
      ],
      by_error_code: [{ error_code: 'http_503', count: 1, advice: adviceFor('http_503') }],
    });
    expect(Date.parse(body.before) - Date.parse(body.after)).toBe(HOUR_MS);
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
});
