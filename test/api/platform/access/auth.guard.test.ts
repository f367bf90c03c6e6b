import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ApiCall, type ApiUnderTest, startApi } from '../../../support/api/api.ts';
import { insertKey } from '../../../support/api/api-key.ts';

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
] as const;

const OPERATOR_ONLY = [
  ['POST', '/v1/event-types'],
  ['PATCH', '/v1/event-types/a.b'],
  ['DELETE', '/v1/event-types/a.b'],
  ['GET', '/v1/api-keys'],
  ['POST', '/v1/api-keys'],
  ['GET', '/v1/api-keys/key_1'],
  ['DELETE', '/v1/api-keys/key_1'],
  ['DELETE', '/v1/echo/a'],
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

  it('says why a key that was good is not any more', async () => {
    const expired = await insertKey(api.database, { expiresAt: new Date(Date.now() - 1) });
    expect(await codeWith(api.url, expired.key)).toEqual([401, 'key_expired']);
    const revoked = await insertKey(api.database);
    await api.operator('DELETE', `/v1/api-keys/${revoked.id}`);
    expect(await codeWith(api.url, revoked.key)).toEqual([401, 'key_revoked']);
  });

  it('refuses a key with a wrong checksum without looking for it', async () => {
    const own = await startApi();
    const { key } = await insertKey(own.database);
    await own.database.close();
    const typo = key.slice(0, -1) + (key.endsWith('0') ? '1' : '0');
    expect(await codeWith(own.url, typo)).toEqual([401, 'key_unknown']);
    await own.closeServer();
  });

  it('lets a key come from its own addresses only', async () => {
    const here = await insertKey(api.database, { allowedCidrs: ['127.0.0.0/8'] });
    const there = await insertKey(api.database, { allowedCidrs: ['192.0.2.0/24', '::/0'] });
    expect(await codeWith(api.url, here.key)).toEqual([200, undefined]);
    expect(await codeWith(api.url, there.key)).toEqual([403, 'address_not_allowed']);
    expect(await codeWith(api.url, there.key, '192.0.2.1')).toEqual([403, 'address_not_allowed']);
  });

  it('believes X-Forwarded-For of listed proxies only', async () => {
    const own = await startApi({ environment: { POSTHORN_TRUSTED_PROXIES: '127.0.0.0/8,198.51.100.9' } });
    const { key } = await insertKey(own.database, { allowedCidrs: ['192.0.2.0/24'] });
    const statusFrom = async (forwarded: string) => (await codeWith(own.url, key, forwarded))[0];
    expect(await statusFrom('192.0.2.1')).toBe(200);
    expect(await statusFrom('192.0.2.1, 198.51.100.9')).toBe(200);
    expect(await statusFrom('192.0.2.1, 203.0.113.1')).toBe(403);
    expect(await statusFrom('unknown')).toBe(403);
    expect(await statusFrom('')).toBe(403);
    await own.close();
  });
});

async function codeWith(
  url: string,
  key: string,
  forwarded?: string,
): Promise<readonly [status: number, code: string | undefined]> {
  const headers = {
    Authorization: `Bearer ${key}`,
    ...(forwarded !== undefined && { 'X-Forwarded-For': forwarded }),
  };
  const answer = await fetch(`${url}/v1/events`, { headers });
  return [answer.status, ((await answer.json()) as { code?: string }).code];
}
