import { z } from 'zod';
import { AUDIT_ACTORS, type AuditEntry } from '../../storage/access/audit-store.ts';
import type { Caller } from '../platform/access/caller.ts';
import { pageQuery } from '../platform/answers/paging.ts';
import { customerId, instant } from '../platform/input/fields.ts';

const MAX_TEXT_LENGTH = 128;

export const auditQuery = z.strictObject({
  customer_id: customerId.optional().meta({ description: 'Whose things were changed.' }),
  subject_id: z.string().max(MAX_TEXT_LENGTH).optional().meta({ description: 'Id of what was changed.' }),
  action: z
    .string()
    .max(MAX_TEXT_LENGTH)
    .optional()
    .meta({ examples: ['endpoint.update'] }),
  after: instant.optional().meta({ description: 'Done at or after this time.' }),
  before: instant.optional().meta({ description: 'Done before this time.' }),
  ...pageQuery,
});
export type AuditQuery = z.output<typeof auditQuery>;

const auditEntryView = z
  .object({
    id: z.string(),
    created_at: z.string().meta({ format: 'date-time' }),
    action: z.string(),
    subject_id: z.string().nullable(),
    customer_id: z.string().nullable().meta({ description: 'Whose the subject is.' }),
    actor: z.enum(AUDIT_ACTORS).meta({ description: '`system`: Posthorn itself.' }),
    key_id: z.string().nullable().meta({
      description: "Null for the operator's key of the configuration, and of the operator's for customers.",
    }),
    person: z.string().nullable().meta({
      description: 'Whom a trusted proxy named as the one; null where a key was shown, and for customers.',
    }),
    address: z
      .string()
      .nullable()
      .meta({ description: 'From where; null where unknown, and of the operator for customers.' }),
    request_id: z.string().nullable().meta({ description: 'Null where no request asked for it.' }),
    reason: z
      .string()
      .nullable()
      .meta({
        description:
          'What for, in their words; of what Posthorn did by itself the code ' +
          'of what led to it, such as `http_503` or `gone`.',
      }),
    changed: z
      .array(z.string())
      .meta({ description: 'Names of the members that the request gave; values are not kept.' }),
    affected: z.int().nullable().meta({ description: 'How many things an action in bulk affected.' }),
  })
  .meta({ id: 'AuditEntry' });
export const auditPage = z
  .object({ items: z.array(auditEntryView), next_cursor: z.string().nullable() })
  .meta({ id: 'AuditList' });

/** Shapes an entry for its reader: a customer does not learn by which key and from where the operator came. */
export function showAuditEntry(entry: AuditEntry, caller: Caller): z.output<typeof auditEntryView> {
  const isHidden = caller.kind === 'customer' && entry.actor === 'operator';
  return {
    id: entry.id,
    created_at: entry.createdAt.toISOString(),
    action: entry.action,
    subject_id: entry.subjectId,
    customer_id: entry.customerId,
    actor: entry.actor,
    key_id: isHidden ? null : entry.keyId,
    person: isHidden ? null : entry.person,
    address: isHidden ? null : entry.address,
    request_id: entry.requestId,
    reason: entry.reason,
    changed: [...entry.changed],
    affected: entry.affected,
  };
}
