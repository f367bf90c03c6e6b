import { z } from 'zod';
import { PORTAL_SCOPES, PORTAL_SESSION_SECONDS } from '../../domain/session.ts';
import type { StoredSession } from '../../storage/access/session-store.ts';
import { pageQuery } from '../platform/answers/paging.ts';
import { customerId, isPlainlyVisible, refusal } from '../platform/input/fields.ts';

const MAX_TITLE_LENGTH = 60;
/** A picture of 32 KiB in base64. */
const MAX_LOGO_LENGTH = 44_000;
const LOGO = /^data:image\/(?:png|jpeg|gif|webp|svg\+xml);base64,[A-Za-z0-9+/]+={0,2}$/;
const time = z.string().meta({ format: 'date-time' });
const capability = z.enum(PORTAL_SCOPES).meta({ id: 'PortalCapability' });
const { min, max, initial } = PORTAL_SESSION_SECONDS;

/** Body of making a link. */
export const newPortalSession = z
  .strictObject({
    customer_id: customerId.meta({ description: 'Whose endpoints and deliveries the link shows.' }),
    capabilities: z
      .array(capability)
      .min(1)
      .max(PORTAL_SCOPES.length)
      .default(['view', 'test', 'retry', 'manage_endpoints'])
      .meta({
        description: 'What it allows, by the words of the scopes of keys. `view` is always among them.',
      }),
    expires_in_seconds: z.int().min(min).max(max).default(initial),
    theme: z.enum(['auto', 'light', 'dark']).default('auto'),
    name: z
      .string()
      .max(MAX_TITLE_LENGTH)
      .refine(isPlainlyVisible, refusal('invalid_name', 'Must have no invisible characters.'))
      .nullable()
      .default(null)
      .meta({ type: ['string', 'null'], description: 'Shown at the top of the page.' }),
    logo: z
      .string()
      .max(MAX_LOGO_LENGTH)
      .regex(LOGO, 'Must be a picture as a data: URL in base64.')
      .nullable()
      .default(null)
      .meta({
        type: ['string', 'null'],
        description: 'A picture as a `data:` URL; nothing is loaded from elsewhere.',
      }),
  })
  .meta({ id: 'NewPortalSession' });
export type NewPortalSessionInput = z.output<typeof newPortalSession>;

export const portalSessionsQuery = z.strictObject({ ...pageQuery });
export type PortalSessionsQuery = z.output<typeof portalSessionsQuery>;

/** A link as it is listed, without what it is opened by. */
export const portalSessionView = z
  .object({
    id: z.string(),
    customer_id: z.string(),
    capabilities: z.array(capability),
    theme: z.enum(['auto', 'light', 'dark']),
    name: z.string().nullable(),
    opened_by: z
      .string()
      .nullable()
      .meta({ description: "The key that made it; null for the operator's own." }),
    has_begun: z.boolean().meta({ description: 'Whether it was opened.' }),
    created_at: time,
    last_used_at: time.nullable().meta({ description: 'Exact to a minute.' }),
    expires_at: time,
    revoked_at: time.nullable(),
  })
  .meta({ id: 'PortalSession' });
export const createdPortalSessionView = portalSessionView
  .extend({ url: z.string().meta({ description: 'Opens the portal once; shown by this answer only.' }) })
  .meta({ id: 'CreatedPortalSession' });
export const portalSessionList = z
  .object({ items: z.array(portalSessionView), next_cursor: z.string().nullable() })
  .meta({ id: 'PortalSessionList' });

/** Shapes a stored link for an answer. */
export function showPortalSession(session: StoredSession): z.output<typeof portalSessionView> {
  return {
    id: session.id,
    customer_id: session.customerId ?? '',
    capabilities: PORTAL_SCOPES.filter((scope) => session.scopes?.includes(scope)),
    theme: session.look?.theme ?? 'auto',
    name: session.look?.name ?? null,
    opened_by: session.openedBy,
    has_begun: session.hasBegun,
    created_at: session.createdAt.toISOString(),
    last_used_at: session.lastUsedAt?.toISOString() ?? null,
    expires_at: session.expiresAt.toISOString(),
    revoked_at: session.revokedAt?.toISOString() ?? null,
  };
}
