import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ApiUnderTest, startApi } from '../../../support/api/api.ts';
import { sendMalformedRequests } from '../../../support/api/malformed-requests.ts';

let api: ApiUnderTest;
beforeAll(async () => {
  api = await startApi();
});
afterAll(async () => await api.close());

describe('the API', () => {
  it('answers malformed requests by no server error, and goes on', async () => {
    const { statuses, serverErrors } = await sendMalformedRequests(200, {
      url: api.url,
      key: api.adminKey,
      seed: 1,
    });
    expect(serverErrors).toEqual([]);
    expect(Object.keys(statuses)).toEqual(expect.arrayContaining(['400', '404', '422']));
    expect((await api.operator('GET', '/v1/health/ready')).status).toBe(200);
  });
});
