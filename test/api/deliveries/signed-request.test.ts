import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { verifyWebhook } from '../../../src/signature/verify-webhook.ts';
import { type ApiCall, type ApiUnderTest, startApi } from '../../support/api/api.ts';

describe('GET /v1/deliveries/{id}/signed-request', () => {
  let api: ApiUnderTest;
  let acme: ApiCall;
  let secret: string;
  let eventId: string;
  let deliveryId: string;

  beforeAll(async () => {
    api = await startApi();
    acme = await api.customer('acme');
    const headers = { Authorization: { value: "it's secret", sensitive: true } };
    const made = await acme('POST', '/v1/endpoints', { url: 'https://receiver.example/', headers });
    secret = String(made.body.secret);
    eventId = (await acme('POST', '/v1/events', { event: 'job.completed', data: { job_id: 'job_7' } })).body
      .id;
    deliveryId = (await acme('GET', `/v1/deliveries?event_id=${eventId}`)).body.items[0]?.id ?? '';
  });
  afterAll(() => api.close());

  const read = async () => (await api.operator('GET', `/v1/deliveries/${deliveryId}/signed-request`)).body;

  it('is signed so that a receiver takes it, with sensitive headers in clear', async () => {
    const { method, url, headers, body } = await read();
    expect([method, url, headers.Authorization]).toEqual([
      'POST',
      'https://receiver.example/',
      "it's secret",
    ]);
    expect(() => verifyWebhook({ rawBody: Buffer.from(body), headers, secret })).not.toThrow();
  });

  it('is a line for a shell, quoted', async () => {
    const { curl } = await read();
    expect(curl).toContain(`-H 'Authorization: it'\\''s secret'`);
    expect(curl).toContain("curl -sS -i -X POST 'https://receiver.example/'");
  });

  it('counts no attempt, and is noted in the audit log', async () => {
    await read();
    expect((await acme('GET', `/v1/deliveries/${deliveryId}`)).body.attempts_made).toBe(0);
    const { items } = (await api.operator('GET', `/v1/audit?subject_id=${deliveryId}`)).body;
    expect(items[0]).toMatchObject({ action: 'delivery.signed_request' });
  });

  it('is gone with the data of its event', async () => {
    await api.operator('DELETE', `/v1/events/${eventId}/data`);
    expect((await read()).code).toBe('event_erased');
  });
});

describe('POST /v1/endpoints?dry_run=true', () => {
  it('checks all and keeps nothing', async () => {
    const refusal = { code: 'destination_not_allowed', message: 'Not there.' } as const;
    const api = await startApi({
      checkDestination: async (url) => (url.includes('inside') ? refusal : null),
    });
    const create = async (body: object) => await api.operator('POST', '/v1/endpoints?dry_run=true', body);
    const own = { customer_id: 'acme', uid: 'one' };
    const fine = await create({ ...own, url: 'https://receiver.example/' });
    expect([fine.status, fine.body]).toEqual([200, { valid: true, warnings: [] }]);
    const refused = await create({ ...own, url: 'https://inside.example/' });
    expect([refused.status, refused.body.errors[0]?.code]).toEqual([422, 'destination_not_allowed']);
    expect((await api.operator('GET', '/v1/endpoints')).body.items).toEqual([]);
    expect((await api.operator('GET', '/v1/audit')).body.items).toEqual([]);
    await api.operator('POST', '/v1/endpoints', { ...own, url: 'https://receiver.example/' });
    expect((await create({ ...own, url: 'https://receiver.example/' })).body.code).toBe('endpoint_uid_taken');
    await api.close();
  });
});
