import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe } from '@jest/globals';
import { SUITES } from './plan.mjs';
import type { SuiteControl } from './suite-environment.ts';

declare const suiteControl: SuiteControl;

/**
 * Runs one part of a suite's test files in this one, each in a block that bears its name, over modules that are loaded
 * once: in the order of their names, every `parts`th from the `part`th (from 1) on.
 */
export async function runTogether(name: string, part: number): Promise<void> {
  const suite = SUITES[name];
  if (suite === undefined) throw new Error(`there is no suite "${name}"`);
  const files = suite.folders.flatMap((folder) => testFilesBelow(join('test', folder)));
  for (const file of files.filter((_, index) => index % suite.parts === part - 1)) {
    describe(relative(process.cwd(), file), () => {});
    const leave = suiteControl.enterLastBlock();
    await import(pathToFileURL(file).href);
    leave();
  }
}

function testFilesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .sort()
    .map((name) => join(folder, name));
}
