import { readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const PROGRAM = resolve('dist/clients/cli/main.js');
const ROOT = resolve('dist');
/** Each costs some tenths of a millisecond of every call. */
const MOST_FILES = 65;

describe('what the command line loads before it knows what is asked for', () => {
  const { files, packages } = loadedBy(PROGRAM);

  it('is nothing of the server: signatures and advice come with the commands that use them', () => {
    const foreign = files.map((file) => relative(ROOT, file)).filter((file) => !file.startsWith('clients/'));
    expect(foreign).toEqual([]);
  });

  it('is two packages, and a file a command', () => {
    expect([...packages].sort()).toEqual(['commander', 'openapi-fetch']);
    expect(files.length).toBeLessThanOrEqual(MOST_FILES);
  });
});

/** By imports that are not asked for later. */
function loadedBy(entry: string): {
  readonly files: readonly string[];
  readonly packages: ReadonlySet<string>;
} {
  const files = new Set<string>();
  const packages = new Set<string>();
  const queue = [entry];
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    if (files.has(file)) continue;
    files.add(file);
    const text = readFileSync(file, 'utf8');
    for (const [, name = ''] of text.matchAll(/^(?:import|export)\b[^;]*?\bfrom ['"]([^'"]+)['"]/gm)) {
      if (name.startsWith('.')) queue.push(join(dirname(file), name));
      else if (!name.startsWith('node:')) packages.add(name);
    }
  }
  return { files: [...files], packages };
}
