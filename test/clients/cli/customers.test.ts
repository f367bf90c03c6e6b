import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ApiUnderTest, startApi } from '../../support/api/api.ts';
import { type Cli, type CliRun, createCli } from './run.ts';

let api: ApiUnderTest;
let cli: Cli;
beforeAll(async () => {
  api = await startApi();
  cli = createCli({ POSTHORN_URL: api.url, POSTHORN_API_KEY: api.adminKey });
});
afterAll(async () => {
  cli.remove();
  await api.close();
});

describe('posthorn customers and posthorn portal', () => {
  it('registers, changes and erases a customer', async () => {
    const limits = ['--max-endpoints', '7', '--requests-per-minute', '0'];
    const made = await json(
      'customers',
      'put',
      'globex',
      '--name',
      'Globex',
      '--metadata',
      'plan=big',
      ...limits,
    );
    const unlimited = { max_endpoints: 7, max_keys: null, requests_per_minute: 0 };
    expect(made).toMatchObject({ name: 'Globex', metadata: { plan: 'big' }, limits: unlimited });
    const changed = await json(
      'customers',
      'put',
      'globex',
      '--name',
      'Globex Ltd',
      '--max-endpoints',
      'none',
    );
    expect(changed).toMatchObject({
      name: 'Globex Ltd',
      metadata: { plan: 'big' },
      limits: { ...unlimited, max_endpoints: null },
    });
    await json('endpoints', 'create', '--customer', 'globex', '--url', 'https://receiver.example/');
    expect((await ok('customers', 'get', 'globex')).out).toContain('endpoints\t1\n');
    expect((await ok('customers', 'list', '--id', 'globex')).out).toMatch(/^globex\tGlobex Ltd\t\S+Z\t-\n$/);
    expect((await cli.run(['customers', 'delete', 'globex'])).exitCode).toBe(2);
    expect((await cli.run(['customers', 'delete', 'globex'], { answer: 'n' })).exitCode).toBe(1);
    expect((await ok('customers', 'delete', 'globex', '--yes')).err).toContain('is being erased');
    expect((await ok('customers', 'list', '--id', 'globex')).out).toMatch(/\t\S+Z\t\S+Z\n$/);
    expect((await cli.run(['customers', 'get', 'nobody'])).exitCode).toBe(3);
  });

  it('makes, lists and revokes links to the portal', async () => {
    const made = await json('portal', 'link', '--customer', 'acme', '--read-only', '--expires', '1h');
    expect(made).toMatchObject({ capabilities: ['view'], url: expect.stringContaining('/portal') });
    const lasts = Date.parse(made.expires_at) - Date.parse(made.created_at);
    expect(lasts).toBe(3_600_000);
    expect((await ok('portal', 'link', '--customer', 'acme')).out).toMatch(/^http\S+\/portal\S*\n$/);
    expect((await ok('portal', 'list', '--all')).out).toMatch(
      new RegExp(`^${made.id}\tacme\tview\tno\tnever\t\\S+Z\tlive$`, 'm'),
    );
    expect((await cli.run(['portal', 'revoke', made.id])).exitCode).toBe(2);
    await ok('portal', 'revoke', made.id, '--yes');
    expect((await ok('portal', 'list', '--all')).out).toMatch(new RegExp(`^${made.id}\t.*\trevoked$`, 'm'));
    const both = ['--customer', 'acme', '--read-only', '--capabilities', 'retry'];
    expect((await cli.run(['portal', 'link', ...both])).exitCode).toBe(2);
  });
});

async function ok(...args: readonly string[]): Promise<CliRun> {
  const run = await cli.run(args);
  if (run.exitCode !== 0)
    throw new Error(`posthorn ${args.join(' ')} ended with ${run.exitCode}: ${run.err}`);
  return run;
}

interface Answer {
  readonly id: string;
  readonly created_at: string;
  readonly expires_at: string;
}

/** The answer of the API as the command shows it. */
async function json(...args: readonly string[]): Promise<Answer> {
  return JSON.parse((await ok(...args, '--json')).out);
}
