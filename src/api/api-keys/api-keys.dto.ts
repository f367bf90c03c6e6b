import { z } from 'zod';
import { API_KEY_SCOPES, SCOPE_MEANINGS } from '../../domain/api-key.ts';
import type { StoredApiKey } from '../../storage/access/api-key-store.ts';
import { keyScope } from '../platform/answers/named-schemas.ts';
import { pageQuery } from '../platform/answers/paging.ts';
import { normaliseCidr } from '../platform/input/cidr.ts';
import { customerId, instant, isPlainlyVisible, refusal } from '../platform/input/fields.ts';

const MAX_NAME_LENGTH = 200;
const MAX_CIDRS = 100;
/** 30 days. */
export const MAX_OVERLAP_SECONDS = 2_592_000;

const cidr = z
  .string()
  .refine(
    (text) => normaliseCidr(text) !== null,
    refusal('invalid_cidr', 'Must be a CIDR such as 192.0.2.0/24 or 2001:db8::/32, or one address.'),
  )
  .transform((text) => normaliseCidr(text) ?? text)
  .meta({ examples: ['192.0.2.0/24'] });

/** Body of creating a key. */
export const newApiKey = z
  .strictObject({
    customer_id: customerId.nullable().meta({
      description: "Whose key it is; null makes a further operator's key.",
    }),
    name: z
      .string()
      .max(MAX_NAME_LENGTH)
      .refine(
        isPlainlyVisible,
        refusal(
          'invalid_name',
          'Must have no invisible characters, no blanks at its ends, and be in Unicode NFC.',
        ),
      )
      .default('')
      .meta({ description: 'For people, to tell keys apart.', examples: ['billing service'] }),
    scopes: z
      .array(keyScope)
      .min(1)
      .max(API_KEY_SCOPES.length)
      .optional()
      .meta({
        description:
          `What it may do; by default publish, view, test, retry and manage_endpoints, with customer_id ` +
          `null everything. ${API_KEY_SCOPES.map((name) => `${name}: ${SCOPE_MEANINGS[name]}.`).join(' ')}`,
      }),
    expires_at: instant
      .nullable()
      .default(null)
      .meta({
        type: ['string', 'null'],
        format: 'date-time',
        description: 'From then on it is refused; never where null.',
      }),
    allowed_cidrs: z.array(cidr).max(MAX_CIDRS).default([]).meta({
      description: 'From where it may be used; from anywhere where empty.',
    }),
  })
  .meta({ id: 'NewApiKey' });
export type NewApiKeyInput = z.output<typeof newApiKey>;

/** Body of rotating a key. */
export const keyRotation = z
  .strictObject({
    overlap_seconds: z.int().min(0).max(MAX_OVERLAP_SECONDS).default(0).meta({
      description: 'How long the old text works on, at most 30 days.',
    }),
  })
  .meta({ id: 'ApiKeyRotation' });
export type KeyRotation = z.output<typeof keyRotation>;

export const apiKeyQuery = z.strictObject({ customer_id: customerId.optional(), ...pageQuery });
export type ApiKeyQuery = z.output<typeof apiKeyQuery>;

const time = z.string().meta({ format: 'date-time' });

/** A key as it is listed, without its text. */
export const apiKeyView = z
  .object({
    id: z.string(),
    customer_id: z.string().nullable(),
    name: z.string(),
    scopes: z.array(keyScope),
    allowed_cidrs: z.array(z.string()),
    created_at: time,
    expires_at: time.nullable(),
    last_used_at: time.nullable().meta({ description: 'Exact to a minute.' }),
    revoked_at: time.nullable(),
    former_valid_until: time.nullable().meta({
      description:
        'Until when the text that the last rotation replaced is still taken; null where it is not.',
    }),
  })
  .meta({ id: 'ApiKey' });
export const createdApiKeyView = apiKeyView
  .extend({
    key: z.string().meta({
      description:
        'The key itself, shown this once: phk_, 40 random characters, and 6 ' +
        'that are the CRC-32 of all before them in base 62.',
    }),
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
    scopes: [...key.scopes],
    allowed_cidrs: [...key.allowedCidrs],
    created_at: key.createdAt.toISOString(),
    expires_at: key.expiresAt?.toISOString() ?? null,
    last_used_at: key.lastUsedAt?.toISOString() ?? null,
    revoked_at: key.revokedAt?.toISOString() ?? null,
    former_valid_until: key.formerValidUntil?.toISOString() ?? null,
  };
}
