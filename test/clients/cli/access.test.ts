import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type ApiUnderTest, startApi } from '../../support/api/api.ts';
import { type Cli, createCli } from './run.ts';

let api: ApiUnderTest;
let cli: Cli;
beforeAll(async () => {
  api = await startApi();
});
afterAll(async () => await api.close());
beforeEach(() => {
  cli = createCli();
});
afterEach(() => cli.remove());

describe('which instance and key the command line uses', () => {
  it('finds what npm start runs here, or above', async () => {
    const data = join(cli.directory, '.posthorn');
    mkdirSync(data);
    writeFileSync(join(data, 'instance.json'), JSON.stringify({ url: api.url }));
    writeFileSync(join(data, 'admin-key'), `${api.adminKey}\n`);
    expect(await whoami()).toMatchObject({ url: api.url, source: 'the instance that runs here' });
    expect((await cli.run(['keys', 'list'])).exitCode).toBe(0);
    const elsewhere = createCli({ POSTHORN_DATA_DIR: data });
    expect((await elsewhere.run(['keys', 'list'])).exitCode).toBe(0);
    elsewhere.remove();
  });

  it('keeps a profile for its owner only, and forgets it', async () => {
    const login = await cli.run(['login', '--api-url', api.url, '--name', 'here'], {
      input: `${api.adminKey}\n`,
    });
    expect([login.exitCode, login.out]).toEqual([0, '']);
    expect(statSync(join(cli.directory, '.config', 'posthorn', 'config.json')).mode & 0o777).toBe(0o600);
    expect(await whoami()).toMatchObject({ url: api.url, source: 'the profile here' });
    expect((await cli.run(['keys', 'list', '--profile', 'here'])).exitCode).toBe(0);
    expect((await cli.run(['logout'])).exitCode).toBe(0);
    expect(await whoami()).toMatchObject({ source: 'the default', key: null });
  });

  it('keeps no key that the API refuses', async () => {
    const { exitCode, err } = await cli.run(['login', '--api-url', api.url], { input: 'phk_wrong' });
    expect([exitCode, err]).toEqual([4, expect.stringContaining('code key_unknown')]);
    expect(await whoami()).toMatchObject({ source: 'the default' });
  });

  it('takes options before the environment, and that before files', async () => {
    writeFileSync(join(cli.directory, '.posthorn.json'), '{"url":"http://127.0.0.1:3"}');
    expect(await whoami()).toMatchObject({ url: 'http://127.0.0.1:3' });
    const environment = { POSTHORN_URL: 'http://127.0.0.1:2' };
    expect(await whoami([], environment)).toMatchObject({
      url: 'http://127.0.0.1:2',
      source: 'POSTHORN_URL',
    });
    const option = ['--api-url', 'http://127.0.0.1:1'];
    expect(await whoami(option, environment)).toMatchObject({
      url: 'http://127.0.0.1:1',
      source: '--api-url',
    });
  });

  it('sends no key from the environment where a file of this directory points', async () => {
    writeFileSync(join(cli.directory, '.posthorn.json'), JSON.stringify({ url: api.url }));
    const environment = { POSTHORN_API_KEY: api.adminKey };
    expect(await whoami([], environment)).toMatchObject({ url: api.url, key: null });
    const { exitCode, err } = await cli.run(['keys', 'list'], { environment });
    expect([exitCode, err]).toEqual([2, expect.stringContaining('There is no key')]);
  });

  it.each([
    ['a key in a file of the directory', '{"url":"http://a.example","key":"phk_1"}', 'never a key'],
    ['a profile that is not there', '{"profile":"prod"}', 'the profile "prod"; there are: none'],
    ['a file that is no JSON', '{', 'cannot be read'],
    ['another scheme', '{"url":"ftp://me:topsecret@a.example"}', 'no http or https URL'],
  ])('refuses %s', async (_what, file, wanted) => {
    writeFileSync(join(cli.directory, '.posthorn.json'), file);
    const { exitCode, err } = await cli.run(['whoami']);
    expect([exitCode, err]).toEqual([2, expect.stringContaining(wanted)]);
    expect(err).not.toContain('topsecret');
  });
});

async function whoami(args: readonly string[] = [], environment = {}): Promise<unknown> {
  return JSON.parse((await cli.run(['whoami', '--json', ...args], { environment })).out);
}
