import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';

const text = readFileSync('SECURITY.md', 'utf8');
const { version, scripts } = z
  .object({ version: z.string(), scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync('package.json', 'utf8')));

describe('SECURITY.md', () => {
  it('names for every promise what shows it: tests and commands that exist', () => {
    const rows = rowsUnder('## What is promised');
    expect(rows.length).toBeGreaterThan(15);
    for (const [promise, shownBy = ''] of rows) {
      const proofs = [...shownBy.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '');
      expect([promise, proofs.length > 0, proofs.filter((proof) => !exists(proof))]).toEqual([
        promise,
        true,
        [],
      ]);
    }
  });

  it('says of this version that it gets fixes', () => {
    const [series] = /^\d+\.\d+/.exec(version) ?? [];
    expect(rowsUnder('## Report a vulnerability')).toContainEqual([series, 'yes']);
  });

  it('has the list of exceptions where it says, and is found from the README', () => {
    expect(text).toContain('`.ci/audit-exceptions.json`');
    expect(existsSync('.ci/audit-exceptions.json')).toBe(true);
    expect(readFileSync('README.md', 'utf8')).toContain('](SECURITY.md)');
  });
});

/** The cells of the first table behind a text, without its head. */
function rowsUnder(heading: string): readonly (readonly string[])[] {
  const table = /\n(\|.*\n)+/.exec(text.slice(text.indexOf(heading)))?.[0] ?? '';
  const lines = table.trim().split('\n').slice(2);
  return lines.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

function exists(proof: string): boolean {
  const [, script] = /^npm run (\w+)/.exec(proof) ?? [];
  return script === undefined ? proof.startsWith('test/') && existsSync(proof) : script in scripts;
}
