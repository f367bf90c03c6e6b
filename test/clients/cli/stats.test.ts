import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ApiUnderTest, startApi } from '../../support/api/api.ts';
import { type Cli, createCli } from './run.ts';

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

describe('posthorn stats now --watch', () => {
  it('shows how things stand again and again, until Ctrl-C', async () => {
    const interruption = new AbortController();
    let shown = 0;
    const onOut = (text: string): void => {
      if (!text.includes('"as_of"')) return;
      shown += 1;
      if (shown === 2) interruption.abort();
    };
    const args = ['stats', 'now', '--customer', 'acme', '--watch', '--json'];
    const { exitCode, out } = await cli.run(args, { signal: interruption.signal, onOut });
    expect(exitCode).toBe(130);
    const [first = '', second = ''] = out.trim().split('\n');
    expect(JSON.parse(first)).toMatchObject({ waiting: { count: 0 } });
    expect(Date.parse(JSON.parse(second).as_of)).toBeGreaterThan(Date.parse(JSON.parse(first).as_of));
  });
});
