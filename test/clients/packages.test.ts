import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { assemblePackage } from '../../tools/packages/assemble-package.ts';
import { declareClients } from '../../tools/packages/declare-clients.ts';
import { runNpm } from '../../tools/supply/run-npm.ts';
import { type ApiUnderTest, startApi } from '../support/api/api.ts';

let api: ApiUnderTest;
let project: string;
beforeAll(async () => {
  api = await startApi();
  project = mkdtempSync(join(tmpdir(), 'posthorn-packages-'));
  await declareClients();
});
afterAll(async () => {
  rmSync(project, { recursive: true, force: true });
  await api.close();
});

describe('posthorn-client, installed from its file into an empty project', () => {
  beforeAll(async () => await install('typescript'));

  it("compiles the README's first example by strict types, and runs it", async () => {
    writeFileSync(join(project, 'first.mts'), firstExample('clients/typescript/README.md'));
    writeFileSync(join(project, 'receiver.mts'), RECEIVER);
    compile('first.mts', 'receiver.mts');
    expect(await run('first.mjs')).toMatch(/^evt_\w{26} 0\n$/);
    expect(await run('receiver.mjs')).toBe('signature_missing\n');
  });

  it('asks receivers for nothing but Node', () => {
    const files = filesBehind('clients/typescript/verify.js');
    expect(files.length).toBeGreaterThan(5);
    const packages = files.flatMap((file) => importsOf(file).filter((name) => !name.startsWith('.')));
    expect([...new Set(packages)]).toEqual(['node:crypto']);
  });

  it('is small', () => {
    expect(bytesBelow(join(project, 'node_modules'))).toBeLessThan(1_500_000);
  });
});

describe('posthorn-cli, installed from its file into an empty project', () => {
  beforeAll(async () => await install('cli'));

  it('talks to an instance', async () => {
    const { output, errors } = await posthorn('keys', 'create', '--operator');
    expect([output, errors]).toEqual([
      expect.stringMatching(/^phk_\w{46}\n$/),
      expect.stringContaining('the only time'),
    ]);
  });

  it('has no server in it, and is small', () => {
    const root = join(project, 'node_modules', 'posthorn-cli');
    expect(readdirSync(join(root, 'src')).sort()).toEqual(['domain', 'signature']);
    expect(readdirSync(join(root, 'src', 'domain'))).toEqual(['error-code.js']);
    expect(readdirSync(join(root, 'node_modules')).sort()).toEqual([
      'commander',
      'eventsource-parser',
      'openapi-fetch',
      'openapi-typescript-helpers',
    ]);
    expect(bytesBelow(root)).toBeLessThan(5_000_000);
  });
});

async function posthorn(...args: readonly string[]) {
  const env = { PATH: process.env.PATH, POSTHORN_URL: api.url, POSTHORN_API_KEY: api.adminKey };
  const child = spawn(join(project, 'node_modules', '.bin', 'posthorn'), args, { env });
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { output, errors };
}

const RECEIVER = `import { verifyWebhook, WebhookVerificationError } from 'posthorn-client/verify';
try {
  const { event } = verifyWebhook({ rawBody: '{}', headers: {}, secret: 'whsec_' + 'A'.repeat(32) });
  console.log(event);
} catch (error) {
  console.log((error as WebhookVerificationError).code);
}
`;

/** The project asks no registry: what it is given is all there is. */
async function install(folder: 'typescript' | 'cli'): Promise<void> {
  const file = resolve(await assemblePackage(folder));
  writeFileSync(join(project, 'package.json'), '{"private":true,"type":"module"}');
  const { code, errors } = await runNpm(['install', '--offline', '--no-audit', '--no-fund', file], project);
  expect([code, errors]).toEqual([0, '']);
}

function firstExample(readme: string): string {
  return /```ts\n([\s\S]*?)```/.exec(readFileSync(readme, 'utf8'))?.[1] ?? '';
}

function compile(...files: readonly string[]): void {
  const types = join(project, 'node_modules', '@types');
  mkdirSync(types, { recursive: true });
  cpSync('node_modules/@types/node', join(types, 'node'), { recursive: true });
  cpSync('node_modules/undici-types', join(project, 'node_modules', 'undici-types'), { recursive: true });
  const options = ['--strict', '--module', 'nodenext', '--target', 'es2022', '--types', 'node'];
  const compiler = resolve('node_modules/typescript/bin/tsc');
  execFileSync(process.execPath, [compiler, ...options, ...files], { cwd: project, stdio: 'pipe' });
}

async function run(file: string): Promise<string> {
  const env = { POSTHORN_URL: api.url, POSTHORN_API_KEY: api.adminKey };
  return await text(spawn(process.execPath, [file], { cwd: project, env }).stdout);
}

function filesBehind(entry: string): readonly string[] {
  const root = join(project, 'node_modules', 'posthorn-client');
  const found = new Set<string>();
  const queue = [resolve(root, entry)];
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    if (found.has(file)) continue;
    found.add(file);
    const own = importsOf(file).filter((name) => name.startsWith('.'));
    queue.push(...own.map((name) => resolve(file, '..', name)));
  }
  return [...found];
}

function importsOf(file: string): readonly string[] {
  return [...readFileSync(file, 'utf8').matchAll(/from ['"]([^'"]+)['"]/g)].map(([, name = '']) => name);
}

function bytesBelow(directory: string): number {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('@types'))
    .reduce((sum, entry) => sum + readFileSync(join(entry.parentPath, entry.name)).byteLength, 0);
}
