import { createHash } from 'node:crypto';

/**
 * Under which key a server that shares its workers out fairly counts a customer: a digest, as customers' ids are
 * nobody's business there, and may be longer than the 64 bytes that servers take. Servers that do not share so ignore
 * it.
 */
export function fairnessKeyOf(customerId: string): string {
  return createHash('sha256').update(customerId).digest('base64url');
}
