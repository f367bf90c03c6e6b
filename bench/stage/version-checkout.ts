import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const LOCK = 'package-lock.json';

/** The commit that a revision of this checkout's history names, in short. @throws Error where there is none */
export async function commitOf(revision: string): Promise<string> {
  const { stdout } = await run('git', ['rev-parse', '--short', `${revision}^{commit}`]);
  return stdout.trim();
}

/** The newest release that this checkout comes from; null where there is none. */
export async function lastTag(): Promise<string | null> {
  const { stdout } = await run('git', ['tag', '--list', 'v*', '--merged', 'HEAD', '--sort=-version:refname']);
  return stdout.split('\n').find((name) => name !== '') ?? null;
}

/** Builds what runs of another version in a directory that does not exist, with its own packages or, if equal, ours. */
export async function buildVersion(revision: string, directory: string): Promise<void> {
  mkdirSync(directory);
  await run('sh', ['-c', 'git archive "$1" | tar -x -C "$2"', 'sh', revision, directory]);
  if (readFileSync(LOCK, 'utf8') === readFileSync(join(directory, LOCK), 'utf8'))
    symlinkSync(resolve('node_modules'), join(directory, 'node_modules'));
  await run(process.execPath, ['src/main/build/bootstrap.mjs', 'build'], { cwd: directory });
}
