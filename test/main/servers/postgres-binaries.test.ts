import { lstatSync, mkdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { isExecutableFile } from '../../../src/main/servers/download/find-on-path.ts';
import { makeMissingLinks, preparePostgresBinaries } from '../../../src/main/servers/postgres-binaries.ts';
import { newDataDirectory } from '../../support/runs/temporal.ts';

describe('makeMissingLinks', () => {
  it('makes the listed links, relative to where they lie, and may be repeated', () => {
    const directory = packageWith([{ source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so.5' }]);
    makeMissingLinks(directory);
    makeMissingLinks(directory);
    const link = join(directory, 'native/lib/libpq.so.5');
    expect(readlinkSync(link)).toBe('libpq.so.5.18');
    expect(readFileSync(link, 'utf8')).toBe('a library');
  });

  it('leaves a file alone that lies where a link should be', () => {
    const directory = packageWith([{ source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so.5' }]);
    writeFileSync(join(directory, 'native/lib/libpq.so.5'), 'a copy');
    makeMissingLinks(directory);
    expect(lstatSync(join(directory, 'native/lib/libpq.so.5')).isSymbolicLink()).toBe(false);
  });

  it('has nothing to do for a package without a list', () => {
    expect(() => makeMissingLinks(newDataDirectory())).not.toThrow();
  });
});

describe('preparePostgresBinaries', () => {
  it('finds programs that can be run', async () => {
    const { postgres, initdb } = await preparePostgresBinaries();
    expect([postgres, initdb].every(isExecutableFile)).toBe(true);
  });
});

function packageWith(links: readonly { source: string; target: string }[]): string {
  const directory = newDataDirectory();
  mkdirSync(join(directory, 'native', 'lib'), { recursive: true });
  writeFileSync(join(directory, 'native/lib/libpq.so.5.18'), 'a library');
  writeFileSync(join(directory, 'native', 'pg-symlinks.json'), JSON.stringify(links));
  return directory;
}
