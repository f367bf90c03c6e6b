import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { removeDirectory } from '../support/remove-directory.ts';

const PROGRAM = resolve('dist/tools/openapi/compatible.js');
const IDENTITY = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com'];

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'posthorn-compatible-'));
  mkdirSync(join(directory, 'clients'));
  cpSync('clients/openapi.json', join(directory, 'clients/openapi.json'));
  git('init', '--quiet');
  git('add', '.');
  git(...IDENTITY, 'commit', '--quiet', '--message', 'first');
});
afterAll(() => removeDirectory(directory));

function git(...args: readonly string[]): void {
  execFileSync('git', args, { cwd: directory });
}

function check(): { code: number | null; said: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM], {
    cwd: directory,
    encoding: 'utf8',
  });
  return { code: status, said: stdout + stderr };
}

describe('npm run compatible', () => {
  it('passes where there is no release, and where nothing breaks since the last', () => {
    expect(check()).toEqual({ code: 0, said: 'There is no release yet.\n' });
    git('tag', 'v0.9.0');
    git(...IDENTITY, 'commit', '--quiet', '--allow-empty', '--message', 'second');
    git('tag', 'v0.10.0');
    expect(check()).toEqual({ code: 0, said: '0 changes since v0.10.0 break clients.\n' });
  });

  it('fails, and says where, for what breaks', () => {
    writeFileSync(join(directory, 'clients/openapi.json'), '{"paths": {}}');
    const { code, said } = check();
    expect(code).toBe(1);
    expect(said).toContain('GET /v1/version: is gone');
  });
});
