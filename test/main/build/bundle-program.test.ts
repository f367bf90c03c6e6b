import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const DIST = resolve('dist');
const PARTS = join(DIST, 'program');
const parts = readdirSync(PARTS).filter((name) => name.endsWith('.js'));

describe('the bundled program', () => {
  it.each([
    ['src/main/run-api.ts', 'async function runApi('],
    ['src/main/run-worker.ts', 'function runWorker('],
    ['src/storage/postgres/migrate.ts', 'async function migrate('],
  ])('tells in stacks the lines of %s', (file, definition) => {
    const { part, line, column } = find(definition);
    const map = new SourceMap(
      JSON.parse(readFileSync(join(PARTS, `${part}.map`), 'utf8')) as SourceMapPayload,
    );
    const entry = map.findEntry(line, column);
    if (!('originalSource' in entry)) throw new Error(`${part} does not tell where it has line ${line} from`);
    expect(resolve(PARTS, entry.originalSource)).toBe(resolve(file));
    const source = readFileSync(file, 'utf8').split('\n');
    expect(source[entry.originalLine]).toContain(definition);
  });

  it('finds files of ours where they are', () => {
    const files = parts.flatMap((part) => {
      const code = readFileSync(join(PARTS, part), 'utf8');
      return [...code.matchAll(/new URL\("(\.\.\/src\/[^"]+)", import\.meta\.url\)/g)].map(
        ([, file]) => file,
      );
    });
    expect(files).toContain('../src/storage/postgres/schema-state.js');
    for (const file of files) expect(existsSync(resolve(PARTS, file ?? ''))).toBe(true);
  });

  it.each(['async function runApi(', 'function runWorker('])(
    'brings the packages behind %s',
    (definition) => {
      const program = `
      let count = 0;
      const { _extensions } = (await import('node:module')).default;
      const read = _extensions['.js'];
      _extensions['.js'] = (module, file) => { count += 1; return read(module, file); };
      await import(process.argv[1]);
      console.log(count);
      process.exit();`;
      const { part } = find(definition);
      const args = ['--input-type=module', '-e', program, join(PARTS, part)];
      expect(Number(execFileSync(process.execPath, args, { encoding: 'utf8' }))).toBeLessThan(20);
    },
  );
});

function find(definition: string): { readonly part: string; readonly line: number; readonly column: number } {
  for (const part of parts) {
    const lines = readFileSync(join(PARTS, part), 'utf8').split('\n');
    const line = lines.findIndex((text) => text.includes(definition));
    if (line >= 0) return { part, line, column: lines[line]?.indexOf(definition) ?? 0 };
  }
  throw new Error(`nothing in ${PARTS} has ${definition}`);
}
