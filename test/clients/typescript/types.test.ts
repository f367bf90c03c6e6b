import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { publishListRetry, publishNothing } from '../../../tools/conformance/publish-list-retry.ts';
import { type ApiUnderTest, startApi } from '../../support/api/api.ts';

let api: ApiUnderTest;
beforeAll(async () => {
  api = await startApi();
  await api.operator('POST', '/v1/endpoints', { url: 'https://receiver.example/', customer_id: 'acme' });
});
afterAll(async () => await api.close());

describe('clients/typescript', () => {
  it('publishes, lists and retries by its types', async () => {
    const journey = await publishListRetry(api.url, api.adminKey);
    expect(journey.delivery).toMatchObject({ event_id: journey.eventId, status: 'queued' });
    expect(journey.retried.id).toBe(journey.delivery.id);
    expect(api.told).toContain(`retry ${journey.delivery.id}`);
  });

  it('knows the problem that a refusal is', async () => {
    const problem = await publishNothing(api.url, api.adminKey);
    expect([problem?.status, problem?.errors.map(({ pointer }) => pointer)]).toEqual([
      422,
      ['#/event', '#/customer_id'],
    ]);
  });
});
