import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ApiUnderTest, startApi } from '../../../support/api/api.ts';
import { gateOf } from '../../../support/rows/health.ts';

const rules = {
  rate_limit: { limit: 100_000, per: 'hour' },
  max_concurrency: 1_000,
  batch: { max_events: 1, max_wait_ms: 3_600_000, max_bytes: 1_024 },
  ordered: true,
  breaker: {
    consecutive_failures: 1,
    failure_ratio: 0.01,
    minimum_attempts: 10_000,
    window_ms: 1_000,
    cooldown_ms: 86_400_000,
    max_cooldown_ms: 86_400_000,
  },
};
const defaults = {
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
};
const none = { rate_limit: null, max_concurrency: null, batch: null, ordered: null, breaker: null };

describe('the rules of an endpoint', () => {
  let api: ApiUnderTest;

  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api.close());

  async function create(part: object = {}): Promise<string> {
    const body = { url: 'https://example.com/hook', customer_id: 'acme', ...part };
    const answer = await api.operator('POST', '/v1/endpoints', body);
    expect(answer.status).toBe(201);
    return answer.body.id;
  }

  async function change(id: string, part: object): Promise<object> {
    const answer = await api.operator('PATCH', `/v1/endpoints/${id}`, part);
    expect(answer.status).toBe(200);
    return answer.body;
  }

  async function read(id: string): Promise<object> {
    return (await api.operator('GET', `/v1/endpoints/${id}`)).body;
  }

  it('are taken at creation, at their limits too, and shown as they were given', async () => {
    expect(await read(await create(rules))).toMatchObject(rules);
    expect(await read(await create())).toMatchObject(defaults);
    expect(await read(await create(none))).toMatchObject(defaults);
  });

  it('are changed one by one, and return to their defaults at null', async () => {
    const id = await create(rules);
    const rate_limit = { limit: 1, per: 'second' };
    expect(await change(id, { rate_limit })).toMatchObject({ ...rules, rate_limit });
    expect(await change(id, { max_concurrency: null })).toMatchObject({
      ...rules,
      rate_limit,
      max_concurrency: null,
    });
    expect(await change(id, {})).toMatchObject({ batch: rules.batch, ordered: true, breaker: rules.breaker });
    expect(await change(id, none)).toMatchObject(defaults);
    expect(await change(id, rules)).toMatchObject(rules);
    expect(await read(id)).toMatchObject(rules);
  });

  it('fill up with the defaults', async () => {
    const batch = { max_events: 100, max_wait_ms: 5_000, max_bytes: 262_144 };
    const id = await create({ batch: {}, breaker: { cooldown_ms: 1_000 } });
    expect(await read(id)).toMatchObject({ batch, breaker: { ...defaults.breaker, cooldown_ms: 1_000 } });
    expect(await change(id, { batch: { max_events: 7 }, breaker: { window_ms: 5_000 } })).toMatchObject({
      batch: { ...batch, max_events: 7 },
      breaker: { ...defaults.breaker, window_ms: 5_000 },
    });
  });

  it.each<[string, object, boolean]>([
    ['a breaker', { breaker: rules.breaker }, true],
    ['a rate', { rate_limit: rules.rate_limit }, false],
    ['a cap', { max_concurrency: 5 }, false],
    ['batches', { batch: {} }, false],
    ['order', { ordered: true }, false],
  ])('keep the gate of a new endpoint as %s asks', async (_what, part, isOpen) => {
    const id = await create(part);
    expect(await gateOf(api.database.pool, id)).toEqual({ is_open: isOpen, needs_wake: !isOpen });
  });
});
