import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { RUN_ELSEWHERE } from './commands.ts';

const DIRECTORY = 'test/clients/cli';

describe('the commands that are not run beside the others', () => {
  const tests = readdirSync(DIRECTORY)
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => readFileSync(join(DIRECTORY, file), 'utf8'))
    .join('\n')
    .replaceAll(/([,[(])\s+/g, '$1 ');

  it.each(RUN_ELSEWHERE)('%s is run by another test', (name) => {
    expect(tests).toMatch(new RegExp(`[[(] ?'${name.split(' ').join("', '")}'`));
  });
});
