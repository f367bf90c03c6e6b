import { rmSync } from 'node:fs';

/** Removes a directory with all it holds, also while a dying server still writes into it. */
export function removeDirectory(directory: string): void {
  rmSync(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}
