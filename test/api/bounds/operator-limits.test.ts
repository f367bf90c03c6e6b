import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ApiCall, type ApiUnderTest, startApi } from '../../support/api/api.ts';

const MAX = 3;

let api: ApiUnderTest;
let acme: ApiCall;
beforeAll(async () => {
  api = await startApi({
    environment: {
      POSTHORN_MAX_ENDPOINTS_PER_CUSTOMER: String(MAX),
      POSTHORN_MAX_KEYS_PER_CUSTOMER: String(MAX),
      POSTHORN_MAX_EVENT_TYPES: String(MAX),
      POSTHORN_MAX_SCHEDULED_PER_CUSTOMER: String(MAX),
      POSTHORN_MAX_TESTS_PER_CUSTOMER: String(MAX),
      POSTHORN_MAX_EVENT_BYTES: '2048',
    },
  });
  acme = await api.customer('acme');
});
afterAll(async () => await api.close());

describe('what a customer may have', () => {
  it('ends at so many endpoints, created at once or not, and begins again where one is deleted', async () => {
    const create = async (customer_id: string | null) =>
      await api.operator('POST', '/v1/endpoints', { url: 'https://example.com/hook', customer_id });
    for (const customer of ['globex', null]) {
      const answers = await Promise.all(Array.from({ length: 10 }, async () => await create(customer)));
      const refused = answers.filter(({ status }) => status !== 201);
      expect(refused.map(({ status, body }) => [status, body.code])).toEqual(
        Array.from({ length: 10 - MAX }, () => [422, 'endpoint_limit_reached']),
      );
      const { body } = answers.find(({ status }) => status === 201) ?? refused[0] ?? (await create(customer));
      await api.operator('DELETE', `/v1/endpoints/${body.id}`);
      expect((await create(customer)).status).toBe(201);
    }
  });

  it('ends at so many keys, of which revoked ones do not count', async () => {
    const create = async () =>
      await api.operator('POST', '/v1/api-keys', { customer_id: 'initech', name: 'x' });
    const answers = await Promise.all(Array.from({ length: 10 }, create));
    const refused = answers.filter(({ status }) => status !== 201);
    expect(refused.map(({ body }) => body.code)).toEqual(
      Array.from({ length: 10 - MAX }, () => 'key_limit_reached'),
    );
    const { body } = answers.find(({ status }) => status === 201) ?? (await create());
    await api.operator('DELETE', `/v1/api-keys/${body.id}`);
    expect((await create()).status).toBe(201);
  });

  it('ends at so many registered event types; a taken name is told as such', async () => {
    const register = async (name: string) => await api.operator('POST', '/v1/event-types', { name });
    const names = Array.from({ length: 10 }, (_, index) => `many.x${index}`);
    const answers = await Promise.all(names.map(register));
    const refused = answers.filter(({ status }) => status !== 201);
    expect(refused.map(({ body }) => body.code)).toEqual(
      Array.from({ length: 10 - MAX }, () => 'event_type_limit_reached'),
    );
    expect((await register('many.x0')).body.code).toBe('event_type_exists');
    await api.operator('DELETE', '/v1/event-types/many.x0');
    expect((await register('many.again')).status).toBe(201);
  });

  it('ends at so many scheduled events, in a batch too; what is due at once does not count', async () => {
    const later = {
      event: 'job.completed',
      data: {},
      deliver_at: new Date(Date.now() + 3_600_000).toISOString(),
    };
    for (let count = 0; count < MAX - 1; count += 1)
      expect((await acme('POST', '/v1/events', later)).status).toBe(202);
    const batch = await acme('POST', '/v1/events/batch', { events: [later, later] });
    expect(batch).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '#/events/1/deliver_at', code: 'scheduled_limit_reached' }] },
    });
    expect((await acme('POST', '/v1/events', { ...later, deliver_at: null })).status).toBe(202);
    expect((await acme('POST', '/v1/events', later)).body.errors).toMatchObject([
      { pointer: '#/deliver_at', code: 'scheduled_limit_reached' },
    ]);
    const zeta = await api.customer('zeta');
    expect((await zeta('POST', '/v1/events', later)).status).toBe(202);
  });

  it('ends at so many tests of endpoints under way', async () => {
    const endpoint = await acme('POST', '/v1/endpoints', {
      url: 'https://example.com/hook',
      timeout_ms: 100,
    });
    const test = async () => await acme('POST', `/v1/endpoints/${endpoint.body.id}/test`, {});
    const underWay = Array.from({ length: 10 }, test);
    const answers = await Promise.all(underWay);
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.map(({ body }) => body.code)).toEqual(
      Array.from({ length: 10 - MAX }, () => 'test_limit_reached'),
    );
    expect(refused[0]?.headers.get('retry-after')).toBe('1');
    expect((await test()).status).toBe(202);
  });
});

describe('the largest data', () => {
  const data = (bytes: number) => ({ text: 'x'.repeat(bytes - JSON.stringify({ text: '' }).length) });

  it('is what the operator sets, for one event, in a batch and in a test', async () => {
    const endpoint = (await acme('GET', '/v1/endpoints')).body.items[0];
    const publish = async (bytes: number) => [
      await acme('POST', '/v1/events', { event: 'job.completed', data: data(bytes) }),
      await acme('POST', '/v1/events/batch', { events: [{ event: 'job.completed', data: data(bytes) }] }),
      await acme('POST', `/v1/endpoints/${endpoint?.id}/test`, { event: 'job.completed', data: data(bytes) }),
    ];
    expect((await publish(2_048)).map(({ status }) => status)).toEqual([202, 202, 202]);
    expect((await publish(2_049)).map(({ status, body }) => [status, body.code])).toEqual(
      Array.from({ length: 3 }, () => [413, 'data_too_large']),
    );
  });

  it('may be 5 MiB', async () => {
    const large = await startApi({ environment: { POSTHORN_MAX_EVENT_BYTES: '5242880' } });
    const customer = await large.customer('acme');
    const accepted = await customer('POST', '/v1/events', { event: 'job.completed', data: data(5_242_880) });
    expect(accepted.status).toBe(202);
    const { body } = await customer('GET', `/v1/events/${accepted.body.id}`);
    expect(body.data).toEqual(data(5_242_880));
    const refused = await customer('POST', '/v1/events', { event: 'job.completed', data: data(5_242_881) });
    expect([refused.status, refused.body.code]).toEqual([413, 'data_too_large']);
    await large.close();
  });
});
