import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ApiUnderTest, startApi } from '../../support/api/api.ts';
import { insertKey } from '../../support/api/api-key.ts';
import { browserWith, signIn } from '../../support/api/browser.ts';
import { endSessions, expireLink } from '../../support/rows/keys.ts';
import { textOf } from '../../support/rows/tables.ts';

let api: ApiUnderTest;
beforeAll(async () => {
  api = await startApi();
});
afterAll(async () => await api.close());

async function codeOf(answer: Response): Promise<unknown> {
  const body = (await answer.json()) as { readonly code?: unknown };
  return [answer.status, body.code];
}

describe('POST /v1/session', () => {
  it('sets a cookie that neither scripts nor other sites get, for twelve hours', async () => {
    const headers = { Authorization: `Bearer ${api.adminKey}` };
    const answer = await fetch(`${api.url}/v1/session`, { method: 'POST', headers });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('set-cookie')).toMatch(
      /^posthorn_session_[0-9a-f]{8}=phs_[\w-]{43}; Path=\/; Max-Age=43200; HttpOnly; SameSite=Strict$/,
    );
    expect(await answer.json()).toMatchObject({ kind: 'console', token: null });
  });

  it('says who has signed in, with the rights of the key', async () => {
    const { id, key } = await insertKey(api.database, { scopes: ['view', 'retry'] });
    const browser = await signIn(api, key);
    expect(await (await browser.send('GET', '/v1/session')).json()).toMatchObject({
      kind: 'customer',
      customer_id: 'acme',
      scopes: ['view', 'retry'],
      key_id: id,
      session: { kind: 'console' },
      portal: null,
    });
    expect(await codeOf(await browser.send('POST', '/v1/endpoints'))).toEqual([403, 'scope_missing']);
  });

  it('keeps nothing by which somebody who reads the database could sign in', async () => {
    const { cookie } = await signIn(api, api.adminKey);
    expect(await textOf(api.database.pool, 'sessions')).not.toContain(cookie.split('=')[1]);
  });
});

describe('a session', () => {
  const FOREIGN: readonly (readonly [why: string, headers: Record<string, string>])[] = [
    ['a page of another site', { 'Sec-Fetch-Site': 'cross-site' }],
    ['a page of the same site, at another port', { 'Sec-Fetch-Site': 'same-site' }],
    ['an address that somebody typed', { 'Sec-Fetch-Site': 'none' }],
    ['a page of another origin, without Fetch Metadata', { Origin: 'http://evil.test' }],
    ['whoever says nothing', {}],
  ];

  it.each(FOREIGN)('changes nothing for %s', async (_why, headers) => {
    const browser = await signIn(api, api.adminKey);
    expect(await codeOf(await browser.send('DELETE', '/v1/session', headers))).toEqual([403, 'cross_site']);
    expect((await browser.send('GET', '/v1/session', headers)).status).toBe(200);
  });

  it('takes changes from its own origin where the browser has no Fetch Metadata', async () => {
    const browser = await signIn(api, api.adminKey);
    expect((await browser.send('DELETE', '/v1/session', { Origin: api.url })).status).toBe(204);
  });

  it('ends for good where its browser ends it', async () => {
    const browser = await signIn(api, api.adminKey);
    const answer = await browser.send('DELETE', '/v1/session');
    expect(answer.headers.get('set-cookie')).toMatch(/^posthorn_session_\w+=; .*Max-Age=0;/);
    expect(await codeOf(await browser.send('GET', '/v1/session'))).toEqual([401, 'session_over']);
  });

  it('ends at once where the operator ends it, and not before', async () => {
    const browser = await signIn(api, api.adminKey);
    const { body } = await api.operator('GET', '/v1/sessions?limit=1');
    const [newest] = body.items;
    expect(newest).toMatchObject({ key_id: null, has_begun: true, revoked_at: null });
    expect((await browser.send('GET', '/v1/session')).status).toBe(200);
    expect((await api.operator('DELETE', `/v1/sessions/${newest?.id}`)).status).toBe(204);
    expect(await codeOf(await browser.send('GET', '/v1/session'))).toEqual([401, 'session_over']);
  });

  it('is no longer good than its key', async () => {
    const { id, key } = await insertKey(api.database, { customerId: null });
    const browser = await signIn(api, key);
    expect((await browser.send('GET', '/v1/endpoints')).status).toBe(200);
    await api.operator('DELETE', `/v1/api-keys/${id}`);
    expect(await codeOf(await browser.send('GET', '/v1/endpoints'))).toEqual([401, 'session_over']);
  });

  it('is over when its time is', async () => {
    const browser = await signIn(api, api.adminKey);
    await endSessions(api.database.pool);
    expect(await codeOf(await browser.send('GET', '/v1/session'))).toEqual([401, 'session_over']);
  });

  it('cannot be guessed, and is no key', async () => {
    const { cookie } = await signIn(api, api.adminKey);
    const [name = '', token = ''] = cookie.split('=');
    const altered = browserWith(api, `${name}=${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`);
    expect(await codeOf(await altered.send('GET', '/v1/session'))).toEqual([401, 'session_over']);
    const asKey = await fetch(`${api.url}/v1/session`, { headers: { Authorization: `Bearer ${token}` } });
    expect(await codeOf(asKey)).toEqual([401, 'session_over']);
  });
});

describe('POST /v1/session/links', () => {
  const codeIn = (url: unknown): string => new URL(String(url)).hash.replace('#code=', '');
  const exchange = async (code: string): Promise<Response> =>
    await fetch(`${api.url}/v1/session/exchange`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ code }),
    });

  it('makes a link that signs in one browser', async () => {
    const { status, body } = await api.operator('POST', '/v1/session/links');
    expect(status).toBe(201);
    expect(body.url).toMatch(new RegExp(`^${api.url}/ui#code=phc_[\\w-]{43}$`));
    const answers = await Promise.all([exchange(codeIn(body.url)), exchange(codeIn(body.url))]);
    expect(answers.map((answer) => answer.status).sort()).toEqual([201, 401]);
    const won = answers.find((answer) => answer.status === 201);
    const browser = browserWith(api, won?.headers.get('set-cookie') ?? null);
    expect(await (await browser.send('GET', '/v1/session')).json()).toMatchObject({ kind: 'operator' });
    expect(await codeOf(await exchange(codeIn(body.url)))).toEqual([401, 'code_unknown']);
  });

  it('is of no use after a quarter of an hour, nor to who makes one up', async () => {
    const { body } = await api.operator('POST', '/v1/session/links');
    await expireLink(api.database.pool, body.id);
    expect(await codeOf(await exchange(codeIn(body.url)))).toEqual([401, 'code_unknown']);
    expect(await codeOf(await exchange(`phc_${'A'.repeat(43)}`))).toEqual([401, 'code_unknown']);
  });
});
