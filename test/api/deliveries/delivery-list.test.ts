import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ApiCall, type ApiUnderTest, startApi } from '../../support/api/api.ts';
import { insertAttempt, insertDelivery } from '../../support/storage/rows.ts';

let api: ApiUnderTest;
let acme: ApiCall;
let endpoint_id: string;

beforeAll(async () => {
  api = await startApi();
  acme = await api.customer('acme');
  endpoint_id = (await acme('POST', '/v1/endpoints', { url: 'https://example.com' })).body.id;
});
afterAll(() => api.close());

describe('a list of deliveries', () => {
  it('shows what the last six attempts were answered, the newest last', async () => {
    const id = await insertDelivery(api.database.pool, {
      endpoint_id,
      event: 'codes.shown',
      attempts_made: 8,
    });
    for (const number of [1, 2, 3, 4, 5, 6, 7, 8]) {
      const answer =
        number === 7 ? { status_code: null, error_code: 'timeout' } : { status_code: 500 + number };
      const error_code = `http_${500 + number}`;
      await insertAttempt(api.database.pool, { delivery_id: id, endpoint_id, number, error_code, ...answer });
    }
    const { body } = await acme('GET', '/v1/deliveries?event=codes.shown');
    expect(body.items).toMatchObject([{ id, last_codes: ['503', '504', '505', '506', 'timeout', '508'] }]);
  });

  it('is counted by the same filters', async () => {
    await insertDelivery(api.database.pool, { endpoint_id, event: 'counted.once' });
    const count = async (call: ApiCall) =>
      (await call('GET', '/v1/deliveries/count?event=counted.once&status=delivered')).body;
    expect(await count(acme)).toEqual({ count: 1, capped: false });
    expect(await count(await api.customer('zeta'))).toEqual({ count: 0, capped: false });
    expect((await acme('GET', '/v1/deliveries/count?status=nothing')).status).toBe(422);
  });
});
