/** The metadata of a route that holds its `AuditRule`. */
export const AUDIT_RULE = 'posthorn:audit';

/** How a request is audited. */
export interface AuditOptions {
  /** Spares requests that changed nothing, by what was asked and what was answered. */
  readonly unless?: (body: unknown, answer: unknown) => boolean;
  /** For a reading that must not go unnoticed: it is answered only once the entry is written. */
  readonly isNeeded?: boolean;
  /** Keeps the `reason` that the body gives, which is meant to be read by others. */
  readonly keepsReason?: boolean;
}

/** How a route is audited: under an action, or not, for a reason. */
export type AuditRule = (AuditOptions & { readonly action: string }) | { readonly reason: string };
