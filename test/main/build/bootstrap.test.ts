import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { isAlive } from '../../../src/main/servers/process-identity.ts';
import { eventually } from '../../support/eventually.ts';
import { createProcessGroup, type RunningProcess } from '../../support/processes/processes.ts';
import { newDataDirectory } from '../../support/runs/temporal.ts';

const processes = createProcessGroup();
afterAll(processes.stopAll);

let clone: string;

/** A compiler that "compiles" by writing programs which tell what happens to them. */
const COMPILER = `
  const { mkdirSync, writeFileSync, appendFileSync } = require('node:fs');
  appendFileSync('steps', 'compiled ');
  mkdirSync('dist/src/main/build', { recursive: true });
  mkdirSync('dist/bench', { recursive: true });
  writeFileSync('dist/package.json', '{"type":"module"}');
  writeFileSync('dist/src/main/build/build.js', "import { appendFileSync } from 'node:fs'; appendFileSync('steps', 'bundled ');");
  writeFileSync('dist/bench/main.js', "console.log('bench', process.argv.slice(2)); process.exitCode = 7;");
  writeFileSync('dist/src/main/posthorn.js', \`
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => {
      console.log('got ' + signal);
      setTimeout(() => { console.log('clean'); process.exit(0); }, 300);
    });
    setInterval(() => {}, 1000);
    console.log('posthorn ' + process.argv[2] + ' runs as ' + process.pid);
  \`);`;

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
  for (const name of ['bootstrap.mjs', 'end-with-parent.mjs']) {
    cpSync(join('src', 'main', 'build', name), join(clone, 'src', 'main', 'build', name));
  }
  write('package-lock.json', JSON.stringify(LOCK));
  write(
    'node_modules/.package-lock.json',
    JSON.stringify({ packages: { 'node_modules/a': { version: '1.0.0' } } }),
  );
  write('node_modules/typescript/bin/tsc', COMPILER);
});

describe('bootstrap', () => {
  it('builds first, then runs Posthorn, and shows what it does', async () => {
    const bootstrap = run('start');
    await bootstrap.waitForOutput(/Compiling …[\s\S]*Bundling …[\s\S]*posthorn dev runs/);
    await bootstrap.stop();
    expect(steps()).toBe('compiled bundled ');
  });

  it('builds again only when a source has changed', async () => {
    await run('bench').ended;
    await run('bench').ended;
    expect(steps()).toBe('compiled bundled ');
    write('src/new.ts', 'export {};');
    await run('bench').ended;
    expect(steps()).toBe('compiled bundled compiled bundled ');
  });

  it('does not take a failed build for done', async () => {
    write('node_modules/typescript/bin/tsc', 'console.log("a.ts: wrong"); process.exit(2);');
    const failing = run('bench');
    expect(await failing.ended).toBe('code 1');
    expect(failing.output()).toContain('a.ts: wrong\nCompiling failed');
    write('node_modules/typescript/bin/tsc', COMPILER);
    expect(await run('bench').ended).toBe('code 7');
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
    writeFileSync(npm, "require('node:fs').appendFileSync('steps', process.argv.slice(2).join(' ') + '; ')");
    await run('bench').ended;
    expect(steps()).toMatch(/^ci --no-audit --no-fund --include=dev; compiled/);
  });

  it('explains itself without a command it knows', async () => {
    const bootstrap = run('dance');
    expect(await bootstrap.ended).toBe('code 1');
    expect(bootstrap.output()).toContain('start|test|bench|soak|audit|sbom');
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

function steps(): string {
  return readFileSync(join(clone, 'steps'), 'utf8');
}

function write(path: string, text: string): void {
  mkdirSync(dirname(join(clone, path)), { recursive: true });
  writeFileSync(join(clone, path), text);
}
