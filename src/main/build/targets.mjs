// @ts-check
// What can be built, each apart from the others: an edit of a test makes nothing anew that runs.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');

const COMPILE = 'src/main/build/compile.mjs';
const TYPESCRIPT = 'node_modules/typescript/bin/tsc';
const PRODUCT = ['src', 'workflows', 'activities'];
/** The command line and the library it speaks through; receivers' code is part of both. */
const CLIENTS = ['clients/cli', 'clients/typescript', 'src/signature'];
/** What browsers run is no part of what Node runs, and built by itself. */
const CONSOLE = 'src/dashboard';
const WORKSHOP = ['bench', 'tools', 'test/support'];
/** Whatever is built depends on these. */
const ALWAYS = ['package-lock.json', 'src/main/build'];

/**
 * What each is made of, and the programs of Node's that make it, with what is told of them meanwhile.
 * @type {Record<string, {sources: string[], steps: {what: string, program: string[]}[]}>}
 */
const TARGETS = {
  product: {
    sources: PRODUCT,
    steps: [
      { what: 'Compiling', program: [COMPILE, ...PRODUCT] },
      { what: 'Bundling', program: ['dist/src/main/build/build.js'] },
    ],
  },
  clients: {
    sources: CLIENTS,
    steps: [{ what: 'Compiling the command line', program: [COMPILE, ...CLIENTS] }],
  },
  workshop: {
    sources: WORKSHOP,
    steps: [{ what: 'Compiling benchmarks and tools', program: [COMPILE, ...WORKSHOP] }],
  },
  console: {
    sources: [CONSOLE, 'clients/typescript', 'src/signature', 'src/domain'],
    steps: [{ what: 'Building the console', program: ['src/main/build/build-console.mjs'] }],
  },
  declarations: {
    sources: [...PRODUCT, 'tsconfig.json', 'tsconfig.build.json'],
    steps: [
      {
        what: 'Checking types and declaring them',
        program: [TYPESCRIPT, '--project', 'tsconfig.build.json'],
      },
    ],
  },
  types: {
    sources: [...PRODUCT, 'test', 'bench', 'tools', 'clients/cli', 'clients/typescript', 'tsconfig.json'],
    steps: [
      { what: 'Checking types', program: [TYPESCRIPT] },
      { what: 'Checking types of the console', program: [TYPESCRIPT, '--project', CONSOLE] },
    ],
  },
};

/**
 * Builds what is missing or older than its sources. A build that fails is begun anew the next time.
 * @param {string[]} names @param {(what: string, program: string[]) => Promise<void>} run runs a step to its end
 */
export async function buildTargets(names, run) {
  for (const name of names) {
    const { sources, steps } = targetNamed(name);
    const stampFile = join(ROOT, 'dist', `.build-stamp-${name}`);
    const stamp = stampOf([...ALWAYS, ...sources], name === 'product' ? CONSOLE : null);
    if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) continue;
    rmSync(stampFile, { force: true });
    for (const { what, program } of steps) await run(what, program);
    mkdirSync(dirname(stampFile), { recursive: true });
    writeFileSync(stampFile, stamp);
  }
}

/** @param {string} name */
function targetNamed(name) {
  const target = TARGETS[name];
  if (target === undefined) throw new Error(`nothing is called "${name}" that could be built`);
  return target;
}

/**
 * A digest of every source file's path and content: a checkout changes dates, and an edit may keep them.
 * @param {string[]} sources @param {string | null} except a directory of them that does not count
 */
function stampOf(sources, except) {
  const hash = createHash('sha256').update(process.versions.node);
  const files = sources.flatMap((source) => filesBelow(join(ROOT, source)));
  for (const file of files) {
    if (except !== null && file.startsWith(join(ROOT, except))) continue;
    hash.update(`\0${relative(ROOT, file)}\0`).update(readFileSync(file));
  }
  return hash.digest('hex');
}

/** @param {string} path @returns {string[]} */
function filesBelow(path) {
  if (!existsSync(path)) return [];
  try {
    return readdirSync(path)
      .sort()
      .flatMap((name) => filesBelow(join(path, name)));
  } catch {
    return [path];
  }
}
