import { API_KEY_SCOPES, CUSTOMER_KEY_SCOPES } from '../../../src/domain/api-key.ts';
import { newId } from '../../../src/new-id.ts';
import { hashKey, newKeyText } from '../../../src/settings/api-key-text.ts';
import { ApiKeyStore, type NewApiKey } from '../../../src/storage/access/api-key-store.ts';
import type { Database } from '../../../src/storage/postgres/database.ts';

/**
 * Inserts an API key, of `acme` and with all the scopes it can have where nothing else is given; returns its id and its
 * text.
 */
export async function insertKey(
  database: Database,
  given: Partial<NewApiKey> = {},
): Promise<{ readonly id: string; readonly key: string }> {
  const key = newKeyText();
  const customerId = given.customerId === undefined ? 'acme' : given.customerId;
  const { id } = await new ApiKeyStore(database).insert({
    id: newId('key'),
    name: 'test',
    scopes: customerId === null ? API_KEY_SCOPES : CUSTOMER_KEY_SCOPES,
    allowedCidrs: [],
    expiresAt: null,
    keyHash: hashKey(key),
    ...given,
    customerId,
  });
  return { id, key };
}
