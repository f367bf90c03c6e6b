import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PORTAL_SCOPES } from '../../../src/domain/session.ts';
import { type ApiCall, type ApiUnderTest, callWith, startApi } from '../../support/api/api.ts';
import { ACCESS_MATRIX } from '../access-matrix.ts';

let api: ApiUnderTest;
let endpoint: string;
let foreign: string;
beforeAll(async () => {
  api = await startApi();
  const make = async (customer_id: string): Promise<string> =>
    (await api.operator('POST', '/v1/endpoints', { url: 'https://receiver.example/', customer_id })).body.id;
  endpoint = await make('acme');
  foreign = await make('globex');
});
afterAll(async () => await api.close());

interface Opened {
  readonly id: string;
  readonly url: string;
  readonly call: ApiCall;
}

/** Makes a link, and opens it. */
async function open(capabilities: readonly string[], customer_id = 'acme'): Promise<Opened> {
  const made = await api.operator('POST', '/v1/portal-sessions', { customer_id, capabilities });
  expect(made.status).toBe(201);
  const url = String(made.body.url);
  const answer = await fetch(`${api.url}/v1/session/exchange`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ code: new URL(url).hash.replace('#code=', '') }),
  });
  const begun = (await answer.json()) as { readonly token: string };
  expect(answer.headers.has('set-cookie')).toBe(false);
  return { id: made.body.id, url, call: callWith(api.url, begun.token) };
}

describe('a portal link', () => {
  it('leads to the portal, and shows whose it is and how it looks', async () => {
    const { url, call } = await open(['view', 'retry']);
    expect(url).toMatch(new RegExp(`^${api.url}/portal#code=phc_`));
    expect((await call('GET', '/v1/session')).body).toMatchObject({
      kind: 'customer',
      customer_id: 'acme',
      scopes: ['view', 'retry'],
      session: { kind: 'portal' },
      portal: { name: null, logo: null, theme: 'auto' },
    });
  });

  it.each(PORTAL_SCOPES)('that allows view and %s is refused everything else', async (capability) => {
    const { call } = await open(['view', capability]);
    const wrong: string[] = [];
    for (const [name, { scope, body }] of Object.entries(ACCESS_MATRIX)) {
      const [method = '', route = ''] = name.split(' ');
      if (method === 'DELETE' || scope === 'view' || scope === capability) continue;
      const answer = await call(method, route.replace(':id', endpoint).replace(':name', 'a'), body);
      if (answer.status !== 403) wrong.push(`${name}: ${answer.status}`);
    }
    expect(wrong).toEqual([]);
  });

  it('shows the customer its own things, and nothing of others', async () => {
    const { call } = await open(['view']);
    expect((await call('GET', `/v1/endpoints/${endpoint}`)).status).toBe(200);
    expect((await call('GET', `/v1/endpoints/${foreign}`)).status).toBe(404);
    expect((await call('GET', '/v1/endpoints?customer_id=globex')).status).toBe(403);
    const { body } = await call('GET', '/v1/endpoints');
    expect(body.items.map(({ customer_id }) => customer_id)).toEqual(['acme']);
  });

  it('cannot begin sessions that outlive it', async () => {
    const { call } = await open(['view']);
    expect((await call('POST', '/v1/session')).status).toBe(403);
    expect((await call('POST', '/v1/session/links')).status).toBe(403);
  });

  it('is over with the next request once it is revoked, opened or not', async () => {
    const { id, call } = await open(['view']);
    expect((await call('GET', '/v1/deliveries')).status).toBe(200);
    expect((await api.operator('DELETE', `/v1/portal-sessions/${id}`)).status).toBe(204);
    const { status, body } = await call('GET', '/v1/deliveries');
    expect([status, body.code]).toEqual([401, 'session_over']);
    const { body: list } = await api.operator('GET', '/v1/portal-sessions?limit=1');
    expect(list.items[0]).toMatchObject({ id, capabilities: ['view'], has_begun: true });
    expect(list.items[0]?.revoked_at).not.toBeNull();
  });

  it('is over as soon as its customer is being erased', async () => {
    await api.operator('POST', '/v1/endpoints', { url: 'https://leaving.example/', customer_id: 'leaving' });
    const { call } = await open(['view'], 'leaving');
    expect((await call('GET', '/v1/deliveries')).status).toBe(200);
    expect((await api.operator('DELETE', '/v1/customers/leaving')).status).toBe(202);
    const { status, body } = await call('GET', '/v1/deliveries');
    expect([status, body.code]).toEqual([401, 'session_over']);
  });

  it('is named as the actor of what it changes', async () => {
    const { id, call } = await open(['manage_endpoints']);
    await call('PATCH', `/v1/endpoints/${endpoint}`, { description: 'by the portal' });
    const { body } = await api.operator('GET', `/v1/audit?subject_id=${endpoint}&limit=1`);
    expect(body.items[0]).toMatchObject({ action: 'endpoint.update', actor: 'customer', key_id: id });
  });

  it.each([
    [{ customer_id: 'acme', capabilities: ['operate'] }, '#/capabilities/0'],
    [{ customer_id: 'acme', capabilities: ['publish'] }, '#/capabilities/0'],
    [{ customer_id: 'acme', expires_in_seconds: 86_401 }, '#/expires_in_seconds'],
    [{ customer_id: 'acme', logo: 'https://evil.test/a.png' }, '#/logo'],
    [{}, '#/customer_id'],
  ])('is refused with %j', async (input, pointer) => {
    const { status, body } = await api.operator('POST', '/v1/portal-sessions', input);
    expect([status, body.errors[0]?.pointer]).toEqual([422, pointer]);
  });
});
