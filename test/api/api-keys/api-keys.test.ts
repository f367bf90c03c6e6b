import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ApiUnderTest, startApi } from '../../support/api/api.ts';
import { ageKeyUse, countFormerTexts, endFormerTexts, expireKey } from '../../support/rows/keys.ts';
import { textOf } from '../../support/rows/tables.ts';

let api: ApiUnderTest;
beforeAll(async () => {
  api = await startApi();
});
afterAll(async () => await api.close());

describe('/v1/api-keys', () => {
  it('shows a new key once and keeps only its hash', async () => {
    const { status, body } = await create({ customer_id: 'acme', name: 'billing' });
    expect(status).toBe(201);
    expect(body).toEqual({
      id: expect.stringMatching(/^key_[0-9A-Z]{26}$/),
      customer_id: 'acme',
      name: 'billing',
      key: expect.stringMatching(/^phk_[0-9A-Za-z]{46}$/),
      scopes: ['publish', 'view', 'test', 'retry', 'manage_endpoints'],
      allowed_cidrs: [],
      expires_at: null,
      former_valid_until: null,
      created_at: expect.any(String),
      last_used_at: null,
      revoked_at: null,
    });
    const { key, ...listed } = body;
    expect((await api.operator('GET', `/v1/api-keys/${body.id}`)).body).toEqual(listed);
    expect((await api.operator('GET', '/v1/api-keys?customer_id=acme')).body.items).toEqual([listed]);
    expect(await textOf(api.database.pool, 'api_keys')).not.toContain(key);
  });

  it('works until it is revoked, from one request to the next', async () => {
    const { body } = await create({ customer_id: 'acme' });
    expect(await statusWith(body.key)).toBe(200);
    const used = await api.operator('GET', `/v1/api-keys/${body.id}`);
    expect(used.body.last_used_at).toEqual(expect.any(String));
    const revoked = await api.operator('DELETE', `/v1/api-keys/${body.id}`);
    expect(revoked.status).toBe(204);
    expect(await statusWith(body.key)).toBe(401);
    expect((await api.operator('DELETE', `/v1/api-keys/${body.id}`)).status).toBe(204);
    const shown = await api.operator('GET', `/v1/api-keys/${body.id}`);
    expect(shown.body.revoked_at).toEqual(expect.any(String));
  });

  it('notes its use at most once a minute', async () => {
    const { body } = await create({ customer_id: 'acme' });
    const usedAt = async () => (await api.operator('GET', `/v1/api-keys/${body.id}`)).body.last_used_at;
    await statusWith(body.key);
    const first = await usedAt();
    await statusWith(body.key);
    expect(await usedAt()).toBe(first);
    await ageKeyUse(api.database.pool, 2);
    await statusWith(body.key);
    expect((await usedAt()) > first).toBe(true);
  });

  it('makes further keys of the operator', async () => {
    const { body } = await create({ customer_id: null, name: 'deploy' });
    const headers = { Authorization: `Bearer ${body.key}` };
    expect((await fetch(`${api.url}/v1/api-keys`, { headers })).status).toBe(200);
  });

  it('gives a key the scopes, the expiry and the source addresses that were asked for', async () => {
    const settings = {
      customer_id: 'acme',
      scopes: ['view', 'view'],
      expires_at: '2999-01-01T00:00:00Z',
      allowed_cidrs: ['192.0.2.7', '2001:DB8::/32', '::ffff:10.0.0.1'],
    };
    const { status, body } = await create(settings);
    expect(status).toBe(201);
    expect(body).toMatchObject({
      scopes: ['view'],
      expires_at: '2999-01-01T00:00:00.000Z',
      allowed_cidrs: ['192.0.2.7/32', '2001:db8::/32', '10.0.0.1/32'],
    });
  });

  it('replaces the text of a key at once, and lets the old one work for the overlap', async () => {
    const { body } = await create({ customer_id: 'acme' });
    const rotated = await rotate(body.id, { overlap_seconds: 60 });
    expect([rotated.status, rotated.body.id]).toEqual([200, body.id]);
    expect([await statusWith(body.key), await statusWith(rotated.body.key)]).toEqual([200, 200]);
    const until = Date.parse(String(rotated.body.former_valid_until));
    expect(Math.abs(until - Date.now() - 60_000)).toBeLessThan(30_000);
    const again = await rotate(body.id, { overlap_seconds: 30 });
    expect(await statusWith(again.body.key)).toBe(200);
    expect([await statusWith(body.key), await statusWith(rotated.body.key)]).toEqual([200, 200]);
    expect(Date.parse(String(again.body.former_valid_until))).toBeLessThan(until);
    await endFormerTexts(api.database.pool);
    expect([await statusWith(body.key), await statusWith(rotated.body.key)]).toEqual([401, 401]);
    expect((await api.operator('GET', `/v1/api-keys/${body.id}`)).body.former_valid_until).toBeNull();
    await api.operator('DELETE', `/v1/api-keys/${body.id}`);
    expect(await statusWith(again.body.key)).toBe(401);
  });

  it.each([0, 60])(
    'ends every former text no later than the overlap of %i s that was asked for last',
    async (overlap) => {
      const { body } = await create({ customer_id: 'acme' });
      const second = await rotate(body.id, { overlap_seconds: 3_600 });
      await rotate(body.id, { overlap_seconds: overlap });
      expect(await countFormerTexts(api.database.pool, body.id, overlap)).toBe(0);
      const expected = overlap === 0 ? 401 : 200;
      expect([await statusWith(body.key), await statusWith(second.body.key)]).toEqual([expected, expected]);
    },
  );

  it('revokes the old text with the new one', async () => {
    const { body } = await create({ customer_id: 'acme' });
    const rotated = await rotate(body.id, { overlap_seconds: 3_600 });
    await api.operator('DELETE', `/v1/api-keys/${body.id}`);
    expect([await statusWith(body.key), await statusWith(rotated.body.key)]).toEqual([401, 401]);
  });

  it('lets one of two rotations at once win, and keeps no other text alive', async () => {
    const { body } = await create({ customer_id: 'acme' });
    const answers = await Promise.all([rotate(body.id, {}), rotate(body.id, {})]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    const statuses = await Promise.all(answers.map((answer) => statusWith(answer.body.key)));
    expect(statuses.sort()).toEqual([200, 401]);
    expect(await statusWith(body.key)).toBe(401);
  });

  it('rotates no key that is revoked or has expired', async () => {
    const { body } = await create({ customer_id: 'acme' });
    await expireKey(api.database.pool, body.id);
    expect((await rotate(body.id, {})).body.code).toBe('key_expired');
    await api.operator('DELETE', `/v1/api-keys/${body.id}`);
    expect(await rotate(body.id, {})).toMatchObject({ status: 409, body: { code: 'key_revoked' } });
    expect((await rotate('key_01ARZ3NDEKTSV4RRFFQ69G5FAV', {})).status).toBe(404);
  });

  it.each([
    ['no customer', {}, '/customer_id', 'required'],
    ['an empty customer', { customer_id: '' }, '/customer_id', 'too_small'],
    ['a number as name', { customer_id: 'a', name: 7 }, '/name', 'invalid_type'],
    ['an endless name', { customer_id: 'a', name: 'x'.repeat(201) }, '/name', 'too_big'],
    ['an unknown scope', { customer_id: 'a', scopes: ['admin'] }, '/scopes/0', 'invalid_value'],
    ['no scope at all', { customer_id: 'a', scopes: [] }, '/scopes', 'too_small'],
    ['operate for a customer', { customer_id: 'a', scopes: ['operate'] }, '/scopes', 'scope_not_allowed'],
    [
      'an expiry that has passed',
      { customer_id: 'a', expires_at: '2020-01-01T00:00:00Z' },
      '/expires_at',
      'expires_at_past',
    ],
    ['a date without time', { customer_id: 'a', expires_at: '2030-01-01' }, '/expires_at', 'invalid_time'],
    ['half a network', { customer_id: 'a', allowed_cidrs: ['10.0/8'] }, '/allowed_cidrs/0', 'invalid_cidr'],
    [
      'a network of 33 bits',
      { customer_id: 'a', allowed_cidrs: ['10.0.0.0/33'] },
      '/allowed_cidrs/0',
      'invalid_cidr',
    ],
    ['a key of its own', { customer_id: 'a', key: 'phk_mine' }, '/key', 'unknown_member'],
  ])('refuses %s', async (_what, input, pointer, code) => {
    const { status, body } = await create(input);
    expect(status).toBe(422);
    expect(body.errors).toEqual([expect.objectContaining({ pointer: `#${pointer}`, code })]);
  });

  it.each(['key_01ARZ3NDEKTSV4RRFFQ69G5FAV', 'ep_01ARZ3NDEKTSV4RRFFQ69G5FAV', 'x'])(
    'does not know %s',
    async (id) => {
      expect((await api.operator('DELETE', `/v1/api-keys/${id}`)).status).toBe(404);
      expect((await api.operator('GET', `/v1/api-keys/${id}`)).status).toBe(404);
    },
  );
});

async function create(input: object) {
  return await api.operator('POST', '/v1/api-keys', input);
}

async function rotate(id: string, input: object) {
  return await api.operator('POST', `/v1/api-keys/${id}/rotate`, input);
}

async function statusWith(key: string): Promise<number> {
  const { status } = await fetch(`${api.url}/v1/events`, { headers: { Authorization: `Bearer ${key}` } });
  return status;
}
