import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Io } from '../io.ts';
import { UsageError } from '../usage-error.ts';

/** An instance and the key for it. */
export interface Profile {
  readonly url: string;
  readonly key: string;
}

/** What `login` keeps, readable by its owner only. */
export interface ConfigFile {
  readonly current: string | null;
  readonly profiles: Readonly<Record<string, Profile>>;
}

const EMPTY: ConfigFile = { current: null, profiles: {} };

/** Where the profiles are kept. */
export function configPath({ environment }: Pick<Io, 'environment'>): string {
  const base = environment.XDG_CONFIG_HOME || join(environment.HOME || homedir(), '.config');
  return join(base, 'posthorn', 'config.json');
}

/** The profiles; none where there is no file. @throws UsageError where the file is damaged */
export function readConfigFile(io: Pick<Io, 'environment'>): ConfigFile {
  const path = configPath(io);
  if (!existsSync(path)) return EMPTY;
  return { ...EMPTY, ...(readJsonFile(path) as Partial<ConfigFile>) };
}

/** Writes the profiles, for their owner's eyes only. */
export function writeConfigFile(io: Pick<Io, 'environment'>, config: ConfigFile): void {
  const path = configPath(io);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(path, `${JSON.stringify(config, null, 2)}\n`, { mode: 0o600 });
  chmodSync(path, 0o600);
}

/** The object that a file of JSON holds. @throws UsageError */
export function readJsonFile(path: string): object {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch (cause) {
    throw new UsageError(`${path} cannot be read: ${cause instanceof Error ? cause.message : cause}`, {
      cause,
    });
  }
  throw new UsageError(`${path} must hold a JSON object`);
}
