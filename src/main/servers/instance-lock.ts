import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { isAlive, startTimeOf } from './process-identity.ts';

/** Another living process uses these files. */
export class AlreadyRunningError extends Error {
  override readonly name = 'AlreadyRunningError';
}

/**
 * Claims a file for this process until `release` is called or the process ends, however it ends.
 * @throws AlreadyRunningError while its owner lives
 */
export function lockForThisProcess(file: string, what: string): { release(): void } {
  mkdirSync(dirname(file), { recursive: true });
  const mine = `${process.pid} ${startTimeOf(process.pid) ?? ''}`;
  const owner = ownerOf(file);
  if (owner !== null) {
    throw new AlreadyRunningError(
      `Another Posthorn (process ${owner}) already runs ${what} in ${dirname(file)}: stop it, or ` +
        `name another POSTHORN_DATA_DIR`,
    );
  }
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, mine);
  renameSync(draft, file);
  return {
    release() {
      if (read(file) === mine) rmSync(file, { force: true });
    },
  };
}

function ownerOf(file: string): number | null {
  const [pidText = '', startTime = ''] = read(file).split(/ (.*)/);
  const pid = Number(pidText);
  if (!Number.isInteger(pid) || pid <= 0 || !isAlive(pid)) return null;
  return (startTimeOf(pid) ?? '') === startTime ? pid : null;
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
