import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ApiCall, type ApiUnderTest, startApi } from '../../support/api.ts';

let api: ApiUnderTest;
let acme: ApiCall;
beforeAll(async () => {
  api = await startApi({ echo: true });
  acme = await api.customer('acme');
});
afterAll(async () => await api.close());

const EVERY_KEY = [
  ['GET', '/v1/events'],
  ['POST', '/v1/events'],
  ['POST', '/v1/events/batch'],
  ['GET', '/v1/event-types'],
  ['GET', '/v1/endpoints'],
  ['POST', '/v1/endpoints'],
  ['GET', '/v1/deliveries'],
  ['GET', '/v1/dead-letters'],
  ['POST', '/v1/dead-letters/retry'],
  ['GET', '/v1/stats'],
  ['POST', '/v1/tools/sign'],
  ['POST', '/v1/tools/verify'],
  ['GET', '/v1/echo/a'],
  ['DELETE', '/v1/echo/a'],
] as const;

const OPERATOR_ONLY = [
  ['POST', '/v1/event-types'],
  ['PATCH', '/v1/event-types/a.b'],
  ['DELETE', '/v1/event-types/a.b'],
  ['GET', '/v1/api-keys'],
  ['POST', '/v1/api-keys'],
  ['GET', '/v1/api-keys/key_1'],
  ['DELETE', '/v1/api-keys/key_1'],
] as const;

describe('AuthGuard', () => {
  it.each([...EVERY_KEY, ...OPERATOR_ONLY])('asks for a key at %s %s', async (method, path) => {
    const answer = await fetch(api.url + path, { method });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="posthorn"');
    expect(await answer.json()).toMatchObject({ code: 'key_missing' });
  });

  it.each(OPERATOR_ONLY)("refuses a customer's key at %s %s", async (method, path) => {
    const { status, body } = await acme(method, path);
    expect([status, body.code]).toEqual([403, 'operator_only']);
  });

  it.each(EVERY_KEY)("lets a customer's key through at %s %s", async (method, path) => {
    const { status } = await acme(method, path);
    expect([401, 403]).not.toContain(status);
  });

  it.each([
    ['GET', '/v1/health/live'],
    ['GET', '/v1/health/ready'],
    ['POST', '/v1/echo/a'],
    ['GET', '/docs'],
    ['GET', '/docs-json'],
  ])('asks for none at %s %s', async (method, path) => {
    expect((await fetch(api.url + path, { method })).status).toBe(200);
  });

  it.each([
    ['an unknown key', 'Bearer phk_unknown', 'key_unknown'],
    ['the key in another scheme', () => `Basic ${api.adminKey}`, 'key_malformed'],
    ['the bare key', () => api.adminKey, 'key_malformed'],
    ['no key', 'Bearer ', 'key_malformed'],
    ['half the key', () => `Bearer ${api.adminKey.slice(0, 16)}`, 'key_unknown'],
    ['the key and more', () => `Bearer ${api.adminKey} x`, 'key_malformed'],
    ['a very long key', `Bearer ${'x'.repeat(5_000)}`, 'key_malformed'],
  ])('refuses %s', async (_what, header, code) => {
    const authorization = typeof header === 'string' ? header : header();
    const answer = await fetch(`${api.url}/v1/events`, { headers: { authorization } });
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ code });
  });

  it('takes the scheme in any case', async () => {
    const authorization = `bearer ${api.adminKey}`;
    expect((await fetch(`${api.url}/v1/events`, { headers: { authorization } })).status).toBe(200);
  });
});
