import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const FOLDERS = ['docs/operate', 'docs/runbook'];
const pages = FOLDERS.flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)));

describe('the pages for operators', () => {
  it.each(['CHANGELOG.md', ...pages])('lead from %s to pages, headings and files that exist', (page) => {
    const links = [...readFileSync(page, 'utf8').matchAll(/\]\((?!https?:)([^)]+)\)/g)].map(
      ([, link = '']) => link,
    );
    const broken = links.filter((link) => {
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? page : join(dirname(page), path);
      return !existsSync(target) || (anchor !== undefined && !anchorsOf(target).includes(anchor));
    });
    expect(broken).toEqual([]);
  });

  it.each(pages)('name in %s only tests that there are', (page) => {
    const tests = [...readFileSync(page, 'utf8').matchAll(/`(test\/[\w./-]+\.ts)`/g)].map(
      ([, file = '']) => file,
    );
    expect(tests.filter((file) => !existsSync(file))).toEqual([]);
  });
});

describe('CHANGELOG.md', () => {
  it('has a section for what is not released yet', () => {
    expect(readFileSync('CHANGELOG.md', 'utf8')).toMatch(/^## Unreleased$/m);
  });
});

function anchorsOf(file: string): readonly string[] {
  return [...readFileSync(file, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w -]/g, '')
      .replaceAll(' ', '-'),
  );
}
