import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { isAlive } from '../../../src/main/servers/process-identity.ts';
import { eventually } from '../../support/eventually.ts';
import { createProcessGroup, type RunningProcess } from '../../support/processes/processes.ts';
import { newDataDirectory } from '../../support/runs/temporal.ts';

const processes = createProcessGroup();
afterAll(processes.stopAll);

const BUILD = join('src', 'main', 'build');
let clone: string;

/** A compiler that takes sources as they are, and a check of types that finds nothing. */
const COMPILER = `
  import { readFileSync } from 'node:fs';
  export const transformFile = async (file) => ({ code: readFileSync(file, 'utf8'), map: '{}' });`;
const CHECK = note('checked');
const BUNDLER = `
  import { mkdirSync, writeFileSync } from 'node:fs';
  export async function build({ build: { outDir } }) {
    mkdirSync(outDir + '/assets', { recursive: true });
    writeFileSync(outDir + '/assets/a.js', '');
    ${note('console')}
  }`;

const POSTHORN = `
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => {
    console.log('got ' + signal);
    setTimeout(() => { console.log('clean'); process.exit(0); }, 300);
  });
  setInterval(() => {}, 1000);
  console.log('posthorn ' + process.argv.slice(2).join(' ') + ' runs as ' + process.pid);
`;
const BENCH = "console.log('bench', process.argv.slice(2)); process.exitCode = 7;";

const LOCK = {
  packages: {
    '': {},
    'node_modules/a': { version: '1.0.0' },
    'node_modules/b': { version: '1.0.0', optional: true },
  },
};

beforeEach(() => {
  clone = newDataDirectory();
  mkdirSync(join(clone, 'src', 'main', 'build'), { recursive: true });
  for (const name of readdirSync(BUILD).filter((file) => file.endsWith('.mjs'))) {
    cpSync(join(BUILD, name), join(clone, BUILD, name));
  }
  write('package.json', '{"type":"module"}');
  write('package-lock.json', JSON.stringify(LOCK));
  write(
    'node_modules/.package-lock.json',
    JSON.stringify({ packages: { 'node_modules/a': { version: '1.0.0' } } }),
  );
  write('node_modules/@swc/core/package.json', '{"type":"module","exports":"./index.js"}');
  write('node_modules/@swc/core/index.js', COMPILER);
  write('node_modules/vite/package.json', '{"type":"module","exports":"./index.js"}');
  write('node_modules/vite/index.js', BUNDLER);
  write('node_modules/typescript/bin/tsc', CHECK);
  write('node_modules/jest/bin/jest.js', note('tested'));
  write('src/main/build/build.ts', note('bundled'));
  write('src/main/posthorn.ts', POSTHORN);
  write('bench/main.ts', BENCH);
});

describe('bootstrap', () => {
  it('builds first, then runs Posthorn, and shows what it does', async () => {
    const bootstrap = run('start');
    await bootstrap.waitForOutput(/Compiling …[\s\S]*Bundling …[\s\S]*posthorn dev --begun-at=\d+ runs/);
    await bootstrap.stop();
    expect(steps()).toBe('bundled console ');
    expect(existsSync(join(clone, 'dist/bench'))).toBe(false);
  });

  it('tells Posthorn when the command was given', async () => {
    const before = Date.now();
    write('src/main/posthorn.ts', "console.log(process.argv[3], 'at', Date.now());");
    const bootstrap = run('start');
    const [, begun, now] = await bootstrap.waitForOutput(/--begun-at=(\d+) at (\d+)/);
    expect(Number(begun)).toBeGreaterThanOrEqual(before);
    expect(Number(begun)).toBeLessThan(Number(now));
  });

  it('builds again only what has changed', async () => {
    await run('test').ended;
    await run('test').ended;
    expect(steps()).toBe('bundled console checked checked tested tested ');
    write('test/new.test.ts', 'export {};');
    await run('bench').ended;
    expect(steps()).toBe('bundled console checked checked tested tested ');
    await run('test').ended;
    expect(steps()).toBe('bundled console checked checked tested tested checked checked tested ');
    write('src/new.ts', 'export {};');
    await run('bench').ended;
    expect(steps()).toBe('bundled console checked checked tested tested checked checked tested bundled ');
  });

  it('keeps nothing of a source that is gone', async () => {
    write('src/old.ts', 'export {};');
    await run('bench').ended;
    rmSync(join(clone, 'src/old.ts'));
    await run('bench').ended;
    expect(readdirSync(join(clone, 'dist/src'))).toEqual(['main']);
  });

  it.each([
    ['bench', 'node_modules/@swc/core/index.js', COMPILER, 'Compiling failed'],
    ['test', 'node_modules/typescript/bin/tsc', CHECK, 'Checking types failed'],
  ])('does not take a failed build of %s for done', async (command, program, good, told) => {
    write(program, 'export const transformFile = null; console.log("a.ts: wrong"); process.exit(2);');
    const failing = run(command);
    expect(await failing.ended).toBe('code 1');
    expect(failing.output()).toContain('a.ts: wrong\n');
    expect(failing.output()).toContain(told);
    write(program, good);
    expect(await run(command).ended).not.toBe('code 1');
  });

  it('builds what others install, with the declarations of its types', async () => {
    expect(await run('build').ended).toBe('code 0');
    expect(steps()).toBe('bundled console checked ');
  });

  it('passes arguments on, and the exit code back', async () => {
    const bench = run('bench', '--quick', 'two words');
    expect(await bench.ended).toBe('code 7');
    expect(bench.output()).toContain("bench [ '--quick', 'two words' ]");
  });

  it.each([
    ['nothing is installed', (): void => rmSync(join(clone, 'node_modules/.package-lock.json'))],
    [
      'another version is installed',
      (): void => write('package-lock.json', JSON.stringify(LOCK).replace('1.0.0', '2.0.0')),
    ],
  ])('installs when %s', async (_when, change) => {
    change();
    const npm = join(clone, 'npm.js');
    writeFileSync(
      npm,
      "(await import('node:fs')).appendFileSync('steps', process.argv.slice(2).join(' ') + '; ')",
    );
    await run('bench').ended;
    expect(steps()).toMatch(/^ci --no-audit --no-fund --prefer-offline --include=dev; bundled/);
  });

  it('explains itself without a command it knows', async () => {
    const bootstrap = run('dance');
    expect(await bootstrap.ended).toBe('code 1');
    expect(bootstrap.output()).toContain('usage: node src/main/build/bootstrap.mjs start|');
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('hands %s on once and waits for the clean end', async (signal) => {
    const bootstrap = run('start');
    await bootstrap.waitForOutput(/runs as/);
    bootstrap.kill(signal);
    bootstrap.kill(signal);
    expect(await bootstrap.ended).toBe('code 0');
    expect(bootstrap.output().match(/got SIG\w+/g)).toEqual([`got ${signal}`]);
    expect(bootstrap.output()).toContain('clean');
  });

  it('leaves nothing running when it is killed', async () => {
    const bootstrap = run('start');
    const [, pid] = await bootstrap.waitForOutput(/runs as (\d+)/);
    bootstrap.kill('SIGKILL');
    await eventually(() => !isAlive(Number(pid)));
    await bootstrap.waitForOutput(/got SIGTERM[\s\S]*clean/);
  });
});

function run(...args: string[]): RunningProcess {
  const environment = existsSync(join(clone, 'npm.js')) ? { npm_execpath: join(clone, 'npm.js') } : {};
  return processes.start(
    process.execPath,
    [join(clone, 'src/main/build/bootstrap.mjs'), ...args],
    environment,
  );
}

/** A program that tells the file `steps` that it ran. */
function note(step: string): string {
  return `(await import('node:fs')).appendFileSync('steps', '${step} ');`;
}

function steps(): string {
  return readFileSync(join(clone, 'steps'), 'utf8');
}

function write(path: string, text: string): void {
  mkdirSync(dirname(join(clone, path)), { recursive: true });
  writeFileSync(join(clone, path), text);
}
