import { z } from 'zod';
import type { StoredSession } from '../../storage/access/session-store.ts';
import type { Caller } from '../platform/access/caller.ts';
import { keyScope } from '../platform/answers/named-schemas.ts';
import { pageQuery } from '../platform/answers/paging.ts';

const time = z.string().meta({ format: 'date-time' });
const MAX_CODE_LENGTH = 100;

/** Body of beginning a session by the one-time code of a link. */
export const sessionCode = z
  .strictObject({
    code: z.string().max(MAX_CODE_LENGTH).meta({ description: 'From the fragment of the link.' }),
  })
  .meta({ id: 'SessionCode' });
export type SessionCodeInput = z.output<typeof sessionCode>;

export const portalLookView = z
  .object({
    name: z.string().nullable(),
    logo: z.string().nullable(),
    theme: z.enum(['auto', 'light', 'dark']),
  })
  .meta({ id: 'PortalLook' });

/** Who is calling, and what they may do. */
export const callerView = z
  .object({
    kind: z.enum(['operator', 'customer']),
    customer_id: z.string().nullable(),
    scopes: z.array(keyScope),
    key_id: z.string().nullable().meta({ description: "Null for the operator's key of the configuration." }),
    person: z
      .string()
      .nullable()
      .meta({ description: 'Whom a trusted proxy names; null where a key or session was shown.' }),
    session: z
      .object({ id: z.string(), kind: z.enum(['console', 'portal']), expires_at: time })
      .nullable()
      .meta({ description: 'Null where a key was shown.' }),
    portal: portalLookView.nullable().meta({ description: 'How a portal looks; null where this is none.' }),
  })
  .meta({ id: 'SessionCaller' });

/** What begins by a code: a console's session is a cookie, a portal's the token. */
export const begunSessionView = z
  .object({
    id: z.string(),
    kind: z.enum(['console', 'portal']),
    token: z.string().nullable().meta({
      description: 'Of a portal: to be shown as `Authorization: Bearer`. Null where a cookie was set.',
    }),
    expires_at: time,
  })
  .meta({ id: 'BegunSession' });

export const sessionLinkView = z
  .object({
    id: z.string(),
    url: z.string().meta({ description: 'Opens the console, once, in the browser of whoever has it.' }),
    code_expires_at: time,
    expires_at: time,
  })
  .meta({ id: 'SessionLink' });

export const sessionsQuery = z.strictObject({ ...pageQuery });
export type SessionsQuery = z.output<typeof sessionsQuery>;

/** A session of the console as it is listed. */
export const sessionView = z
  .object({
    id: z.string(),
    key_id: z.string().nullable().meta({ description: "Null for the operator's key of the configuration." }),
    has_begun: z.boolean().meta({ description: 'False where its link was not opened yet.' }),
    created_at: time,
    last_used_at: time.nullable().meta({ description: 'Exact to a minute.' }),
    expires_at: time,
    revoked_at: time.nullable(),
  })
  .meta({ id: 'Session' });
export const sessionList = z
  .object({ items: z.array(sessionView), next_cursor: z.string().nullable() })
  .meta({ id: 'SessionList' });

export function showCaller(caller: Caller): z.output<typeof callerView> {
  const { session } = caller;
  return {
    kind: caller.kind,
    customer_id: caller.kind === 'customer' ? caller.customerId : null,
    scopes: [...caller.scopes],
    key_id: caller.keyId,
    person: caller.person ?? null,
    session:
      session === undefined
        ? null
        : { id: session.id, kind: session.kind, expires_at: session.expiresAt.toISOString() },
    portal: session?.look ?? null,
  };
}

export function showSession(session: StoredSession): z.output<typeof sessionView> {
  return {
    id: session.id,
    key_id: session.keyId,
    has_begun: session.hasBegun,
    created_at: session.createdAt.toISOString(),
    last_used_at: session.lastUsedAt?.toISOString() ?? null,
    expires_at: session.expiresAt.toISOString(),
    revoked_at: session.revokedAt?.toISOString() ?? null,
  };
}
