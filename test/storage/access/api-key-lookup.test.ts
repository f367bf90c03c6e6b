import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { hashKey } from '../../../src/settings/api-key-text.ts';
import { ApiKeyLookup } from '../../../src/storage/access/api-key-lookup.ts';
import { ApiKeyStore } from '../../../src/storage/access/api-key-store.ts';
import { insertKey } from '../../support/api/api-key.ts';
import { openStorage, type StorageUnderTest } from '../../support/storage/storage.ts';

let storage: StorageUnderTest;
let lookup: ApiKeyLookup;
beforeAll(async () => {
  storage = await openStorage();
  lookup = new ApiKeyLookup(storage.database);
});
afterAll(async () => await storage.close());

describe('ApiKeyLookup', () => {
  it('answers each of many at once with its own key', async () => {
    const keys = await Promise.all(
      ['a', 'b', 'c'].map((customerId) => insertKey(storage.database, { customerId })),
    );
    const asked = [...keys, ...keys, { id: null, key: 'phk_unknown' }];
    const found = await Promise.all(asked.map(({ key }) => lookup.find(hashKey(key))));
    expect(found.map((one) => one?.id ?? null)).toEqual(asked.map(({ id }) => id));
  });

  it('knows at every replica at once what was revoked', async () => {
    const { id, key } = await insertKey(storage.database);
    const replica = new ApiKeyLookup(storage.database);
    for (const one of [lookup, replica]) expect((await one.find(hashKey(key)))?.state).toBe('live');
    // Lookups that began before must not be shared by those that come after.
    const earlier = Array.from({ length: 50 }, () => lookup.find(hashKey(key)));
    await new ApiKeyStore(storage.database).revoke(id);
    const later = await Promise.all([lookup, replica].map((one) => one.find(hashKey(key))));
    expect(later.map((one) => one?.state)).toEqual(['revoked', 'revoked']);
    await Promise.all(earlier);
  });

  it('tells what has expired', async () => {
    const { key } = await insertKey(storage.database, { expiresAt: new Date(Date.now() - 1) });
    expect((await lookup.find(hashKey(key)))?.state).toBe('expired');
  });
});
