import type { ApiKeyScope } from './api-key.ts';

/** What a session is for: the console, by a cookie, or a customer's portal, by a token. */
export const SESSION_KINDS = ['console', 'portal'] as const;
export type SessionKind = (typeof SESSION_KINDS)[number];

/** A console's session lasts a working day. */
export const CONSOLE_SESSION_SECONDS = 43_200;

/** How long a one-time code waits for its browser. */
export const CODE_SECONDS = 900;

/** Least and most that a portal's link may last, and what it lasts where nothing is said. */
export const PORTAL_SESSION_SECONDS = { min: 60, max: 86_400, initial: 3_600 } as const;

/** What a portal link can allow: all that a customer's key can be given but to publish. */
export const PORTAL_SCOPES = [
  'view',
  'test',
  'retry',
  'manage_endpoints',
  'secrets',
] as const satisfies readonly ApiKeyScope[];

/** How a portal looks, as the one who made the link wants it. */
export interface PortalLook {
  /** Shown in the place of the product's name. */
  readonly name: string | null;
  /** A `data:` URL of a picture; nothing is loaded from elsewhere. */
  readonly logo: string | null;
  readonly theme: 'auto' | 'light' | 'dark';
}
