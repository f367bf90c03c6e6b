import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe } from '@jest/globals';
import type { SuiteControl } from './suite-environment.ts';

declare const suiteControl: SuiteControl;

/**
 * Which of the test files below a folder, in the order of their names: every `of`th, from the `part`th (1 to `of`) on.
 */
export interface Share {
  readonly part: number;
  readonly of: number;
}

/** Runs test files in this one, each in a block that bears its name, over modules that are loaded once. */
export async function runTogether(folder: string, { part, of }: Share): Promise<void> {
  const files = testFilesBelow(folder).filter((_, index) => index % of === part - 1);
  for (const file of files) {
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
