import type { KeyObject } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { generateSecret } from '../../../src/signature/secret.ts';
import { RunClaims } from '../../../src/storage/claims/run-claims.ts';
import { EndpointSecrets } from '../../../src/storage/endpoints/endpoint-secrets.ts';
import { EndpointStore } from '../../../src/storage/endpoints/endpoint-store.ts';
import { MasterKeyHolders } from '../../../src/storage/sealed/master-key-holders.ts';
import { MasterKeyRotation } from '../../../src/storage/sealed/master-key-rotation.ts';
import { SecretBox } from '../../../src/storage/sealed/secret-box.ts';
import { newMasterKey } from '../../support/storage/master-key.ts';
import { newEndpoint, openStorage, request, type StorageUnderTest } from '../../support/storage/storage.ts';

const route = {
  minTlsVersion: '1.3',
  clientCertificate: 'c',
  clientKey: 'the key',
  egressAddress: null,
} as const;
const headers = [
  { name: 'X-Team', value: 'data', sensitive: false },
  { name: 'Authorization', value: 'Bearer hush', sensitive: true },
];

let storage: StorageUnderTest;
let former: KeyObject;
let next: KeyObject;
let before: SecretBox;
let after: SecretBox;

beforeAll(async () => {
  storage = await openStorage();
});
afterAll(async () => await storage.close());
beforeEach(async () => {
  [former, next] = [newMasterKey(), newMasterKey()];
  before = new SecretBox([former]);
  after = new SecretBox([next, former]);
  await storage.database.pool.query('TRUNCATE endpoints, open_deliveries, ended_deliveries, events CASCADE');
});

/** More would wait for a connection, which a busy machine may not give them in time. */
const AT_ONCE = 20;

/** Endpoints of `acme`, sealed with the former key. */
async function create(count: number): Promise<readonly { readonly id: string; readonly secret: string }[]> {
  const store = new EndpointStore(storage.database, before);
  const all = Array.from({ length: count }, () => ({ ...newEndpoint(), headers, route }));
  for (let from = 0; from < all.length; from += AT_ONCE)
    await Promise.all(all.slice(from, from + AT_ONCE).map(async (endpoint) => await store.create(endpoint)));
  return all;
}

/** All steps, and how many there were. */
async function resealAll(box: SecretBox) {
  const rotation = new MasterKeyRotation(storage.database, box);
  const total = { steps: 0, endpoints: 0, resealed: 0, current: 0, unopened: [] as unknown[] };
  for (let at: string | null = ''; at !== null; total.steps += 1) {
    const slice = await rotation.resealNext(at);
    total.endpoints += slice.endpoints;
    total.resealed += slice.resealed;
    total.current += slice.current;
    total.unopened.push(...slice.unopened);
    at = slice.next;
  }
  return total;
}

async function claimWith(box: SecretBox) {
  const [id = ''] = await storage.publish();
  return await new RunClaims(storage.database, box).claim(request(id));
}

describe('MasterKeyRotation', () => {
  it('seals everything with the first key, so that it opens with that alone', async () => {
    const [endpoint] = await create(1);
    const second = generateSecret();
    const secrets = new EndpointSecrets(storage.database, before);
    await secrets.rotate(endpoint?.id ?? '', { secret: second, overlapSeconds: 60 });
    expect(await new MasterKeyRotation(storage.database, after).survey()).toEqual({
      endpoints: 1,
      sealed: [{ keyId: before.keyIds[0], count: 4 }],
    });
    expect(await resealAll(after)).toMatchObject({ endpoints: 1, resealed: 4, current: 0, unopened: [] });
    const alone = new SecretBox([next]);
    expect(await claimWith(alone)).toMatchObject({ secrets: [endpoint?.secret, second], headers, route });
    expect(await resealAll(after)).toMatchObject({ resealed: 0, current: 4, unopened: [] });
    expect(await new MasterKeyRotation(storage.database, alone).survey()).toEqual({
      endpoints: 1,
      sealed: [{ keyId: after.keyIds[0], count: 4 }],
    });
  });

  it('goes step by step through many, and from where it was broken off', async () => {
    await create(501);
    expect((await new MasterKeyRotation(storage.database, after).resealNext('')).resealed).toBe(750);
    expect(await resealAll(after)).toEqual({
      steps: 3,
      endpoints: 501,
      resealed: 753,
      current: 750,
      unopened: [],
    });
  });

  it('names what no key opens, leaves it as it is, and does the rest', async () => {
    const [broken, whole] = await create(2);
    const strange = new EndpointStore(storage.database, new SecretBox([newMasterKey()]));
    await strange.update(broken?.id ?? '', { headers });
    await storage.database.pool.query(
      "UPDATE endpoint_secrets SET ciphertext = 'PHK1 and more' WHERE endpoint_id = $1",
      [broken?.id],
    );
    const seen = await resealAll(after);
    expect(seen).toMatchObject({ resealed: 4, current: 0 });
    expect(seen.unopened).toEqual([
      { endpointId: broken?.id, what: 'secret 1' },
      { endpointId: broken?.id, what: 'header Authorization' },
    ]);
    expect(
      await new EndpointSecrets(storage.database, new SecretBox([next])).read(whole?.id ?? ''),
    ).toHaveLength(1);
  });

  it('loses no change that is made meanwhile', async () => {
    const all = await create(300);
    const [busy] = all;
    const id = busy?.id ?? '';
    const store = new EndpointStore(storage.database, after);
    const secrets = new EndpointSecrets(storage.database, after);
    const added = generateSecret();
    const [, , claims] = await Promise.all([
      resealAll(after),
      Promise.all([
        store.update(id, { headers: [{ name: 'X-New', value: 'new', sensitive: true }] }),
        secrets.rotate(id, { secret: added, overlapSeconds: 60 }),
        storage.removal.remove(all[1]?.id ?? ''),
      ]),
      Promise.all(Array.from({ length: 5 }, async () => await claimWith(after))),
    ]);
    expect(claims.every((claim) => claim !== null)).toBe(true);
    await resealAll(after);
    const alone = new SecretBox([next]);
    const live = await new EndpointSecrets(storage.database, alone).read(id);
    expect(live.map(({ secret }) => secret)).toEqual([busy?.secret, added]);
    const { rows } = await storage.database.pool.query(
      "SELECT headers -> 0 ->> 'value' AS value FROM endpoints WHERE id = $1",
      [id],
    );
    expect(alone.open(Buffer.from(rows[0].value, 'base64'), `${id}/x-new`)).toBe('new');
    const { sealed } = await new MasterKeyRotation(storage.database, alone).survey();
    expect(sealed.map(({ keyId }) => keyId)).toEqual([after.keyIds[0]]);
  });
});

describe('MasterKeyHolders', () => {
  it('knows the processes that were seen lately, and forgets those that ended', async () => {
    const holders = new MasterKeyHolders(storage.database);
    const api = { name: 'api 1 on a', keyIds: ['aa', 'bb'] };
    await holders.announce('one', api);
    await holders.announce('two', { name: 'worker 2 on a', keyIds: ['aa'] });
    await holders.announce('one', api);
    expect(await holders.list()).toEqual([api, { name: 'worker 2 on a', keyIds: ['aa'] }]);
    await holders.withdraw('two');
    expect(await holders.list()).toEqual([api]);
    await storage.database.pool.query("UPDATE master_key_holders SET seen_at = now() - interval '31 s'");
    expect(await holders.list()).toEqual([]);
    await storage.database.pool.query("UPDATE master_key_holders SET seen_at = now() - interval '2 h'");
    await holders.announce('three', api);
    const { rows } = await storage.database.pool.query('SELECT holder FROM master_key_holders');
    expect(rows).toEqual([{ holder: 'three' }]);
  });
});
