import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, LANGUAGES, type Language } from './languages.ts';
import { runCommand } from './run-command.ts';
import { type Instance, runInstance } from './run-instance.ts';

/** Generates, compiles and runs a client in every language whose inputs changed since it last succeeded. */
const WORK = '.conformance';
const SOURCES = join('tools', 'conformance');
const INPUTS = [join('clients', 'openapi.json'), join('clients', 'openapi-3.0.json'), SOURCES];

const isStrict = process.argv.includes('--strict');
const stamp = stampOfInputs();
const wanted = LANGUAGES.filter(({ name }) => stampOf(name) !== stamp);
for (const { name } of LANGUAGES.filter((one) => !wanted.includes(one))) say(`${name}: nothing changed`);
if (wanted.length > 0) await generateAll(wanted);

async function generateAll(languages: readonly Language[]): Promise<void> {
  const instance = await runInstance();
  try {
    for (const language of languages) await generate(language, instance);
  } finally {
    await instance.stop();
  }
}

async function generate(language: Language, instance: Instance): Promise<void> {
  const missing = await firstMissing(language);
  if (missing !== null) {
    say(`${language.name}: passed over, "${missing.join(' ')}" does not run here`);
    if (isStrict) process.exitCode = 1;
    return;
  }
  const fault = (await build(language)) ?? (await run(language, instance));
  if (fault === null) writeFileSync(join(WORK, language.name, 'stamp'), stamp);
  else process.exitCode = 1;
  say(`${language.name}: ${fault ?? 'generated and compiled; publishes, lists and retries'}`);
}

async function firstMissing({ needs }: Language): Promise<Command | null> {
  for (const command of needs) if (!(await runCommand(command)).ok) return command;
  return null;
}

/** What failed, with its output; null where nothing did. */
async function build({ name, sources, build: commands }: Language): Promise<string | null> {
  const cwd = join(WORK, name);
  mkdirSync(cwd, { recursive: true });
  cpSync(join(SOURCES, sources), cwd, { recursive: true });
  for (const command of commands) {
    const { ok, output } = await runCommand(command, { cwd });
    if (!ok) return `${command.join(' ')} failed\n${output}`;
  }
  return null;
}

async function run({ name, run: command }: Language, { url, key }: Instance): Promise<string | null> {
  const environment = { POSTHORN_URL: url, POSTHORN_KEY: key };
  const { ok, output } = await runCommand(command, { cwd: join(WORK, name), environment });
  return ok ? null : `${command.join(' ')} failed\n${output}`;
}

function stampOf(name: string): string | null {
  const file = join(WORK, name, 'stamp');
  return existsSync(file) ? readFileSync(file, 'utf8') : null;
}

function stampOfInputs(): string {
  const hash = createHash('sha256');
  for (const file of INPUTS.flatMap(filesBelow)) hash.update(`\0${file}\0`).update(readFileSync(file));
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
