/** The metadata of a route that holds its `AuditRule`. */
export const AUDIT_RULE = 'posthorn:audit';

/** How a route is audited: under an action, or not, for a reason. */
export type AuditRule =
  | { readonly action: string; readonly unless?: (body: unknown) => boolean }
  | { readonly reason: string };
