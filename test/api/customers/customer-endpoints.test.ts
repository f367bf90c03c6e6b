import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { generateSecret } from '../../../src/signature/secret.ts';
import { type ApiUnderTest, startApi } from '../../support/api/api.ts';

const settings = {
  url: 'https://example.com/hook',
  events: ['job.*'],
  headers: { Authorization: 'Bearer very-secret', 'X-Team': 'data' },
  rate_limit: { limit: 10, per: 'second' },
  metadata: { team: 'data' },
};

describe('PUT /v1/customers/{customer_id}/endpoints/{uid}', () => {
  let api: ApiUnderTest;

  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api.close());

  const put = async (uid: string, body: object, call = api.operator) =>
    await call('PUT', `/v1/customers/acme/endpoints/${uid}`, body);

  it('creates an endpoint and shows its secret', async () => {
    const { status, body } = await put('new', settings);
    expect(status).toBe(201);
    expect(body).toMatchObject({ customer_id: 'acme', uid: 'new', metadata: { team: 'data' } });
    expect(body.secret).toMatch(/^whsec_/);
    const listed = await api.operator('GET', '/v1/endpoints?uid=new');
    expect(listed.body.items).toMatchObject([{ id: body.id }]);
  });

  it('changes nothing when it is repeated, sensitive headers given in clear too', async () => {
    const secret = generateSecret();
    const first = (await put('same', { ...settings, secret })).body;
    const { status, body } = await put('same', { ...settings, secret });
    expect([status, body.id, body.updated_at]).toEqual([200, first.id, first.updated_at]);
    expect(body).not.toHaveProperty('secret');
  });

  it('makes the endpoint what the body says, with the defaults for what it leaves out', async () => {
    const first = (await put('changed', settings)).body;
    const { body } = await put('changed', { url: settings.url, metadata: { team: 'other' } });
    expect(body).toMatchObject({
      id: first.id,
      events: ['*'],
      headers: {},
      rate_limit: null,
      metadata: { team: 'other' },
    });
    expect(Date.parse(String(body.updated_at))).toBeGreaterThan(Date.parse(String(first.updated_at)));
  });

  it('lets nobody take the secret of an endpoint away by an old body', async () => {
    await put('kept', settings);
    const answer = await put('kept', { ...settings, secret: generateSecret() });
    expect([answer.status, answer.body.code]).toEqual([409, 'endpoint_secret_differs']);
  });

  it('is one endpoint a customer, whichever way it is made', async () => {
    const twice = await api.operator('POST', '/v1/endpoints', {
      ...settings,
      customer_id: 'acme',
      uid: 'new',
    });
    expect([twice.status, twice.body.code]).toEqual([409, 'endpoint_uid_taken']);
    const other = { ...settings, customer_id: 'zeta', uid: 'new' };
    expect((await api.operator('POST', '/v1/endpoints', other)).status).toBe(201);
    const own = await api.customer('acme');
    expect((await put('new', settings, own)).status).toBe(200);
  });

  it('can be taken again once the endpoint is deleted', async () => {
    const { id } = (await put('gone', settings)).body;
    await api.operator('DELETE', `/v1/endpoints/${id}`);
    expect((await put('gone', settings)).status).toBe(201);
  });

  it.each([
    [{ ...settings, uid: 'other' }, 'read_only'],
    [{ ...settings, customer_id: 'zeta' }, 'read_only'],
    [{ ...settings, url: 'ftp://example.com' }, 'url_scheme'],
    [{ ...settings, colour: 'red' }, 'unknown_member'],
  ])('refuses %j', async (body, code) => {
    const answer = await put('refused', body);
    expect([answer.status, answer.body.errors[0]?.code]).toEqual([422, code]);
  });

  it('does not change the uid', async () => {
    const { id } = (await put('fixed', settings)).body;
    const answer = await api.operator('PATCH', `/v1/endpoints/${id}`, { uid: 'other' });
    expect([answer.status, answer.body.errors[0]?.code]).toEqual([422, 'read_only']);
  });

  it('refuses an id that nobody sees', async () => {
    const answer = await put(encodeURIComponent('a\u200b'), settings);
    expect([answer.status, answer.body.errors[0]]).toMatchObject([
      422,
      { parameter: 'uid', code: 'invalid_uid' },
    ]);
  });
});
