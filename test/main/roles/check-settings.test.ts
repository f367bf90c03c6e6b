import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const FIT = {
  DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
  TEMPORAL_ADDRESS: '127.0.0.1:1',
  POSTHORN_ADMIN_KEY: 'an-admin-key-of-a-check',
  POSTHORN_MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
};

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'posthorn-check-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe('posthorn check', () => {
  it('is content with settings that make sense, connects to nothing and makes nothing', () => {
    expect(check([], FIT)).toEqual({ code: 0, out: 'api\tok\nworker\tok\n', err: '' });
    expect(check(['all', 'migrate'], FIT)).toMatchObject({ code: 0, out: 'all\tok\nmigrate\tok\n' });
    expect(check(['dev'], {})).toMatchObject({ code: 0, out: 'dev\tok\n' });
    expect(existsSync(join(directory, '.posthorn'))).toBe(false);
  });

  it('names everything that is wrong, and warns of what is not known', () => {
    const wrong = { ...FIT, PORT: 'first', POSTHORN_RETENTION_DAYS: '-1' };
    const { code, out, err } = check(['api'], wrong);
    expect([code, out]).toEqual([1, 'api\tFAILED\n']);
    expect(err).toMatch(/^PORT="first": .+\nPOSTHORN_RETENTION_DAYS="-1": .+\n$/);
    expect(check(['worker'], { DATABASE_URL: FIT.DATABASE_URL })).toMatchObject({
      code: 1,
      err: 'posthorn worker needs TEMPORAL_ADDRESS, POSTHORN_MASTER_KEY to be set\n',
    });
    const unknown = check([], { ...FIT, POSTHORN_RETENTON_DAYS: '3' });
    expect([unknown.code, unknown.err]).toEqual([0, expect.stringContaining('POSTHORN_RETENTION_DAYS')]);
  });

  it('knows the roles', () => {
    expect(check(['wroker'], FIT)).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringContaining('worker'),
    });
  });
});

function check(
  roles: readonly string[],
  environment: Readonly<Record<string, string>>,
): { readonly code: number | null; readonly out: string; readonly err: string } {
  const args = [resolve('dist/src/main/posthorn.js'), 'check', ...roles];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: directory, env: environment });
  return { code: status, out: stdout.toString(), err: stderr.toString() };
}
