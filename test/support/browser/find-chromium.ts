import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readHostPaths } from '../../../src/config.ts';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

/** Where Chromium is. @throws where it is not installed */
export function findChromium(): string {
  const found = readHostPaths()
    .searchPath.flatMap((directory) => NAMES.map((name) => join(directory, name)))
    .find(existsSync);
  if (found === undefined) throw new Error(`None of ${NAMES.join(', ')} is on the PATH: install Chromium.`);
  return found;
}
