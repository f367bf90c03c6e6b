import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '../../../src/new-id.ts';
import { type ApiCall, type ApiUnderTest, startApi } from '../../support/api/api.ts';
import { storedHeaders } from '../../support/rows/endpoints.ts';
import { insertHealth } from '../../support/rows/health.ts';
import { insertDelivery } from '../../support/storage/rows.ts';

const url = 'https://example.com/hook';
const defaults = {
  url,
  events: ['*'],
  description: '',
  headers: {},
  timeout_ms: 30_000,
  retry: {
    max_retries: 3,
    strategy: 'exponential',
    initial_ms: 10_000,
    factor: 6,
    max_ms: 3_600_000,
    jitter: 0.2,
  },
  rate_limit: null,
  max_concurrency: null,
  batch: null,
  ordered: false,
  breaker: {
    consecutive_failures: 10,
    failure_ratio: 0.5,
    minimum_attempts: 20,
    window_ms: 60_000,
    cooldown_ms: 30_000,
    max_cooldown_ms: 1_800_000,
  },
  status: 'enabled',
  disabled_reason: null,
  paused: null,
  disabled: null,
  breaker_state: 'closed',
  secret_rotation: null,
};

describe('EndpointsController', () => {
  let api: ApiUnderTest;
  let operator: ApiCall;
  let acme: ApiCall;
  let zeta: ApiCall;

  beforeAll(async () => {
    api = await startApi();
    operator = api.operator;
    acme = await api.customer('acme');
    zeta = await api.customer('zeta');
  });
  afterAll(() => api.close());

  async function create(body: object = {}, call = operator): Promise<string> {
    const answer = await call('POST', '/v1/endpoints', { url, customer_id: 'acme', ...body });
    expect(answer).toMatchObject({ status: 201 });
    return answer.body.id;
  }

  it('creates an endpoint with the defaults and shows its secret this once', async () => {
    const { status, body } = await operator('POST', '/v1/endpoints', { url, customer_id: 'acme' });
    expect(status).toBe(201);
    expect(body).toMatchObject({ ...defaults, customer_id: 'acme' });
    expect(body.id).toMatch(/^ep_/);
    expect(body.secret).toMatch(/^whsec_/);
    const { secret: _, warnings: __, ...shown } = body;
    expect((await operator('GET', `/v1/endpoints/${body.id}`)).body).toEqual({
      ...shown,
      health: expect.objectContaining({ failing_since: null, held: 0, waiting: 0 }),
    });
  });

  it('takes every setting of its own and an imported secret', async () => {
    const secret = `whsec_${randomBytes(24).toString('base64')}`;
    const settings = {
      events: ['job.progress', 'system.*'],
      description: 'Börse 📯',
      headers: { 'X-Team': 'data' },
      timeout_ms: 100,
      retry: { strategy: 'schedule', delays_ms: [100, 604_800_000], jitter: 0 },
    };
    const { body } = await operator('POST', '/v1/endpoints', { url, customer_id: null, secret, ...settings });
    expect(body).toMatchObject({ ...settings, customer_id: null, secret });
  });

  it('gives a customer’s key endpoints of that customer, named or not', async () => {
    expect((await acme('POST', '/v1/endpoints', { url })).body.customer_id).toBe('acme');
    expect((await acme('POST', '/v1/endpoints', { url, customer_id: 'acme' })).body.customer_id).toBe('acme');
    expect(await acme('POST', '/v1/endpoints', { url, customer_id: 'zeta' })).toMatchObject({
      status: 403,
      body: { code: 'customer_mismatch' },
    });
    expect(await acme('POST', '/v1/endpoints', { url, customer_id: null })).toMatchObject({ status: 422 });
  });

  it('masks sensitive header values and keeps them when *** comes back', async () => {
    const headers = {
      Authorization: 'Bearer hidden',
      'X-Key': { value: 'hidden', sensitive: true },
      'X-A': 'a',
    };
    const { body } = await operator('POST', '/v1/endpoints', { url, customer_id: 'acme', headers });
    const masked = { Authorization: '***', 'X-Key': '***', 'X-A': 'a' };
    expect(body.headers).toEqual(masked);
    const path = `/v1/endpoints/${body.id}`;
    const changed = await operator('PATCH', path, { headers: { ...masked, 'X-A': 'b' } });
    expect(changed).toMatchObject({ status: 200, body: { headers: { ...masked, 'X-A': 'b' } } });
    const stored = await storedHeaders(api.database.pool, body.id);
    expect(JSON.stringify(stored)).not.toContain('hidden');
    expect(stored.map(({ sensitive }) => sensitive)).toEqual([true, true, false]);
  });

  it('changes what is named, and returns to the default at null', async () => {
    const id = await create({
      timeout_ms: 500,
      description: 'old',
      retry: { strategy: 'fixed', initial_ms: 200 },
    });
    const path = `/v1/endpoints/${id}`;
    const changed = await operator('PATCH', path, { retry: { max_retries: 7 }, description: 'new' });
    expect(changed.body).toMatchObject({
      description: 'new',
      timeout_ms: 500,
      retry: { strategy: 'fixed', initial_ms: 200, max_retries: 7 },
    });
    const reset = await operator('PATCH', path, {
      retry: null,
      description: null,
      timeout_ms: null,
      events: null,
      headers: null,
    });
    expect(reset.body).toMatchObject(defaults);
    expect((await operator('PATCH', path, {})).body).toMatchObject(defaults);
  });

  it('disables and enables', async () => {
    const id = await create();
    const held = await insertDelivery(api.database.pool, {
      endpoint_id: id,
      status: 'queued',
      attempts_made: 0,
      due_at: new Date(),
    });
    const disabled = await acme('POST', `/v1/endpoints/${id}/disable`);
    expect(disabled).toMatchObject({ status: 200, body: { status: 'disabled', disabled_reason: 'by_hand' } });
    expect((await acme('GET', `/v1/deliveries/${held}`)).body.status).toBe('held');
    const enabled = await acme('POST', `/v1/endpoints/${id}/enable`);
    expect(enabled).toMatchObject({ status: 200, body: { status: 'enabled', disabled_reason: null } });
    expect((await acme('GET', `/v1/deliveries/${held}`)).body.status).toBe('queued');
  });

  it('deletes, cancels what was open, and tells its runs', async () => {
    const id = await create();
    const open = await insertDelivery(api.database.pool, { endpoint_id: id, status: 'retrying' });
    const ended = await insertDelivery(api.database.pool, { endpoint_id: id });
    expect((await acme('DELETE', `/v1/endpoints/${id}`)).status).toBe(204);
    expect((await acme('GET', `/v1/endpoints/${id}`)).status).toBe(404);
    expect((await acme('DELETE', `/v1/endpoints/${id}`)).status).toBe(404);
    expect((await acme('GET', `/v1/deliveries/${open}`)).body.status).toBe('cancelled');
    expect((await acme('GET', `/v1/deliveries/${ended}`)).body.status).toBe('delivered');
    expect(api.told).toContain(`cancel ${open}`);
  });

  it('lists newest first, by pages and filters', async () => {
    const customer_id = 'lister';
    const ids = [
      await create({ customer_id, events: ['job.completed'] }),
      await create({ customer_id, url: 'https://example.org/special' }),
      await create({ customer_id, events: ['job.progress'] }),
    ].reverse();
    const list = async (query: string) =>
      (await operator('GET', `/v1/endpoints?customer_id=lister&${query}`)).body;
    const idsOf = async (query: string) => (await list(query)).items.map(({ id }) => id);
    const page = await list('limit=2');
    expect(page.items.map(({ id }) => id)).toEqual(ids.slice(0, 2));
    expect(page.items[0]).not.toHaveProperty('secret');
    const rest = await list(`limit=2&cursor=${page.next_cursor}`);
    expect(rest).toMatchObject({ items: [{ id: ids[2] }], next_cursor: null });
    expect(await idsOf('event=job.progress')).toEqual([ids[0]]);
    expect(await idsOf('event=job.completed')).toEqual([ids[1], ids[2]]);
    expect(await idsOf('url=special')).toEqual([ids[1]]);
    expect(await idsOf('status=disabled')).toEqual([]);
    await insertHealth(api.database.pool, { endpointId: String(ids[0]), state: 'open' });
    await insertHealth(api.database.pool, { endpointId: String(ids[1]), state: 'closed' });
    expect(await idsOf('breaker_state=open')).toEqual([ids[0]]);
    expect(await idsOf('breaker_state=half_open')).toEqual([]);
    expect(await idsOf('breaker_state=closed')).toEqual([ids[1], ids[2]]);
    expect((await operator('GET', `/v1/endpoints/${ids[0]}`)).body.breaker_state).toBe('open');
    expect((await operator('PATCH', `/v1/endpoints/${ids[0]}`, {})).body.breaker_state).toBe('open');
  });

  const routes: readonly (readonly [string, string])[] = [
    ['GET', ''],
    ['PATCH', ''],
    ['DELETE', ''],
    ['POST', '/enable'],
    ['POST', '/disable'],
    ['POST', '/test'],
    ['GET', '/stats'],
    ['POST', '/pause'],
    ['GET', '/secret'],
    ['POST', '/secret/rotate'],
    ['POST', '/secret/promote'],
    ['POST', '/secret/revoke'],
  ];
  it.each(routes)('answers 404 to %s …%s for foreign, unknown and malformed ids', async (method, suffix) => {
    const body = method === 'PATCH' ? {} : undefined;
    const foreign = await create();
    for (const id of [foreign, await create({ customer_id: null }), newId('ep'), newId('del'), 'ep_1']) {
      const answer = await zeta(method, `/v1/endpoints/${id}${suffix}`, body);
      expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } });
    }
    expect((await acme('GET', `/v1/endpoints/${foreign}`)).body.status).toBe('enabled');
  });

  it('shows a customer only its own, and refuses foreign cursors', async () => {
    await create();
    await create();
    const { body } = await acme('GET', '/v1/endpoints?limit=1');
    const foreign = await zeta('GET', `/v1/endpoints?limit=1&cursor=${body.next_cursor}`);
    expect(foreign).toMatchObject({ status: 422, body: { code: 'cursor_invalid' } });
    expect((await zeta('GET', '/v1/endpoints')).body.items).toEqual([]);
    expect((await zeta('GET', '/v1/endpoints?customer_id=acme')).status).toBe(403);
  });
});
