import { afterEach, describe, expect, it } from '@jest/globals';
import { ensureWelcomeEndpoint } from '../../../src/main/welcome/welcome-endpoint.ts';
import { type ApiUnderTest, startApi } from '../../support/api/api.ts';

let api: ApiUnderTest;
afterEach(async () => await api.close());

describe('ensureWelcomeEndpoint', () => {
  it('makes one endpoint, however often it is asked', async () => {
    api = await startApi();
    const first = await ensureWelcomeEndpoint(api.url, api.adminKey);
    expect(first).toEqual({ id: expect.stringMatching(/^ep_/) });
    expect(await ensureWelcomeEndpoint(api.url, api.adminKey)).toEqual(first);
  });

  it('says why where the echo receiver may not be delivered to', async () => {
    const message = '127.0.0.1 is not a public address.';
    api = await startApi({ checkDestination: async () => ({ code: 'address_not_allowed', message }) });
    const { refusal } = { refusal: '', ...(await ensureWelcomeEndpoint(api.url, api.adminKey)) };
    expect(refusal).toContain(message);
  });
});
