import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ambiguousConstants } from './support/house-constants.ts';
import {
  crowdedFolders,
  foreignWrites,
  importCycles,
  spelledOut,
  upwardImports,
} from './support/house-plan.ts';
import { findViolations, isTooWide, type SourceFile } from './support/house-rules.ts';

const ROOMS = [
  'src',
  'workflows',
  'activities',
  'clients/typescript',
  'clients/cli',
  'test',
  'bench',
  'tools',
];
/** Rooms of what is not in TypeScript alone. */
const OTHER_ROOMS = ['src', 'clients', 'bench', 'tools', 'deploy', '.ci'];
const OTHERS = /^(?!.*node_modules).*(?:\.(?:mjs|go|py|sh)|\.ci\/run)$/;
/** Made by `npm run openapi`, as long as the API is wide. */
const GENERATED = 'clients/typescript/schema.ts';
const MAX_MEDIAN_LINES = 80;

describe('the house', () => {
  it('breaks none of its rules', () => {
    expect(sourceFiles().flatMap(findViolations)).toEqual([]);
  });

  it('has no files that import each other', () => {
    expect(importCycles(sourceFiles().filter(isProduct))).toEqual([]);
  });

  it('keeps the order of the folders of storage', () => {
    expect(upwardImports(sourceFiles())).toEqual([]);
  });

  it('has folders that one takes in at a glance', () => {
    expect(crowdedFolders(allPaths())).toEqual([]);
  });

  it('spells out neither routes nor lists of states in storage', () => {
    expect(spelledOut(sourceFiles())).toEqual([]);
  });

  it('has no lines wider than 120 columns in other languages either', () => {
    const paths = OTHER_ROOMS.flatMap((room) => pathsBelow(room)).filter((path) => OTHERS.test(path));
    const wide = paths.filter((path) => readFileSync(path, 'utf8').split('\n').some(isTooWide));
    expect({ wide, isAny: paths.length > 0 }).toEqual({ wide: [], isAny: true });
  });

  it('gives no two numbers one name', () => {
    expect(ambiguousConstants(sourceFiles().filter(isProduct))).toEqual([]);
  });

  it('writes each table only where its writers are', () => {
    expect(foreignWrites(sourceFiles())).toEqual([]);
  });

  it('is made of small files', () => {
    const lines = sourceFiles()
      .filter(isProduct)
      .map(({ text }) => text.trimEnd().split('\n').length)
      .sort((a, b) => a - b);
    expect(lines[Math.floor(lines.length / 2)] ?? 0).toBeLessThanOrEqual(MAX_MEDIAN_LINES);
  });
});

describe('ambiguousConstants', () => {
  const one = { path: 'src/main/a.ts', text: 'const WAIT_MS = 1_000;\nconst LIMIT = 2 * 60;' };

  it('notices a name that stands for two numbers', () => {
    const other = { path: 'src/main/b.ts', text: 'export const WAIT_MS = 2_000;' };
    expect(ambiguousConstants([one, other])).toEqual([
      'WAIT_MS is 1000 in src/main/a.ts and 2000 in src/main/b.ts',
    ]);
  });

  it('is content with one number of one name, and with texts', () => {
    const other = { path: 'src/main/b.ts', text: "const WAIT_MS = 1000;\nconst NAME = 'a';" };
    const another = { path: 'src/main/c.ts', text: "const NAME = 'b';" };
    expect(ambiguousConstants([one, other, another])).toEqual([]);
  });
});

describe('findViolations', () => {
  const broken: readonly (readonly [why: string, path: string, text: string])[] = [
    ['the domain imports storage', 'src/domain/a.ts', "import { x } from '../storage/x.ts';"],
    ['the domain imports Node', 'src/domain/a.ts', "import { join } from 'node:path';"],
    ['the domain imports a package', 'src/domain/a.ts', "import { z } from 'zod';"],
    ['the domain imports configuration', 'src/domain/a.ts', "import { readConfig } from '../config.ts';"],
    ['the domain reads the clock', 'src/domain/a.ts', 'export const now = (): number => Date.now();'],
    ['the domain makes a date of now', 'src/domain/a.ts', 'export const now = (): Date => new Date();'],
    ['the domain rolls dice', 'src/domain/a.ts', 'export const r = (): number => Math.random();'],
    ['the domain reads the environment', 'src/domain/a.ts', 'export const e = process.env;'],
    ['storage imports transport', 'src/storage/a.ts', "import { x } from '../transport/x.ts';"],
    ['transport imports storage by type', 'src/transport/a.ts', "import type { X } from '../storage/x.ts';"],
    ['storage exports from the api', 'src/storage/a.ts', "export { x } from '../api/x.ts';"],
    ['an activity imports temporal', 'activities/a.ts', "import { x } from '../src/temporal/x.ts';"],
    ['a workflow imports activity code', 'workflows/a.ts', "import { x } from '../activities/x.ts';"],
    ['a workflow imports storage', 'workflows/a.ts', "import type { X } from '../src/storage/x.ts';"],
    [
      'temporal imports workflow code',
      'src/temporal/a.ts',
      "import { d } from '../../workflows/deliver.ts';",
    ],
    ['temporal imports storage', 'src/temporal/a.ts', "import { x } from '../storage/x.ts';"],
    ['the api imports transport', 'src/api/a/a.ts', "import { x } from '../../transport/x.ts';"],
    ['the api imports main at run time', 'src/api/a.ts', "const x = await import('../main/x.ts');"],
    ['the api names a type of transport', 'src/api/a.ts', "type X = import('../transport/x.ts').X;"],
    [
      'the library of producers imports the domain',
      'clients/typescript/a.ts',
      "import { d } from '../../src/domain/d.ts';",
    ],
    ['the command line imports the api', 'clients/cli/a.ts', "import { a } from '../../src/api/a.ts';"],
    ['the command line imports storage', 'clients/cli/a.ts', "import { x } from '../../src/storage/x.ts';"],
    [
      'an import mixes values into types',
      'workflows/a.ts',
      "import { type X, y } from '../activities/x.ts';",
    ],
    ['the environment is read elsewhere', 'src/main/a.ts', 'export const home = process.env.HOME;'],
    ['a file is too long', 'src/api/a.ts', 'export {};\n'.repeat(301)],
    ['there is a default function', 'src/api/a.ts', 'export default function a(): void {}'],
    ['there is a default expression', 'src/api/a.ts', 'export default 1;'],
    ['a name is exported as default', 'src/api/a.ts', 'const a = 1;\nexport { a as default };'],
    ['there is an any', 'src/api/a.ts', 'export const a = (b: any): void => b;'],
    ['there is an any in a cast', 'src/api/a.ts', 'export const a = JSON.parse("1") as any;'],
    ['there is an enum', 'src/api/a.ts', 'export enum Colour { Red }'],
    ['null is asserted away', 'src/api/a.ts', 'export const a = (b: string | null): string => b!;'],
    ['a line is too wide', 'src/api/a.ts', `export const a = '${'a '.repeat(60)}';`],
    ['work is left undone', 'src/api/a.ts', `// ${'TO'}DO: later`],
    ['something is printed', 'src/api/a.ts', 'console.log(1);'],
    ['a test speaks SQL', 'test/api/a.test.ts', "await pool.query('SELECT FROM endpoints');"],
  ];

  it.each(broken)('notices when %s', (_why, path, text) => {
    expect(findViolations({ path, text })).not.toEqual([]);
  });

  const sound: readonly (readonly [why: string, path: string, text: string])[] = [
    ['the domain imports itself', 'src/domain/a.ts', "import { b } from './b.ts';"],
    [
      'the domain makes dates of arguments',
      'src/domain/a.ts',
      'export const d = (ms: number): Date => new Date(ms);',
    ],
    ['storage imports the domain', 'src/storage/a.ts', "import { b } from '../domain/b.ts';"],
    ['an activity imports storage', 'activities/a.ts', "import { x } from '../src/storage/x.ts';"],
    [
      'a workflow imports types of activities',
      'workflows/a.ts',
      "import type { X } from '../activities/x.ts';",
    ],
    ['a workflow imports single types', 'workflows/a.ts', "import { type X } from '../activities/x.ts';"],
    ['temporal imports messages', 'src/temporal/a.ts', "import { m } from '../../workflows/messages.ts';"],
    ['the api imports storage', 'src/api/a/a.ts', "import { x } from '../../storage/x.ts';"],
    ['main imports everything', 'src/main/a.ts', "import { x } from '../api/x.ts';"],
    ['configuration reads the environment', 'src/config.ts', 'export const home = process.env.HOME;'],
    ['an address is wide', 'src/api/a.ts', `// https://example.com/${'a'.repeat(120)}`],
    ['a text speaks of any', 'src/api/a.ts', "export const a = 'any process at all';"],
    ['the program prints', 'src/main/a.ts', 'console.log(1);'],
  ];

  it.each(sound)('is content when %s', (_why, path, text) => {
    expect(findViolations({ path, text })).toEqual([]);
  });
});

describe('the plan of the house', () => {
  const file = (path: string, ...imports: string[]): SourceFile => ({
    path,
    text: imports.map((target) => `import type { X } from '${target}';`).join('\n'),
  });

  it.each([
    ['of two', [file('src/a/a.ts', './b.ts'), file('src/a/b.ts', './a.ts')], 1],
    ['of three', [file('a/a.ts', '../b/b.ts'), file('b/b.ts', './c.ts'), file('b/c.ts', '../a/a.ts')], 1],
    ['of none', [file('a/a.ts', './b.ts', './c.ts'), file('a/b.ts', './c.ts'), file('a/c.ts')], 0],
  ])('notices a circle %s', (_of, files, count) => {
    expect(importCycles(files)).toHaveLength(count);
  });

  it('notices an import of a later folder of storage, and a folder without a place', () => {
    const [later, earlier] = [
      file('src/storage/open/a.ts', '../claims/b.ts'),
      file('src/storage/claims/a.ts', '../open/b.ts'),
    ];
    expect(upwardImports([later, earlier])).toEqual([expect.stringContaining('src/storage/open/a.ts')]);
    expect(upwardImports([file('src/storage/attic/a.ts')])).toHaveLength(1);
  });

  it('notices who writes a table of others, or one that has no owner', () => {
    const text = 'WITH a AS (SELECT FROM b FOR UPDATE) UPDATE open_deliveries SET status = NULL';
    expect(foreignWrites([{ path: 'src/storage/gates/a.ts', text }])).toHaveLength(1);
    expect(foreignWrites([{ path: 'src/storage/open/transitions/a.ts', text }])).toEqual([]);
    expect(foreignWrites([{ path: 'src/storage/open/a.ts', text: 'INSERT INTO attic (a)' }])).toHaveLength(1);
  });

  it('notices a crowded folder', () => {
    const paths = Array.from({ length: 21 }, (_, index) => `src/api/${index}.ts`);
    expect(crowdedFolders(paths)).toHaveLength(1);
    expect(crowdedFolders(paths.slice(1))).toEqual([]);
  });

  it.each(["status IN ('queued', 'held')", "NOT IN ('dead', 'skipped')", 'POST /v1/events'])(
    'notices %s in storage',
    (text) => {
      expect(spelledOut([{ path: 'src/storage/open/a.ts', text }])).toHaveLength(1);
      expect(spelledOut([{ path: 'src/api/a.ts', text }])).toEqual([]);
    },
  );
});

function sourceFiles(): readonly SourceFile[] {
  return allPaths()
    .filter((path) => /\.tsx?$/.test(path) && path !== GENERATED)
    .map((path) => ({ path, text: readFileSync(path, 'utf8') }));
}

function allPaths(): readonly string[] {
  return ROOMS.filter((room) => existsSync(room)).flatMap(pathsBelow);
}

function pathsBelow(room: string): readonly string[] {
  return readdirSync(room, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).replaceAll('\\', '/'));
}

function isProduct({ path }: SourceFile): boolean {
  return !/^(?:test|bench|tools)\//.test(path);
}
