import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Where the build puts the console. */
export const CONSOLE_DIRECTORY = join(
  dirname(createRequire(import.meta.url).resolve('posthorn/package.json')),
  'dist',
  'dashboard',
);
