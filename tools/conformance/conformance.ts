import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { startUnreliableProxy } from '../../test/support/receivers/unreliable-proxy.ts';
import { type Command, type Example, LANGUAGES, type Language } from './languages.ts';
import { runCommand } from './run-command.ts';
import { type Instance, runInstance } from './run-instance.ts';

/**
 * Compiles side by side, and runs, a client in every language, or in those that are named, whose inputs changed since
 * it last succeeded. What cannot be compiled here for want of a compiler or a registry is passed over, or with
 * `--strict` a failure.
 */
const WORK = '.conformance';
const SOURCES = join('tools', 'conformance');
const DOCUMENTS = [join('clients', 'openapi.json'), join('clients', 'openapi-3.0.json')];
/** What happens on the network of producers: the same at each run. */
const NETWORK = { seed: 5, percentUndisturbed: 40 };

/** How pip, Go and Maven say that nobody answers. */
const NO_REGISTRY =
  /NewConnectionError|ConnectTimeoutError|ReadTimeoutError|ProxyError|dial tcp|Could not transfer artifact|Unknown host/;

const isStrict = process.argv.includes('--strict');
const named = process.argv.slice(2).filter((argument) => !argument.startsWith('-'));
const chosen = LANGUAGES.filter(({ name }) => named.length === 0 || named.includes(name));
const wanted = chosen.filter((language) => stampOf(language.name) !== stampOfInputs(language));
for (const { name } of chosen.filter((one) => !wanted.includes(one))) say(`${name}: nothing changed`);
const built = await Promise.all(wanted.map(prepare));
await runAll(wanted.filter((_language, index) => built[index]));

/** Compiles a client. @returns whether there is one to run */
async function prepare(language: Language): Promise<boolean> {
  const missing = await firstMissing(language);
  if (missing !== null) {
    passOver(language, `"${missing.join(' ')}" does not run here`);
    return false;
  }
  const began = performance.now();
  const fault = await build(language);
  if (fault === null) say(`${language.name}: built in ${secondsSince(began)} s`);
  else if (NO_REGISTRY.test(fault)) passOver(language, `its registry cannot be reached: ${fault}`);
  else fail(language, fault);
  return fault === null;
}

/** One after another: producers are to be cut off by their network, not by each other. */
async function runAll(languages: readonly Language[]): Promise<void> {
  if (languages.length === 0) return;
  const instance = await runInstance();
  try {
    for (const language of languages) {
      const began = performance.now();
      const fault = await run(language, instance);
      if (fault !== null) {
        fail(language, fault);
        continue;
      }
      writeFileSync(join(WORK, language.name, 'stamp'), stampOfInputs(language));
      say(`${language.name}: ${language.shows} (run in ${secondsSince(began)} s)`);
    }
  } finally {
    await instance.stop();
  }
}

function passOver({ name }: Language, why: string): void {
  say(`${name}: passed over, ${why}`);
  if (isStrict) process.exitCode = 1;
}

function fail({ name }: Language, fault: string): void {
  say(`${name}: ${fault}`);
  process.exitCode = 1;
}

function secondsSince(began: number): number {
  return Math.round((performance.now() - began) / 1_000);
}

async function firstMissing({ needs }: Language): Promise<Command | null> {
  for (const command of needs) if (!(await runCommand(command)).ok) return command;
  return null;
}

/** What failed, with its output; null where nothing did. */
async function build({
  name,
  sources,
  libraries = [],
  examples = [],
  build: commands,
}: Language): Promise<string | null> {
  const cwd = join(WORK, name);
  mkdirSync(cwd, { recursive: true });
  cpSync(join(SOURCES, sources), cwd, { recursive: true });
  for (const library of libraries) cpSync(library, join(cwd, basename(library)), { recursive: true });
  for (const example of examples) writeExample(example, cwd);
  for (const command of commands) {
    const { ok, output } = await runCommand(command, { cwd });
    if (!ok) return `${command.join(' ')} failed\n${output}`;
  }
  return null;
}

function writeExample({ page, file, recipe, mistake }: Example, directory: string): void {
  const start = recipe === undefined ? '' : `<!-- recipe:${recipe} -->\n`;
  const [, example] =
    new RegExp(`${start}\`\`\`\\w+\\n([^]*?)\`\`\``).exec(
      readFileSync(page, 'utf8').replace(/```bash[\s\S]*?```/g, ''),
    ) ?? [];
  if (example === undefined) throw new Error(`${page} has no example ${recipe ?? ''}`);
  const [right = '', wrong = ''] = mistake ?? [];
  if (!example.includes(right)) throw new Error(`${page} has no ${right} in ${recipe ?? ''}`);
  const path = join(directory, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, example.replace(right, wrong));
}

async function run({ name, run: commands }: Language, { url, key }: Instance): Promise<string | null> {
  const network = await startUnreliableProxy(url, NETWORK);
  const environment = {
    POSTHORN_URL: url,
    POSTHORN_KEY: key,
    POSTHORN_API_KEY: key,
    POSTHORN_UNRELIABLE_URL: network.url,
  };
  try {
    for (const command of commands) {
      const { ok, output } = await runCommand(command, { cwd: join(WORK, name), environment });
      if (!ok) return `${command.join(' ')} failed\n${output}`;
    }
    return null;
  } finally {
    await network.close();
  }
}

function stampOf(name: string): string | null {
  const file = join(WORK, name, 'stamp');
  return existsSync(file) ? readFileSync(file, 'utf8') : null;
}

function stampOfInputs({ sources, libraries = [] }: Language): string {
  const inputs = [...DOCUMENTS, ...libraries, join(SOURCES, sources)];
  const hash = createHash('sha256');
  for (const file of inputs.flatMap(filesBelow)) hash.update(`\0${file}\0`).update(readFileSync(file));
  return hash.digest('hex');
}

function filesBelow(path: string): string[] {
  if (path.endsWith('.json')) return [path];
  const entries = readdirSync(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
