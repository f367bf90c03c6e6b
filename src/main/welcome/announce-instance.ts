import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Tells the command line, by a file of the data directory, where this instance listens.
 * @returns how to take that back
 */
export function announceInstance(dataDir: string, url: string): () => Promise<void> {
  const file = join(dataDir, 'instance.json');
  writeFileSync(file, `${JSON.stringify({ url })}\n`, { mode: 0o600 });
  return async () => rmSync(file, { force: true });
}
