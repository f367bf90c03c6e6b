import { z } from 'zod';
import { PEERS } from '../../domain/moving-in/peers.ts';
import { problemView } from '../platform/answers/document.ts';
import { MAX_IMPORTED_ENDPOINTS } from '../platform/http/json-body.ts';
import { customerId, refusal } from '../platform/input/fields.ts';
import { isPlainObject } from '../platform/input/json-object.ts';

const endpointOfPeer = z
  .custom<Readonly<Record<string, unknown>>>(isPlainObject, refusal('invalid_type', 'Must be an object.'))
  .meta({ type: 'object', additionalProperties: true });

/** Body of `POST /v1/imports`. */
export const importBody = z
  .strictObject({
    from: z.enum(PEERS).meta({ description: 'Whose JSON it is.' }),
    customer_id: customerId.optional().meta({
      description: 'Whose endpoints they are, where the JSON does not say.',
    }),
    endpoints: z
      .array(endpointOfPeer)
      .min(1)
      .max(MAX_IMPORTED_ENDPOINTS)
      .meta({ description: 'Endpoints as that sender lists them, with their secrets.' }),
    dry_run: z.boolean().default(false).meta({ description: 'Whether to tell only what would be done.' }),
  })
  .meta({
    id: 'Import',
    examples: [
      {
        from: 'svix',
        customer_id: 'acme',
        endpoints: [{ id: 'ep_1', url: 'https://example.com/hooks', secret: 'whsec_…' }],
        dry_run: true,
      },
    ],
  });
export type ImportBody = z.output<typeof importBody>;

const outcomes = ['created', 'updated', 'unchanged', 'refused'] as const;

const importedItem = z
  .object({
    outcome: z.enum(outcomes),
    customer_id: z.string().nullable(),
    uid: z.string().nullable(),
    endpoint_id: z.string().nullable(),
    not_mapped: z
      .array(z.object({ member: z.string(), reason: z.string() }))
      .meta({ description: 'What of it has no counterpart, or only a rough one.' }),
    problem: problemView.optional().meta({ description: 'Why it was refused.' }),
  })
  .meta({ id: 'ImportedEndpoint' });
export type ImportedItem = z.output<typeof importedItem>;

/** What became of each, in the same order. */
export const importAnswer = z
  .object({
    dry_run: z.boolean(),
    created: z.int(),
    updated: z.int(),
    unchanged: z.int(),
    refused: z.int(),
    items: z.array(importedItem),
  })
  .meta({ id: 'ImportResult' });
export type ImportAnswer = z.output<typeof importAnswer>;

/** Counts the outcomes of items. */
export function showImport(items: readonly ImportedItem[], isDryRun: boolean): ImportAnswer {
  const count = (outcome: ImportedItem['outcome']) => items.filter((item) => item.outcome === outcome).length;
  return {
    dry_run: isDryRun,
    created: count('created'),
    updated: count('updated'),
    unchanged: count('unchanged'),
    refused: count('refused'),
    items: [...items],
  };
}
