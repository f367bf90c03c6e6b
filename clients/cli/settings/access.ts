import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Io } from '../io.ts';
import { UsageError } from '../usage-error.ts';
import { type ConfigFile, type Profile, readConfigFile, readJsonFile } from './config-file.ts';
import { findLocalInstance } from './local-instance.ts';

/** Which instance, with which key, and where both are known from. */
export interface Access {
  readonly url: string;
  /** Null where there is none for this URL. */
  readonly key: string | null;
  readonly source: string;
}

/** What the command line says of it. */
export interface AccessOptions {
  readonly profile?: string;
  readonly apiUrl?: string;
  readonly keyFile?: string;
}

const DEFAULT_URL = 'http://127.0.0.1:3400';
const PROJECT_FILE = '.posthorn.json';

/**
 * Options before environment, before `.posthorn.json` here, before the profile in use, before the instance that runs
 * here. A key goes only where it belongs: what a file of this directory names as the URL gets the key of a profile with
 * that URL, and none from the environment.
 * @throws UsageError
 */
export function findAccess(io: Io, options: AccessOptions): Access {
  const { url, source, key } = findInstance(io, options);
  if (!/^https?:\/\//.test(url) || !URL.canParse(url))
    throw new UsageError(`${source} names no http or https URL`);
  const fileKey = options.keyFile === undefined ? null : readKeyFile(resolve(io.directory, options.keyFile));
  return { url: url.replace(/\/+$/, ''), source, key: fileKey ?? key };
}

interface Instance extends Access {
  readonly key: string | null;
}

function findInstance(io: Io, options: AccessOptions): Instance {
  const { environment } = io;
  const config = readConfigFile(io);
  const givenKey = environment.POSTHORN_API_KEY || environment.POSTHORN_ADMIN_KEY || null;
  const ownKeyOf = (url: string): string | null => givenKey ?? keyFor(url, config);
  if (options.profile !== undefined) return fromProfile(options.profile, config, '--profile');
  if (options.apiUrl !== undefined)
    return { url: options.apiUrl, source: '--api-url', key: ownKeyOf(options.apiUrl) };
  if (environment.POSTHORN_URL)
    return { url: environment.POSTHORN_URL, source: 'POSTHORN_URL', key: ownKeyOf(environment.POSTHORN_URL) };
  const project = fromProjectFile(io, config);
  if (project !== null) return project;
  if (config.current !== null) {
    const profile = fromProfile(config.current, config, 'the profile in use');
    return { ...profile, key: givenKey ?? profile.key };
  }
  const local = findLocalInstance(io);
  if (local !== null)
    return { url: local.url, key: givenKey ?? local.key, source: 'the instance that runs here' };
  return { url: DEFAULT_URL, key: givenKey, source: 'the default' };
}

function fromProjectFile(io: Io, config: ConfigFile): Instance | null {
  const path = join(io.directory, PROJECT_FILE);
  if (!existsSync(path)) return null;
  const { url, profile, ...others } = readJsonFile(path) as Readonly<Record<string, unknown>>;
  if (Object.keys(others).length > 0)
    throw new UsageError(
      `${path} may have "url" or "profile" only, never a key: it has ${Object.keys(others)}`,
    );
  if (typeof profile === 'string') return fromProfile(profile, config, path);
  if (typeof url !== 'string') return null;
  return { url, source: path, key: keyFor(url, config) };
}

function fromProfile(name: string, { profiles }: ConfigFile, source: string): Instance {
  const profile = Object.hasOwn(profiles, name) ? profiles[name] : undefined;
  if (profile === undefined) {
    const known = Object.keys(profiles).join(', ') || 'none; posthorn login makes one';
    throw new UsageError(`${source} names the profile "${name}"; there are: ${known}`);
  }
  return { ...profile, source: `the profile ${name}` };
}

function keyFor(url: string, { profiles }: ConfigFile): string | null {
  const isSame = (one: Profile): boolean =>
    URL.canParse(url) && new URL(one.url).origin === new URL(url).origin;
  return Object.values(profiles).find(isSame)?.key ?? null;
}

function readKeyFile(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (cause) {
    throw new UsageError(`--key-file ${path} cannot be read`, { cause });
  }
}
