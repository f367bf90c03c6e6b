import { z } from 'zod';
import type { EventType } from '../../domain/event-type.ts';
import { isOperationalEvent } from '../../domain/operational-event.ts';
import { isSearchableMember, MAX_SEARCHABLE } from '../../domain/searchable.ts';
import { MAX_SENSITIVE } from '../../domain/sensitive.ts';
import { pageQuery } from '../platform/answers/paging.ts';
import { eventTypeName, refusal } from '../platform/input/fields.ts';
import { isPlainObject } from '../platform/input/json-object.ts';

const MAX_DESCRIPTION_LENGTH = 1024;

const description = z
  .string()
  .max(MAX_DESCRIPTION_LENGTH)
  .meta({ examples: ['An invoice was paid.'] });
const schema = z
  .custom<Record<string, unknown>>(isPlainObject, 'Must be a JSON Schema object, or null for any object.')
  .nullable()
  .meta({
    type: ['object', 'null'],
    description: 'JSON Schema (draft 2020-12) that `data` must satisfy; null accepts any object.',
    examples: [{ type: 'object', required: ['amount'], properties: { amount: { type: 'number' } } }],
  });

const member = z
  .string()
  .refine(
    isSearchableMember,
    refusal('invalid_value', 'Must be the name of a member of data, or a JSON pointer to one.'),
  );
const sensitive = z
  .array(member)
  .max(MAX_SENSITIVE)
  .meta({
    description:
      'Members of `data` whose values no answer shows, whole objects too: names, or JSON pointers ' +
      '(`/customer/email`), which mean each element of an array that they come to.',
    examples: [['/customer/email']],
  });
const searchable = z
  .array(member)
  .max(MAX_SEARCHABLE)
  .meta({
    description:
      'Members of `data` that events are found by: names, or JSON pointers ' +
      '(`/order/id`). Events accepted before are not found by those that are added.',
    examples: [['invoice_id']],
  });

/** Body of registering an event type. */
export const newEventType = z
  .strictObject({
    name: eventTypeName,
    description: description.default(''),
    schema: schema.default(null),
    broadcast: z
      .boolean()
      .default(false)
      .meta({ description: 'Whether `broadcast: true` may send it to every customer.' }),
    opt_in: z
      .boolean()
      .default(false)
      .meta({ description: 'Whether endpoints get it only by naming it in full; no wildcard includes it.' }),
    searchable: searchable.optional(),
    sensitive: sensitive.optional(),
  })
  .meta({ id: 'NewEventType' });
export type NewEventType = z.output<typeof newEventType>;

/** Body of changing one; absent members stay. */
export const eventTypeChange = z
  .strictObject({
    description: description.optional(),
    schema: schema.optional(),
    searchable: searchable.optional(),
    sensitive: sensitive.optional(),
  })
  .meta({ id: 'EventTypeChange' });
export type EventTypeChange = z.output<typeof eventTypeChange>;

export const eventTypeQuery = z.strictObject(pageQuery);
export type EventTypeQuery = z.output<typeof eventTypeQuery>;

/** An event type as it is answered. */
export const eventTypeView = z
  .object({
    name: z.string(),
    description: z.string(),
    schema: z.record(z.string(), z.unknown()).nullable(),
    broadcast: z.boolean(),
    opt_in: z.boolean(),
    built_in: z.boolean(),
    searchable: z.array(z.string()),
    sensitive: z.array(z.string()),
    searchable_since: z.iso.datetime().nullable().meta({
      description: 'Since when events are found by all of these; null where that was always so.',
    }),
    operator_only: z.boolean().meta({
      description:
        'Sent by Posthorn itself, never published, and to endpoints of the operator (customer_id null) only.',
    }),
  })
  .meta({ id: 'EventType' });
export const eventTypeList = z
  .object({ items: z.array(eventTypeView), next_cursor: z.string().nullable() })
  .meta({ id: 'EventTypeList' });

/** Shapes a type for an answer. */
export function showEventType(type: EventType): z.output<typeof eventTypeView> {
  const { name, description, schema, broadcast, optIn, builtIn, searchable, sensitive, searchableSince } =
    type;
  return {
    name,
    description,
    schema,
    broadcast,
    opt_in: optIn,
    built_in: builtIn,
    searchable: [...searchable],
    sensitive: [...sensitive],
    searchable_since: searchableSince?.toISOString() ?? null,
    operator_only: isOperationalEvent(name),
  };
}
