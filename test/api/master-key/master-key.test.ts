import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { MasterKeyHolders } from '../../../src/storage/sealed/master-key-holders.ts';
import { SecretBox } from '../../../src/storage/sealed/secret-box.ts';
import { type ApiUnderTest, startApi } from '../../support/api/api.ts';
import { type Replica, startReplica } from '../../support/api/replica.ts';
import { forgetMasterKeys } from '../../support/rows/empty.ts';
import { spoilSecrets } from '../../support/rows/endpoints.ts';
import { newMasterKey } from '../../support/storage/master-key.ts';

const url = 'https://example.com/hook';

let api: ApiUnderTest;
let replica: Replica;
let holders: MasterKeyHolders;
let former: string;
let next: string;
beforeAll(async () => {
  api = await startApi();
  const secretBox = new SecretBox([newMasterKey(), ...api.dependencies.config.masterKeys]);
  [next, former] = secretBox.keyIds as readonly [string, string];
  replica = await startReplica(api, { secretBox });
  holders = new MasterKeyHolders(api.database);
});
afterAll(async () => {
  await replica.close();
  await api.close();
});
beforeEach(async () => {
  await forgetMasterKeys(api.database.pool);
});

async function create(): Promise<string> {
  const headers = { Authorization: 'Bearer hush' };
  return (await api.operator('POST', '/v1/endpoints', { url, customer_id: 'acme', headers })).body.id;
}

describe('GET /v1/master-key', () => {
  it('tells what is sealed with which key, and who has which', async () => {
    await create();
    await replica.operator('POST', '/v1/endpoints', { url, customer_id: 'acme' });
    await holders.announce('w', { name: 'worker 7 on a', keyIds: [former] });
    const { status, body } = await replica.operator('GET', '/v1/master-key');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      key_id: next,
      endpoints: 2,
      processes: [{ name: 'worker 7 on a', key_ids: [former] }],
    });
    expect(body.sealed).toHaveLength(2);
    expect(body.sealed).toEqual(
      expect.arrayContaining([
        { key_id: former, count: 2 },
        { key_id: next, count: 1 },
      ]),
    );
  });
});

describe('POST /v1/master-key/rotate', () => {
  it('re-encrypts, notes it once, and can be repeated', async () => {
    const id = await create();
    const first = await replica.operator('POST', '/v1/master-key/rotate');
    expect(first).toMatchObject({
      status: 200,
      body: { key_id: next, endpoints: 1, count: 2, current: 0, unopened: [], next: null },
    });
    const again = await replica.operator('POST', '/v1/master-key/rotate', {});
    expect(again.body).toMatchObject({ count: 0, current: 2 });
    const beyond = await replica.operator('POST', '/v1/master-key/rotate', { after: id });
    expect(beyond.body).toMatchObject({ endpoints: 0, count: 0, current: 0, next: null });
    const { items } = (await replica.operator('GET', '/v1/audit?action=master_key.rotate')).body;
    expect(items).toMatchObject([{ subject_id: null, customer_id: null, affected: 2 }]);
  });

  it('refuses while a process seals with another key, and names it', async () => {
    await create();
    await holders.announce('a', { name: 'api 1 on a', keyIds: [next, former] });
    await holders.announce('w', { name: 'worker 7 on b', keyIds: [former, next] });
    const refused = await replica.operator('POST', '/v1/master-key/rotate');
    expect(refused).toMatchObject({ status: 409, body: { code: 'master_key_not_everywhere' } });
    expect(refused.body.detail).toContain('worker 7 on b');
    expect(refused.body.detail).not.toContain('api 1');
    await holders.withdraw('w');
    expect((await replica.operator('POST', '/v1/master-key/rotate')).status).toBe(200);
  });

  it('names what no key opens', async () => {
    const id = await create();
    await spoilSecrets(api.database.pool);
    expect((await replica.operator('POST', '/v1/master-key/rotate')).body).toMatchObject({
      count: 1,
      unopened: [{ endpoint_id: id, what: 'secret 1' }],
    });
  });

  it.each([
    ['an id of another kind', { after: 'del_01ARZ3NDEKTSV4RRFFQ69G5FAV' }, '/after', 'invalid_id'],
    ['a number', { after: 1 }, '/after', 'invalid_type'],
    ['an unknown member', { key: 'x' }, '/key', 'unknown_member'],
    ['a list', [], '', 'invalid_type'],
  ])('refuses %s', async (_what, body, pointer, code) => {
    const refused = await replica.operator('POST', '/v1/master-key/rotate', body);
    expect(refused.status).toBe(422);
    expect(refused.body.errors).toEqual([expect.objectContaining({ pointer: `#${pointer}`, code })]);
  });
});
