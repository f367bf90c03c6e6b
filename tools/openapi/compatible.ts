import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { lastTag } from '../supply/last-tag.ts';
import { breakingChanges } from './breaking-changes.ts';

const DOCUMENT = 'clients/openapi.json';

/** `npm run compatible`: says what breaks clients of the last release, and ends with 1 where anything does. */
const tag = lastTag();
if (tag === null) {
  process.stdout.write('There is no release yet.\n');
} else {
  const before = execFileSync('git', ['show', `${tag}:${DOCUMENT}`], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  const found = breakingChanges(JSON.parse(before), JSON.parse(readFileSync(DOCUMENT, 'utf8')));
  for (const change of found) process.stdout.write(`${change}\n`);
  process.stdout.write(`${found.length} changes since ${tag} break clients.\n`);
  process.exitCode = found.length === 0 ? 0 : 1;
}
