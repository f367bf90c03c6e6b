// @ts-check
// Run by bootstrap.mjs before there is anything compiled: `compile.mjs DIRECTORY…` makes JavaScript in dist of the
// TypeScript in these directories of the root, and removes what earlier runs made of files that are gone.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformFile } from '@swc/core';
import { SWC_OPTIONS } from './swc-options.mjs';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
const DIST = join(ROOT, 'dist');
/** What browsers run is bundled by another step. */
const BROWSER = join(ROOT, 'src', 'dashboard');

const OPTIONS = {
  ...SWC_OPTIONS,
  swcrc: false,
  configFile: false,
  sourceMaps: true,
  jsc: { ...SWC_OPTIONS.jsc, rewriteRelativeImportExtensions: true },
};

for (const directory of process.argv.slice(2)) {
  const sources = filesBelow(join(ROOT, directory)).filter(isSource);
  await Promise.all(sources.map(compile));
  const wanted = new Set(sources.map(targetOf));
  for (const map of filesBelow(join(DIST, directory)).filter((file) => file.endsWith('.js.map'))) {
    const target = map.slice(0, -'.map'.length);
    if (!wanted.has(target)) for (const file of [target, map]) rmSync(file, { force: true });
  }
}

/** @param {string} file */
function isSource(file) {
  if (file.startsWith(BROWSER)) return false;
  return file.endsWith('.ts') && !/\.(?:test|d)\.ts$/.test(file);
}

/** @param {string} source */
async function compile(source) {
  const target = targetOf(source);
  const { code, map = '' } = await transformFile(source, {
    ...OPTIONS,
    sourceFileName: relative(dirname(target), source),
  });
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, `${code}//# sourceMappingURL=${basename(target)}.map\n`);
  writeFileSync(`${target}.map`, map);
}

/** @param {string} source */
function targetOf(source) {
  return join(DIST, relative(ROOT, source)).replace(/\.ts$/, '.js');
}

/** @param {string} directory @returns {string[]} every file, whatever it is */
function filesBelow(directory) {
  try {
    return readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
  } catch {
    return [];
  }
}
