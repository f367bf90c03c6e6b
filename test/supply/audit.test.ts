import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { createProcessGroup } from '../support/processes/processes.ts';

const processes = createProcessGroup();
const closers: (() => void)[] = [];

afterEach(() => {
  for (const close of closers.splice(0)) close();
});
afterAll(processes.stopAll);

/** As the registry answers npm, of one package that production has. */
const ADVISORIES = {
  zod: [
    {
      id: 1_065_432,
      url: 'https://github.com/advisories/GHSA-aaaa-bbbb-cccc',
      title: 'Everything is wrong',
      severity: 'low',
      vulnerable_versions: '>=0.0.0',
      cwe: ['CWE-1'],
      cvss: { score: 3, vectorString: null },
    },
  ],
};

describe('npm run audit', () => {
  it('passes where the registry knows nothing against us', async () => {
    const { ended, output } = await audit(offering({}));
    expect(ended).toBe('code 0');
    expect(output).toBe('audit: no other advisory concerns what production installs\n');
  });

  it('fails where it knows something, and says what', async () => {
    const { ended, output } = await audit(offering(ADVISORIES));
    expect([ended, output]).toEqual([
      'code 1',
      'audit: zod: Everything is wrong (low, GHSA-aaaa-bbbb-cccc)\n',
    ]);
  });

  it.each([
    ['code 0', []],
    ['code 1', ['--strict']],
  ])('ends with %s where there are no advisories, told %j', async (code, args) => {
    const { ended, output } = await audit((_, response) => response.writeHead(405).end(), args);
    expect(ended).toBe(code);
    expect(output).toContain('the registry offers no advisories, nothing was audited');
  });
});

/** A registry that has advisories, and nothing else to tell. */
function offering(advisories: object): RequestListener {
  return (request, response) => {
    const isAsked = request.method === 'POST' && request.url === '/-/npm/v1/security/advisories/bulk';
    response.writeHead(isAsked ? 200 : 404, { 'Content-Type': 'application/json' });
    request.resume().on('end', () => response.end(isAsked ? JSON.stringify(advisories) : '{}'));
  };
}

/** Runs the command with a registry of its own. */
async function audit(registry: RequestListener, args: readonly string[] = []) {
  const server = createServer(registry);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => server.close());
  const { port } = server.address() as AddressInfo;
  const run = processes.start(process.execPath, ['dist/tools/supply/audit.js', ...args], {
    npm_config_registry: `http://127.0.0.1:${port}/`,
    npm_config_fetch_retries: '0',
  });
  return { ended: await run.ended, output: run.output() };
}
