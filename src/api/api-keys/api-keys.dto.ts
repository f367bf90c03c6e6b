import { z } from 'zod';
import type { StoredApiKey } from '../../storage/api-key-store.ts';
import { customerId } from '../platform/fields.ts';
import { pageQuery } from '../platform/paging.ts';

const MAX_NAME_LENGTH = 200;

/** Body of creating a key. */
export const newApiKey = z
  .strictObject({
    customer_id: customerId.nullable().meta({
      description: "Whose key it is; null makes a further operator's key, which may do everything.",
    }),
    name: z
      .string()
      .max(MAX_NAME_LENGTH)
      .default('')
      .meta({ description: 'For people, to tell keys apart.', examples: ['billing service'] }),
  })
  .meta({ id: 'NewApiKey' });
export type NewApiKey = z.output<typeof newApiKey>;

export const apiKeyQuery = z.strictObject({ customer_id: customerId.optional(), ...pageQuery });
export type ApiKeyQuery = z.output<typeof apiKeyQuery>;

const time = z.string().meta({ format: 'date-time' });

/** A key as it is listed, without its text. */
export const apiKeyView = z
  .object({
    id: z.string(),
    customer_id: z.string().nullable(),
    name: z.string(),
    created_at: time,
    last_used_at: time.nullable().meta({ description: 'Exact to a minute.' }),
    revoked_at: time.nullable(),
  })
  .meta({ id: 'ApiKey' });
export const createdApiKeyView = apiKeyView
  .extend({
    key: z.string().meta({ description: 'The key itself. Shown this once; only its hash is kept.' }),
  })
  .meta({ id: 'CreatedApiKey' });
export const apiKeyList = z
  .object({ items: z.array(apiKeyView), next_cursor: z.string().nullable() })
  .meta({ id: 'ApiKeyList' });

/** Shapes a stored key for an answer. */
export function showApiKey(key: StoredApiKey): z.output<typeof apiKeyView> {
  return {
    id: key.id,
    customer_id: key.customerId,
    name: key.name,
    created_at: key.createdAt.toISOString(),
    last_used_at: key.lastUsedAt?.toISOString() ?? null,
    revoked_at: key.revokedAt?.toISOString() ?? null,
  };
}
