import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ApiUnderTest, startApi } from '../../support/api.ts';

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
      key: expect.stringMatching(/^phk_[\w-]{43}$/),
      created_at: expect.any(String),
      last_used_at: null,
      revoked_at: null,
    });
    const { key, ...listed } = body;
    expect((await api.operator('GET', `/v1/api-keys/${body.id}`)).body).toEqual(listed);
    expect((await api.operator('GET', '/v1/api-keys?customer_id=acme')).body.items).toEqual([listed]);
    const { rows } = await api.database.pool.query("SELECT * FROM api_keys WHERE name = 'billing'");
    expect(JSON.stringify(rows)).not.toContain(key);
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
    await api.database.pool.query("UPDATE api_keys SET last_used_at = now() - interval '2 minutes'");
    await statusWith(body.key);
    expect((await usedAt()) > first).toBe(true);
  });

  it('makes further keys of the operator', async () => {
    const { body } = await create({ customer_id: null, name: 'deploy' });
    const headers = { Authorization: `Bearer ${body.key}` };
    expect((await fetch(`${api.url}/v1/api-keys`, { headers })).status).toBe(200);
  });

  it.each([
    ['no customer', {}, '/customer_id', 'required'],
    ['an empty customer', { customer_id: '' }, '/customer_id', 'too_small'],
    ['a number as name', { customer_id: 'a', name: 7 }, '/name', 'invalid_type'],
    ['an endless name', { customer_id: 'a', name: 'x'.repeat(201) }, '/name', 'too_big'],
    ['a key of its own', { customer_id: 'a', key: 'phk_mine' }, '/key', 'unknown_member'],
  ])('refuses %s', async (_what, input, pointer, code) => {
    const { status, body } = await create(input);
    expect(status).toBe(422);
    expect(body.errors).toEqual([expect.objectContaining({ pointer, code })]);
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

async function statusWith(key: string): Promise<number> {
  const { status } = await fetch(`${api.url}/v1/events`, { headers: { Authorization: `Bearer ${key}` } });
  return status;
}
