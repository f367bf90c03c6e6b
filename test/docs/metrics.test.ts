import { readFileSync } from 'node:fs';
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
});
