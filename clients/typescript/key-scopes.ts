import type { components } from './schema.ts';

/** A word of what a key may do. */
export type KeyScope = components['schemas']['KeyScope'];

/** All of them. */
export const KEY_SCOPES = [
  'publish',
  'view',
  'test',
  'retry',
  'manage_endpoints',
  'secrets',
  'operate',
] as const satisfies readonly KeyScope[];
