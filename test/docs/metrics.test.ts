import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ownFigures } from '../support/metrics/own-figures.ts';

const PAGE = 'docs/operate/metrics.md';
const text = readFileSync(PAGE, 'utf8');

describe(PAGE, () => {
  it('tells every figure, with its labels and what it means', () => {
    const rows = ownFigures().map(({ name, type, labels, help }) => {
      const named = labels.map((label) => `\`${label}\``).join(', ');
      return `| \`${name}\` | ${type} | ${named} | ${help} |`;
    });
    const told = text.split('\n').filter((line) => line.startsWith('| `'));
    expect(told).toEqual(rows);
  });

  it('links to files that exist', () => {
    const links = [...text.matchAll(/\]\((\.[^)#]+)/g)].map(([, link = '']) => join(dirname(PAGE), link));
    expect(links.length).toBeGreaterThan(0);
    expect(links.filter((link) => !existsSync(link))).toEqual([]);
  });
});
