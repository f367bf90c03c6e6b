import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newKeyText } from './api-key-text.ts';
import { ConfigError } from './config-error.ts';
import { ensureDataDirectory } from './data-directory.ts';
import { parseKeyList } from './key-list.ts';

const MASTER_KEY_BYTES = 32;

/** The operator's key of `npm start`: generated once, kept in the data directory. */
export function keptAdminKey(dataDir: string): string {
  return keptKey(dataDir, 'admin-key', newKeyText);
}

/**
 * The master keys of `npm start`, in a file that is read like the variable.
 * @throws ConfigError where it is malformed
 */
export function keptMasterKeys(dataDir: string): readonly Buffer[] {
  const keys = parseKeyList(keptKey(dataDir, 'master-key', newMasterKey));
  if (keys !== null) return keys;
  throw new ConfigError(
    `${join(dataDir, 'master-key')} must hold base64 of 32 bytes, or several separated by commas`,
  );
}

function keptKey(dataDir: string, name: string, generate: () => string): string {
  const file = join(dataDir, name);
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  ensureDataDirectory(dataDir);
  const key = generate();
  writeFileSync(file, `${key}\n`, { mode: 0o600, flag: 'wx' });
  return key;
}

function newMasterKey(): string {
  return randomBytes(MASTER_KEY_BYTES).toString('base64');
}
