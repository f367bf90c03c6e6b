import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { versionFinding } from '../../../clients/cli/doctor/look-at-api.ts';
import { type ApiUnderTest, startApi } from '../../support/api/api.ts';
import { startReceiver } from '../../support/receivers/receiver.ts';
import { type Cli, type CliRun, createCli } from './run.ts';

let api: ApiUnderTest;
let cli: Cli;
beforeAll(async () => {
  api = await startApi();
  cli = createCli({ POSTHORN_URL: api.url });
});
afterAll(async () => {
  cli.remove();
  await api.close();
});

describe('posthorn check', () => {
  it('says what is configured, and changes nothing', async () => {
    const before = await audited();
    const { exitCode, out, err } = await check(api.adminKey, '--scopes', 'publish,operate');
    expect([exitCode, err]).toEqual([0, '']);
    expect(out).toMatch(
      /^dns\tok\t.*\napi\tok\t.* \(from POSTHORN_URL\)\nversion\tok\t.*\nkey\tok\t.*operate\n$/,
    );
    expect([await audited(), readdirSync(cli.directory)]).toEqual([before, []]);
  });

  it('is read by programs', async () => {
    const { out } = await check(api.adminKey, '--json');
    expect(JSON.parse(out).findings.map(({ check }: { readonly check: string }) => check)).toEqual([
      'dns',
      'api',
      'version',
      'key',
    ]);
  });

  it('wants a key that the API takes, and that may do what is asked for', async () => {
    expect(await cli.run(['check'])).toMatchObject({
      exitCode: 4,
      err: expect.stringContaining('POSTHORN_API_KEY'),
    });
    expect(await check('phk_wrong')).toMatchObject({
      exitCode: 4,
      out: expect.stringContaining('key_unknown'),
    });
    const viewer = await keyWith(['view']);
    expect(await check(viewer)).toMatchObject({
      exitCode: 0,
      out: expect.stringContaining('is of acme, and may view\n'),
    });
    expect(await check(viewer, '--scopes', 'view,publish')).toMatchObject({
      exitCode: 4,
      out: expect.stringContaining('may view, not publish\n'),
      err: expect.stringContaining('posthorn keys create'),
    });
  });

  it('takes a key that may not ask what it may do, unless that is to be known', async () => {
    const publisher = await keyWith(['publish']);
    expect(await check(publisher)).toMatchObject({
      exitCode: 0,
      out: expect.stringContaining('is known. This needs a key with the scope view'),
    });
    expect((await check(publisher, '--scopes', 'publish')).exitCode).toBe(4);
  });

  it('tells an API that does not answer from settings that make no sense', async () => {
    const stranger = await startReceiver();
    const elsewhere = async (...args: readonly string[]): Promise<number> =>
      (await cli.run(['check', ...args], { environment: { POSTHORN_API_KEY: api.adminKey } })).exitCode;
    expect(await elsewhere('--api-url', 'http://127.0.0.1:1')).toBe(6);
    expect(await elsewhere('--api-url', stranger.url)).toBe(6);
    expect(await elsewhere('--api-url', 'ftp://127.0.0.1')).toBe(2);
    expect(await elsewhere('--profile', 'prod')).toBe(2);
    expect(await elsewhere('--scopes', 'all')).toBe(2);
    writeFileSync(join(cli.directory, '.posthorn.json'), '{"key":"phk_1"}');
    expect((await cli.run(['check'], { environment: { POSTHORN_URL: '' } })).exitCode).toBe(2);
    await stranger.close();
  });
});

describe('versionFinding', () => {
  it.each([
    ['0.1.0', '0.1.7', 'ok'],
    ['0.2.0', '0.1.7', 'failed'],
    ['1.0.0', '0.1.7', 'failed'],
    ['1.4.0', '1.0.2', 'ok'],
    ['2.0.0', '1.9.9', 'failed'],
  ])('of an API %s for a command line %s is %s', (version, own, outcome) => {
    expect(versionFinding(version, own).outcome).toBe(outcome);
  });
});

async function check(key: string, ...args: readonly string[]): Promise<CliRun> {
  return await cli.run(['check', ...args], { environment: { POSTHORN_API_KEY: key } });
}

async function keyWith(scopes: readonly string[]): Promise<string> {
  const { body } = await api.operator('POST', '/v1/api-keys', { customer_id: 'acme', scopes });
  return (body as { readonly key: string }).key;
}

async function audited(): Promise<unknown> {
  return (await api.operator('GET', '/v1/audit')).body;
}
