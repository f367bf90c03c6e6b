import { createHash } from 'node:crypto';

/** What servers take at most. */
const MAX_BYTES = 64;

/**
 * Under which key a server that shares its workers out fairly counts a customer: their id, or where that is longer than
 * servers take, a digest of it. Servers that do not share so ignore it.
 */
export function fairnessKeyOf(customerId: string): string {
  if (Buffer.byteLength(customerId) <= MAX_BYTES) return customerId;
  return createHash('sha256').update(customerId).digest('base64url');
}
