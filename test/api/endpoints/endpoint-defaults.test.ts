import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ApiUnderTest, startApi } from '../../support/api/api.ts';

const url = 'https://example.com/hook';
const DEFAULTS = {
  timeout_ms: 10_000,
  retry: { preset: 'standard_webhooks' },
  rate_limit: { limit: 5, per: 'second' },
  payload: 'standard',
  signatures: ['standard'],
};

describe('the settings of an installation', () => {
  let api: ApiUnderTest;

  beforeAll(async () => {
    api = await startApi({
      environment: {
        POSTHORN_ENDPOINT_DEFAULTS: JSON.stringify(DEFAULTS),
        POSTHORN_HEADER_PREFIX: 'X-Acme-',
        POSTHORN_USER_AGENT: 'Acme webhooks',
      },
    });
  });
  afterAll(() => api.close());

  const create = async (body: object = {}) =>
    await api.operator('POST', '/v1/endpoints', { url, customer_id: 'acme', ...body });

  it('are the defaults of endpoints, to which null returns', async () => {
    const shown = { ...DEFAULTS, retry: { strategy: 'schedule', jitter: 0.2 } };
    const { body } = await create();
    expect(body).toMatchObject(shown);
    const { retry } = body as unknown as { readonly retry: { readonly delays_ms: readonly number[] } };
    expect(retry.delays_ms.reduce((sum, delay) => sum + delay, 0)).toBe(272_105_000); // 75 h 35 min 5 s
    const own = (await create({ timeout_ms: 500, payload: 'data', rate_limit: null })).body;
    expect(own).toMatchObject({ timeout_ms: 500, payload: 'data', rate_limit: null });
    const reset = { timeout_ms: null, payload: null, retry: null };
    expect((await api.operator('PATCH', `/v1/endpoints/${own.id}`, reset)).body).toMatchObject({
      ...shown,
      rate_limit: null,
    });
  });

  it('name the headers that only Posthorn sends', async () => {
    const refused = await create({ headers: { x_acme_signature: 'x' } });
    expect(refused.body.errors).toMatchObject([{ code: 'header_reserved' }]);
    expect((await create({ headers: { 'X-Webhook-Token': 'x' } })).status).toBe(201);
  });

  it('stand in what the tools sign and verify', async () => {
    const { secret } = (await create()).body;
    const asked = { secret, event: 'job.completed', data: { a: 1 } };
    const signed = (await api.operator('POST', '/v1/tools/sign', asked)).body;
    expect(signed.headers).toMatchObject({ 'User-Agent': 'Acme webhooks', 'X-Acme-Event': 'job.completed' });
    const { 'X-Acme-Signature': signature = '' } = signed.headers;
    const headers = { 'x-acme-signature': signature };
    const verdict = await api.operator('POST', '/v1/tools/verify', { secret, body: signed.body, headers });
    expect(verdict.body).toMatchObject({ valid: true });
  });

  it('refuse a preset beside other members', async () => {
    const { body } = await create({ retry: { preset: 'standard_webhooks', jitter: 0 } });
    expect(body.errors).toMatchObject([{ pointer: '#/retry/jitter', code: 'not_for_strategy' }]);
  });

  it.each([
    ['{"colour":"red"}', /POSTHORN_ENDPOINT_DEFAULTS: .*colour/],
    ['{"timeout_ms":1}', /POSTHORN_ENDPOINT_DEFAULTS: timeout_ms/],
    ['{"url":"https://example.com"}', /POSTHORN_ENDPOINT_DEFAULTS: .*url/],
    ['[]', /must be a JSON object/],
  ])('let nothing start that they do not fit: %s', async (text, message) => {
    const environment = { POSTHORN_ENDPOINT_DEFAULTS: text };
    await expect(startApi({ environment })).rejects.toThrow(message);
  });
});
