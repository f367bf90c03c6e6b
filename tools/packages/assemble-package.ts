import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { z } from 'zod';
import { runNpm } from '../supply/run-npm.ts';

/** The packages of TypeScript, by their folders below `clients/`. */
export const PACKAGES = ['typescript', 'cli'] as const;

/** Where packages lie when they are built. */
export const PACKAGES_DIRECTORY = join('dist', 'packages');

const manifestSchema = z.looseObject({
  name: z.string(),
  version: z.string(),
  bin: z.record(z.string(), z.string()).default({}),
  exports: z.record(z.string(), z.object({ default: z.string() })).default({}),
  bundleDependencies: z.array(z.string()),
});

/**
 * Packs one of the clients with everything that it needs: its own files, those of other rooms that they import, and the
 * packages that it depends on, so that nothing is asked of a registry when it is installed. @returns the path of the
 * file
 */
export async function assemblePackage(folder: (typeof PACKAGES)[number]): Promise<string> {
  const source = join('clients', folder);
  const manifestText = readFileSync(join(source, 'package.json'), 'utf8');
  const { name, version, bin, exports, bundleDependencies } = manifestSchema.parse(JSON.parse(manifestText));
  const stage = join(PACKAGES_DIRECTORY, name);
  rmSync(stage, { recursive: true, force: true });
  mkdirSync(stage, { recursive: true });
  const entries = [...Object.values(bin), ...Object.values(exports).map((one) => one.default)];
  for (const file of filesBehind(entries.map((entry) => join('dist', entry)))) {
    for (const one of [file, file.replace(/\.js$/, '.d.ts')]) if (existsSync(one)) copy(one, stage);
  }
  for (const dependency of dependenciesOf(bundleDependencies))
    cpSync(join('node_modules', dependency), join(stage, 'node_modules', dependency), { recursive: true });
  writeFileSync(join(stage, 'package.json'), manifestText);
  const recipes = join(source, 'recipes');
  if (existsSync(recipes)) cpSync(recipes, join(stage, 'recipes'), { recursive: true });
  for (const page of [join(source, 'README.md'), 'LICENSE'])
    cpSync(page, join(stage, page.replace(/.*[\\/]/, '')));
  const { code, errors } = await runNpm(['pack', '--silent', '--pack-destination', '..'], stage);
  if (code !== 0) throw new Error(`${name} cannot be packed: ${errors}`);
  return join(PACKAGES_DIRECTORY, `${name}-${version}.tgz`);
}

/** Compiled files and all that they import of ours. */
function filesBehind(entries: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>();
  const queue = entries.map((entry) => resolve(entry));
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    if (found.has(file)) continue;
    found.add(file);
    const texts = [file, file.replace(/\.js$/, '.d.ts')]
      .filter(existsSync)
      .map((one) => readFileSync(one, 'utf8'));
    for (const [, target = ''] of texts.join('\n').matchAll(/(?:from|import\(?)\s*['"](\.[^'"]+\.js)['"]/g))
      queue.push(resolve(dirname(file), target));
  }
  return found;
}

function copy(file: string, stage: string): void {
  const target = join(stage, relative(resolve('dist'), resolve(file)));
  mkdirSync(dirname(target), { recursive: true });
  // Maps point to sources that are not in the package.
  const text = readFileSync(file, 'utf8').replace(/\n\/\/# sourceMappingURL=.*\n?$/, '\n');
  writeFileSync(target, text);
}

/** Names of packages with those that they depend on. */
function dependenciesOf(names: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>();
  const queue = [...names];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (found.has(name)) continue;
    found.add(name);
    const text = readFileSync(join('node_modules', name, 'package.json'), 'utf8');
    queue.push(...Object.keys((JSON.parse(text) as { dependencies?: object }).dependencies ?? {}));
  }
  return found;
}
