import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { BENCHMARKS } from '../../bench/benchmarks.ts';
import { type Block, blocks } from '../support/docs/blocks.ts';
import { matches, PAGES, pageText } from '../support/docs/pages.ts';

/** Alerts are held to the pages of the runbook by a test of their own, shell and SQL are run by another. */
const RUN_BY_LANGUAGE: Readonly<Record<string, string>> = {
  promql: 'test/deploy/alerts.test.ts',
  bash: 'test/docs/commands.test.ts',
  sql: 'test/docs/commands.test.ts',
};
const { scripts } = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync('package.json', 'utf8')));

describe('the blocks of the pages', () => {
  it('are each shown, read as JSON, run, or say why they are not', () => {
    const unheld = blocks().filter(({ language, mark }) => {
      if (language === 'text' || language === 'json') return mark !== null;
      return mark === null && RUN_BY_LANGUAGE[language] === undefined;
    });
    expect(unheld.map(placeOf)).toEqual([]);
  });

  it('are run by files that there are', () => {
    const files = blocks().flatMap(({ mark }) => (mark?.kind === 'run by' ? [mark.text] : []));
    expect(files.length).toBeGreaterThan(10);
    expect([...files, ...Object.values(RUN_BY_LANGUAGE)].filter((file) => !existsSync(file))).toEqual([]);
  });

  it('are JSON where they say so, but for what is left out', () => {
    const broken = blocks().filter(({ language, text }) => language === 'json' && !isJson(completed(text)));
    expect(broken.map(placeOf)).toEqual([]);
  });

  it('are fenced where they are commands', () => {
    const indented = PAGES.flatMap((page) => {
      const prose = pageText(page).replaceAll(/```[\s\S]*?```/g, '');
      return matches(/^\n {4}(\S.*)$/gm, prose).map((line) => `${page}: ${line}`);
    });
    expect(indented).toEqual([]);
  });

  it('call only scripts and benchmarks that there are', () => {
    const told = PAGES.map(pageText).join('\n');
    const called = matches(/npm run (?:--silent )?([\w-]+)/g, told);
    expect(called.length).toBeGreaterThan(20);
    expect(called.filter((name) => !(name in scripts))).toEqual([]);
    const names = BENCHMARKS.map(({ name }) => name);
    const measured = matches(/npm run (?:--silent )?bench -- (\w+)/g, told);
    expect(measured.filter((name) => !names.includes(name))).toEqual([]);
  });
});

function placeOf({ page, line, language }: Block): string {
  return `${page}:${line} (${language || 'no language'})`;
}

/** With nothing for what a reader is to think of: `{…}`, `[…]`, `…]`. */
function completed(text: string): string {
  return text.replaceAll('{…}', '{}').replaceAll('[…]', '[]').replaceAll(',…]', ']');
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
