// @ts-check
// Plain JavaScript without dependencies: it is what runs in a fresh clone, before anything is installed or built.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildTargets, ROOT } from './targets.mjs';

const OLDEST_NODE = [20, 19];

/** npm hands Ctrl-C on to us although the terminal has done so already: within this time it is one and the same. */
const SAME_SIGNAL_MS = 1_000;
const REPORT_EVERY_MS = 15_000;

/**
 * What can be run, once what it needs is installed and built. A process of its own (`ownSession`) gets Ctrl-C through
 * us only, exactly once, and ends when we do, however we end. Without a `file` there is only what is needed. What runs
 * `inProcess` starts at once, in the directory where it was called.
 * @type {Record<string, {file?: string, needs: string[], nodeArgs?: string[], args?: string[], ownSession?: boolean,
 * inProcess?: boolean}>}
 */
const COMMANDS = {
  start: {
    file: 'dist/src/main/posthorn.js',
    needs: ['product', 'console'],
    nodeArgs: [
      '--enable-source-maps',
      // What a delivery leaves behind is short-lived: more room for it costs less than moving it out of the way.
      '--max-semi-space-size=64',
      '--import',
      new URL('end-with-parent.mjs', import.meta.url).href,
    ],
    args: ['dev', `--begun-at=${Math.floor(performance.timeOrigin)}`],
    ownSession: true,
  },
  cli: { file: 'dist/clients/cli/main.js', needs: ['clients'], inProcess: true },
  serve: {
    file: 'dist/src/main/posthorn.js',
    needs: ['product', 'console'],
    nodeArgs: ['--enable-source-maps', '--max-semi-space-size=64'],
  },
  build: { needs: ['product', 'clients', 'console', 'declarations'] },
  test: {
    file: 'node_modules/jest/bin/jest.js',
    needs: ['product', 'clients', 'console', 'workshop', 'types'],
    nodeArgs: ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'],
  },
  // By themselves, since they need Chromium.
  stories: {
    file: 'node_modules/jest/bin/jest.js',
    needs: ['product', 'console', 'workshop'],
    nodeArgs: ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'],
    args: ['--testMatch=**/*.story.ts', '--maxWorkers=1'],
  },
  screenshots: {
    ...workshop('dist/tools/screenshots/screenshots.js'),
    needs: ['product', 'console', 'workshop'],
  },
  bench: {
    ...workshop('dist/bench/main.js'),
    needs: ['product', 'clients', 'console', 'workshop'],
  },
  soak: workshop('dist/bench/soak.js'),
  evidence: workshop('dist/bench/evidence.js'),
  audit: workshop('dist/tools/supply/audit.js'),
  schema: workshop('dist/tools/schema/write-schema.js'),
  sbom: workshop('dist/tools/supply/sbom.js'),
  compatible: workshop('dist/tools/openapi/compatible.js'),
  openapi: workshop('dist/tools/openapi/openapi.js'),
  docs: workshop('dist/tools/docs/write-docs.js'),
  image: workshop('dist/tools/image/image.js'),
  packages: workshop('dist/tools/packages/packages.js'),
  conformance: workshop('dist/tools/conformance/conformance.js'),
};

await main(process.argv[2] ?? '', process.argv.slice(3));

/** @param {string} name @param {string[]} args */
async function main(name, args) {
  requireNode();
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined)
    fail(`usage: node src/main/build/bootstrap.mjs ${Object.keys(COMMANDS).join('|')} [arguments]`);
  if (!isInstalled()) await install();
  await buildTargets(command.needs, async (what, program) => await step(what, process.execPath, program));
  if (command.inProcess && command.file !== undefined) await become(command.file, args);
  else if (command.file !== undefined) process.exitCode = await run({ ...command, file: command.file }, args);
}

/** @param {string} file */
function workshop(file) {
  return { file, needs: ['product', 'clients', 'workshop'], nodeArgs: ['--enable-source-maps'] };
}

function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [wantedMajor = 0, wantedMinor = 0] = OLDEST_NODE;
  if (major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)) return;
  fail(`Posthorn needs Node ${OLDEST_NODE.join('.')} or newer; this is ${process.versions.node}`);
}

/** Whether node_modules holds what package-lock.json asks for; packages for other platforms may be missing. */
function isInstalled() {
  const wanted = packagesIn('package-lock.json');
  const present = packagesIn('node_modules/.package-lock.json');
  if (wanted === null || present === null) return false;
  return Object.entries(wanted)
    .filter(([path, { optional }]) => path !== '' && !(optional && present[path] === undefined))
    .every(([path, { version }]) => present[path]?.version === version);
}

/** @param {string} file @returns {Record<string, {version?: string, optional?: boolean}> | null} */
function packagesIn(file) {
  try {
    return JSON.parse(readFileSync(join(ROOT, file), 'utf8')).packages;
  } catch {
    return null;
  }
}

async function install() {
  const npm = process.env.npm_execpath;
  const [program, first] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []];
  const args = [...first, 'ci', '--no-audit', '--no-fund', '--prefer-offline', '--include=dev'];
  await step('Installing dependencies (first start only)', program, args);
}

/**
 * Runs a preparation to its end, showing how long it takes; its output only where it fails.
 * @param {string} what @param {string} program @param {string[]} args
 */
async function step(what, program, args) {
  const started = performance.now();
  const seconds = () => Math.round((performance.now() - started) / 1000);
  const isTerminal = process.stderr.isTTY === true;
  process.stderr.write(isTerminal ? `${what} …` : `${what} …\n`);
  const show = () =>
    process.stderr.write(isTerminal ? `\r${what} … ${seconds()} s` : `${what} … ${seconds()} s\n`);
  const timer = setInterval(show, isTerminal ? 1_000 : REPORT_EVERY_MS);
  const { code, output } = await capture(program, args);
  clearInterval(timer);
  if (isTerminal) process.stderr.write(`\r${what} … ${seconds()} s\n`);
  if (code !== 0) fail(`${output.trim()}\n${what} failed (${[program, ...args].join(' ')})`);
}

/** @param {string} program @param {string[]} args @returns {Promise<{code: number, output: string}>} */
function capture(program, args) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.once('error', (error) => resolve({ code: 1, output: String(error) }));
    child.once('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

/**
 * Runs a command in this terminal until it ends by itself; signals are handed on.
 * @param {{file: string, nodeArgs?: string[], args?: string[], ownSession?: boolean}} command
 * @param {string[]} args @returns {Promise<number>} exit code
 */
function run({ file, nodeArgs = [], args: first = [], ownSession = false }, args) {
  const child = spawn(process.execPath, [...nodeArgs, join(ROOT, file), ...first, ...args], {
    cwd: ROOT,
    detached: ownSession,
    stdio: ownSession ? ['ignore', 'inherit', 'inherit', 'ipc'] : 'inherit',
  });
  forwardSignals(child, ownSession);
  return new Promise((resolve) => {
    child.once('error', (error) => fail(String(error)));
    child.once('exit', (code, signal) =>
      resolve(signal === null ? (code ?? 1) : 128 + constants.signals[signal]),
    );
  });
}

/** @param {import('node:child_process').ChildProcess} child @param {boolean} ownSession */
function forwardSignals(child, ownSession) {
  let last = Number.NEGATIVE_INFINITY;
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => {
      const now = performance.now();
      const isRepeated = now - last < SAME_SIGNAL_MS;
      const cameFromTerminal = !ownSession && signal === 'SIGINT' && process.stdin.isTTY;
      if (isRepeated || cameFromTerminal) return;
      last = now;
      child.kill(signal === 'SIGHUP' ? 'SIGTERM' : signal);
    });
  }
}

/** Goes on as another program of Node's, as if that had been started. @param {string} file @param {string[]} args */
async function become(file, args) {
  const path = join(ROOT, file);
  process.argv.splice(1, process.argv.length, path, ...args);
  await import(pathToFileURL(path).href);
}

/** @param {string} message @returns {never} */
function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
