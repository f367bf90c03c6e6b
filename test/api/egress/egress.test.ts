import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ApiUnderTest, startApi } from '../../support/api/api.ts';

let api: ApiUnderTest;
beforeAll(async () => {
  const environment = { POSTHORN_EGRESS_ADDRESSES: '203.0.113.7=10.0.0.7, 2001:db8::7' };
  api = await startApi({ environment });
});
afterAll(async () => await api.close());

describe('GET /v1/egress', () => {
  it('tells customers what receivers see, and not what lies behind a NAT', async () => {
    const acme = await api.customer('acme');

    expect(await acme('GET', '/v1/egress')).toMatchObject({
      status: 200,
      body: { addresses: ['203.0.113.7', '2001:db8::7'] },
    });
  });
});
