import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readConfig } from '../../../../src/config.ts';
import { type ApiUnderTest, startApi } from '../../../support/api/api.ts';
import { FROM_OWN_PAGE } from '../../../support/api/browser.ts';

const PEOPLE = {
  POSTHORN_AUTH_HEADER: 'X-Forwarded-Email',
  POSTHORN_AUTH_SCOPES: '{"alice@example.com":["view","operate"],"*":["view"]}',
};

let behindProxy: ApiUnderTest;
let elsewhere: ApiUnderTest;
beforeAll(async () => {
  behindProxy = await startApi({ environment: { ...PEOPLE, POSTHORN_TRUSTED_PROXIES: '127.0.0.0/8' } });
  elsewhere = await startApi({ environment: { ...PEOPLE, POSTHORN_TRUSTED_PROXIES: '192.0.2.1' } });
});
afterAll(async () => {
  await behindProxy.close();
  await elsewhere.close();
});

async function ask(
  { url }: ApiUnderTest,
  {
    method = 'GET',
    path = '/v1/session',
    headers,
  }: { method?: string; path?: string; headers: Record<string, string> },
): Promise<readonly [status: number, body: Readonly<Record<string, unknown>>]> {
  const answer = await fetch(url + path, { method, headers });
  const text = await answer.text();
  return [answer.status, text === '' ? {} : JSON.parse(text)];
}

const alice = { 'X-Forwarded-Email': 'alice@example.com' };

describe('POSTHORN_AUTH_HEADER', () => {
  it('lets in whom a listed proxy names, with the scopes they have', async () => {
    expect(await ask(behindProxy, { headers: alice })).toMatchObject([
      200,
      {
        kind: 'operator',
        person: 'alice@example.com',
        scopes: ['view', 'operate'],
        key_id: null,
        session: null,
      },
    ]);
    const other = { 'X-Forwarded-Email': 'bob@example.com' };
    expect(await ask(behindProxy, { headers: other })).toMatchObject([200, { scopes: ['view'] }]);
    const path = '/v1/api-keys';
    expect(await ask(behindProxy, { path, headers: other })).toMatchObject([403, { code: 'scope_missing' }]);
    expect((await ask(behindProxy, { path, headers: alice }))[0]).toBe(200);
  });

  it('means nothing from anybody else', async () => {
    expect(await ask(elsewhere, { headers: alice })).toMatchObject([401, { code: 'key_missing' }]);
    const forwarded = { ...alice, 'X-Forwarded-For': '192.0.2.1' };
    expect(await ask(elsewhere, { headers: forwarded })).toMatchObject([401, { code: 'key_missing' }]);
    expect(await ask(behindProxy, { headers: { 'X-Forwarded-Email': '' } })).toMatchObject([403, {}]);
  });

  it('takes changes from pages of this instance only, and names the one in the audit log', async () => {
    const asked = { method: 'DELETE', path: '/v1/echo/a' };
    expect(await ask(behindProxy, { ...asked, headers: alice })).toMatchObject([403, { code: 'cross_site' }]);
    const rules = { method: 'POST', path: '/v1/session/links', headers: { ...alice, ...FROM_OWN_PAGE } };
    expect((await ask(behindProxy, rules))[0]).toBe(403);
    const { body } = await behindProxy.operator('POST', '/v1/event-types', {
      name: 'made.here',
      description: '',
    });
    const removal = {
      method: 'DELETE',
      path: `/v1/event-types/${body.name}`,
      headers: { ...alice, ...FROM_OWN_PAGE },
    };
    expect((await ask(behindProxy, removal))[0]).toBe(204);
    const { body: log } = await behindProxy.operator('GET', '/v1/audit?action=event_type.delete');
    expect(log.items[0]).toMatchObject({ actor: 'operator', key_id: null, person: 'alice@example.com' });
  });

  it.each([
    [PEOPLE, /POSTHORN_TRUSTED_PROXIES/],
    [{ POSTHORN_AUTH_HEADER: 'X-User', POSTHORN_TRUSTED_PROXIES: '127.0.0.1' }, /POSTHORN_AUTH_SCOPES/],
    [{ ...PEOPLE, POSTHORN_AUTH_SCOPES: '{"a":["everything"]}' }, /POSTHORN_AUTH_SCOPES/],
    [{ ...PEOPLE, POSTHORN_AUTH_SCOPES: '{}}' }, /POSTHORN_AUTH_SCOPES/],
  ])('is refused as %j', (environment, why) => {
    expect(() => readConfig('dev', { ...environment })).toThrow(why);
  });
});
