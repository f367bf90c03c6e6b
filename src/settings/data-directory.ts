import { chmodSync, mkdirSync } from 'node:fs';

/**
 * Makes the data directory where it is missing. A new one is its owner's alone, whatever the umask says: it holds keys,
 * and ids and hosts of deliveries. One that exists keeps its mode: it may be shared on purpose.
 */
export function ensureDataDirectory(dataDir: string): void {
  const isNew = mkdirSync(dataDir, { recursive: true, mode: 0o700 }) !== undefined;
  if (isNew) chmodSync(dataDir, 0o700);
}
