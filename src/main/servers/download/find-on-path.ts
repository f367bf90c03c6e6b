import { accessSync, constants, statSync } from 'node:fs';
import { join } from 'node:path';

/** The first executable file of this name in these directories, or null. */
export function findOnPath(command: string, searchPath: readonly string[]): string | null {
  return searchPath.map((directory) => join(directory, command)).find(isExecutableFile) ?? null;
}

/** Whether this is a file that we may run. */
export function isExecutableFile(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
