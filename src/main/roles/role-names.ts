import type { Role } from '../../config.ts';

/** What a process can be. */
export const ROLES = ['dev', 'all', 'api', 'worker', 'migrate'] as const satisfies readonly Role[];

/** Whether this is the name of a role. */
export function isRole(text: string): text is Role {
  return (ROLES as readonly string[]).includes(text);
}
