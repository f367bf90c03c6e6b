import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runKeys } from '../../src/cli/keys.ts';
import { type ApiUnderTest, startApi } from '../support/api/api.ts';

let api: ApiUnderTest;
beforeAll(async () => {
  api = await startApi();
});
afterAll(async () => await api.close());

describe('runKeys', () => {
  it('creates, lists, rotates and revokes a key', async () => {
    const created = await run('create', '--customer', 'acme', '--name', 'portal', '--scopes', 'view');
    expect(created.exitCode).toBe(0);
    const first = keyIn(created.text);
    expect(await statusWith(first)).toBe(200);
    const [id = ''] = /key_\w{26}/.exec(created.text) ?? [];

    const listed = await run('list', '--customer', 'acme');
    expect(listed.text).toMatch(new RegExp(`^${id} +acme +portal +view +anywhere +never +\\S+ +live$`, 'm'));
    expect(listed.text).not.toContain(first);

    const rotated = await run('rotate', id, '--overlap', '60');
    const second = keyIn(rotated.text);
    expect([await statusWith(first), await statusWith(second)]).toEqual([200, 200]);

    expect(await run('revoke', id)).toEqual({ text: `${id} is revoked\n`, exitCode: 0 });
    expect([await statusWith(first), await statusWith(second)]).toEqual([401, 401]);
    expect((await run('list')).text).toMatch(new RegExp(`^${id} .* revoked$`, 'm'));
  });

  it('lists more keys than a page has', async () => {
    await api.database.pool.query(
      `INSERT INTO api_keys (id, customer_id, name, key_hash, scopes)
       SELECT 'key_' || n, 'many', '', decode(md5(n::text), 'hex'), '{read}' FROM generate_series(1, 150) AS n`,
    );
    expect((await run('list', '--customer', 'many')).text.trim().split('\n')).toHaveLength(151);
  });

  it('makes keys of the operator, with an expiry and source addresses', async () => {
    const { text } = await run('create', '--operator', '--expires', '2999-01-01T00:00:00Z', '--from', '::1');
    expect(text).toMatch(
      /\(operator\) +- +publish,view,test,retry,manage_endpoints,secrets,operate +::1\/128 +2999-01-01T00:00:00.000Z/,
    );
  });

  it.each([
    ['no verb', [], 'usage: posthorn keys'],
    ['an unknown verb', ['destroy'], 'usage: posthorn keys'],
    ['an unknown option', ['list', '--all'], '--all'],
    ['a key of nobody', ['create'], 'either --customer or --operator'],
    ['a key of both', ['create', '--customer', 'a', '--operator'], 'either --customer or --operator'],
    ['no id', ['revoke'], 'name one key'],
    ['two ids', ['rotate', 'a', 'b'], 'name one key'],
    ['an overlap of some time', ['rotate', 'a', '--overlap', 'soon'], 'whole number'],
  ])('explains itself where there is %s', async (_what, args, wanted) => {
    const { text, exitCode } = await run(...args);
    expect(exitCode).toBe(2);
    expect(text).toContain(wanted);
  });

  it('says what the API refused', async () => {
    expect(await run('revoke', 'key_01ARZ3NDEKTSV4RRFFQ69G5FAV')).toEqual({
      text: 'There is no such API key. (404)\n',
      exitCode: 1,
    });
    const refused = await run('create', '--customer', 'acme', '--scopes', 'view,operate', '--from', 'x');
    expect([refused.exitCode, refused.text]).toEqual([1, expect.stringContaining('/allowed_cidrs/0')]);
  });

  it('says that no API answers, or that it knows the key not', async () => {
    const nowhere = await runKeys(['list'], () => ({ url: 'http://127.0.0.1:1', adminKey: 'x' }));
    expect([nowhere.exitCode, nowhere.text]).toEqual([1, expect.stringContaining('http://127.0.0.1:1')]);
    const stranger = await runKeys(['list'], () => ({ url: api.url, adminKey: 'phk_wrong' }));
    expect(stranger.text).toContain('(401)');
  });
});

async function run(...args: string[]) {
  return await runKeys(args, () => ({ url: api.url, adminKey: api.adminKey }));
}

function keyIn(text: string): string {
  return /^phk_\w+$/m.exec(text)?.[0] ?? '';
}

async function statusWith(key: string): Promise<number> {
  const { status } = await fetch(`${api.url}/v1/events`, { headers: { Authorization: `Bearer ${key}` } });
  return status;
}
