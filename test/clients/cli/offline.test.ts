import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { printable } from '../../../clients/cli/output/text.ts';
import { describeCli } from '../../../tools/docs/describe-cli.ts';
import { golden } from '../../support/receivers/golden.ts';
import { startReceiver } from '../../support/receivers/receiver.ts';
import { type Cli, createCli } from './run.ts';

const NOW = ['--now', '2024-09-26T10:02:20Z'];
const SECRET = { POSTHORN_WEBHOOK_SECRET: golden.secret };

let cli: Cli;
beforeAll(() => {
  cli = createCli();
  writeFileSync(join(cli.directory, 'body.json'), golden.body);
  const headers = Object.entries(golden.headers).map(([name, value]) => `${name}: ${value}`);
  writeFileSync(join(cli.directory, 'headers.txt'), `POST /hook HTTP/1.1\r\n${headers.join('\r\n')}\r\n`);
  writeFileSync(join(cli.directory, 'secret.txt'), `${golden.secret}\n`);
});
afterAll(() => cli.remove());

describe('posthorn verify', () => {
  const files = ['--body-file', 'body.json', '--header-file', 'headers.txt', '--secret-file', 'secret.txt'];

  it('accepts the golden vector, by files and by standard input', async () => {
    const { exitCode, out } = await cli.run(['verify', ...files, ...NOW]);
    expect([exitCode, out]).toEqual([0, expect.stringMatching(/^standard_webhooks\tok\t/m)]);
    const piped = { input: golden.text, environment: SECRET };
    expect((await cli.run(['verify', '--body-file', '-', ...NOW], piped)).exitCode).toBe(0);
  });

  it('says which rule fails', async () => {
    const old = await cli.run(['verify', ...files, '--json']);
    expect(old.exitCode).toBe(1);
    const failed = JSON.parse(old.out).checks.filter(({ passed }: { passed: boolean }) => !passed);
    expect(failed).toMatchObject([{ rule: 'timestamp', code: 'timestamp_too_old' }]);
    const forged = { input: golden.text.replace('1', '2'), environment: SECRET };
    const { exitCode, out } = await cli.run(['verify', '--body-file', '-', ...NOW], forged);
    expect([exitCode, out]).toEqual([1, expect.stringMatching(/^body_signature\tFAILED\t/m)]);
  });

  it('wants the secret where nobody else sees it', async () => {
    const { exitCode, err } = await cli.run(['verify', '--body-file', 'body.json']);
    expect([exitCode, err]).toEqual([2, expect.stringContaining('--secret-file or POSTHORN_WEBHOOK_SECRET')]);
  });
});

describe('posthorn sign and posthorn trigger --to', () => {
  it('make what verifies, with numbers as they were written', async () => {
    const data = '{"id":9223372036854775807,"rate":1.0}';
    const { out } = await cli.run(['sign', '--data', data], { environment: SECRET });
    expect(out).toContain(`"data":${data}`);
    expect(
      (await cli.run(['verify', '--body-file', '-'], { input: out, environment: SECRET })).exitCode,
    ).toBe(0);
  });

  it('send a signed event without any server, and fail where it is refused', async () => {
    const receiver = await startReceiver({ status: 204 });
    const args = ['trigger', 'job.failed', '--to', receiver.url, '--set', 'error.code=E7'];
    expect((await cli.run(args, { environment: SECRET })).exitCode).toBe(0);
    const [request] = receiver.requests;
    expect(request?.body.toString()).toMatch(/"event":"job\.failed".*"data":\{"error":\{"code":"E7"\}\}\}$/);
    const received = { input: request?.body.toString() ?? '', environment: SECRET };
    expect((await cli.run(['verify', '--body-file', '-'], received)).exitCode).toBe(0);
    receiver.answerWith({ status: 500 });
    expect((await cli.run(args, { environment: SECRET })).exitCode).toBe(1);
    await receiver.close();
  });
});

describe('how the command line explains itself', () => {
  it.each([
    ['an unknown command', ['destroy'], "unknown command 'destroy'"],
    ['an unknown option', ['keys', 'list', '--every'], '--every'],
    ['an unknown state', ['deliveries', 'list', '--status', 'lost'], 'it takes scheduled, queued'],
    ['an unknown reason', ['dead-letters', 'list', '--reason', 'age'], 'retries_exhausted'],
    ['a time that is none', ['tail', '--since', 'soon'], 'RFC 3339'],
    ['a key of nobody', ['keys', 'create'], 'either --customer or --operator'],
    ['a missing id', ['keys', 'revoke'], "missing required argument 'id'"],
    ['no key', ['events', 'list'], 'set POSTHORN_API_KEY'],
    ['data that is none', ['events', 'publish', 'a', '--data', '{'], '--data is no JSON'],
  ])('where there is %s', async (_what, args, wanted) => {
    const { exitCode, out, err } = await cli.run(args);
    expect([exitCode, out, err]).toEqual([2, '', expect.stringContaining(wanted)]);
  });

  it('says that no API answers, and what to try', async () => {
    const environment = { POSTHORN_URL: 'http://127.0.0.1:1', POSTHORN_API_KEY: 'x' };
    const { exitCode, err } = await cli.run(['keys', 'list', '--verbose'], { environment });
    expect([exitCode, err]).toEqual([
      6,
      expect.stringMatching(/127\.0\.0\.1:1: .+\ntry: posthorn doctor\n$/),
    ]);
  });

  it('tells its commands to programs and to bash', async () => {
    const tree = JSON.parse((await cli.run(['commands'])).out);
    expect(tree.commands.map(({ name }: { name: string }) => name)).toContain('dead-letters');
    writeFileSync(join(cli.directory, 'completion'), (await cli.run(['completion', 'bash'])).out);
    const script =
      `. ./completion; COMP_WORDS=(posthorn endpoints secret ro); ` +
      `COMP_CWORD=3; _posthorn; echo $COMPREPLY`;
    expect(execFileSync('bash', ['-c', script], { cwd: cli.directory }).toString()).toBe('rotate\n');
  });

  it('lets no text of others rewrite the terminal', () => {
    expect(printable('red\u001b[31m\u202e')).toBe('red\ufffd[31m\ufffd');
  });

  it('has docs that tell what there is', () => {
    expect(readFileSync('docs/cli.md', 'utf8')).toBe(describeCli());
  });

  it('is part of the program of the image, and loads without the server', () => {
    const { status, stdout } = spawnSync(process.execPath, ['dist/src/main/posthorn.js', '--version']);
    expect([status, stdout.toString()]).toEqual([0, expect.stringMatching(/^\d+\.\d+\.\d+\n$/)]);
  });
});
