import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Posthorn, startPosthorn } from '../../support/processes/posthorn.ts';
import { type Receiver, startReceiver } from '../../support/receivers/receiver.ts';
import { commandNames, RUN_ELSEWHERE } from './commands.ts';
import { type Cli, type CliRun, createCli, type Surroundings } from './run.ts';

const SLOW = 120_000;

let posthorn: Posthorn;
let receiver: Receiver;
let cli: Cli;
const used = new Set<string>();
beforeAll(async () => {
  receiver = await startReceiver();
  posthorn = await startPosthorn({ environment: { POSTHORN_ECHO: 'true' } });
  await posthorn.startWorker();
  const { POSTHORN_ADMIN_KEY = '' } = posthorn.environment;
  cli = createCli({ POSTHORN_URL: posthorn.url(), POSTHORN_API_KEY: POSTHORN_ADMIN_KEY });
});
afterAll(async () => {
  cli.remove();
  await posthorn.stop();
  await receiver.close();
});

describe('posthorn, against a running instance', () => {
  it('makes, changes, tests, switches and removes an endpoint', async () => {
    const { id, secret } = await json('endpoints create', '--customer', 'ends', '--url', receiver.url);
    expect(secret).toMatch(/^whsec_/);
    expect((await ok('endpoints list', '--customer', 'ends')).out).toMatch(new RegExp(`^${id}\tends\t`));
    expect(await json('endpoints get', id)).toMatchObject({ id, url: receiver.url });
    const { err } = await ok('endpoints update', id, '--event', 'job.*', '--event', 'system.maintenance');
    expect(err).toBe('events: ["*"] → ["job.*","system.maintenance"]\n');
    expect(await json('endpoints test', id)).toMatchObject({ status: 'delivered' });
    expect(await json('endpoints pause', id, '--reason', 'a move')).toMatchObject({ status: 'paused' });
    await ok('endpoints resume', id);
    expect(await json('endpoints disable', id)).toMatchObject({ status: 'disabled' });
    await ok('endpoints enable', id);
    expect(await json('endpoints stats', id)).toHaveProperty('latency_ms');
    expect((await call('endpoints verify', [id])).exitCode).toBe(5);
    expect(await call('endpoints delete', [id])).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining('--yes'),
    });
    expect(await call('endpoints delete', [id], { answer: 'n' })).toMatchObject({ exitCode: 1 });
    await ok('endpoints delete', id, '--yes');
    expect((await call('endpoints get', [id])).exitCode).toBe(3);
  });

  it('shows, rotates, promotes and revokes secrets', async () => {
    const { id, secret } = await json('endpoints create', '--customer', 'secrets', '--url', receiver.url);
    expect((await ok('endpoints secret show', id)).out).toBe(`1\t${secret}\n`);
    const rotated = await json('endpoints secret rotate', id, '--overlap', '60');
    expect(rotated).toMatchObject({ number: 2, secret: expect.stringMatching(/^whsec_/) });
    await ok('endpoints secret promote', id);
    expect((await ok('endpoints secret revoke', id, '--yes')).out).toBe('live secrets\t2\n');
  });

  it('publishes, follows and cancels events', async () => {
    await json('endpoints create', '--customer', 'flow', '--url', receiver.url);
    const data = '{"job_id":"j1","big":9223372036854775807}';
    const tail = ok(
      'tail',
      '--customer',
      'flow',
      '--status',
      'delivered',
      '--since',
      '1m',
      '--exit-after',
      '1',
    );
    const accepted = await json('events publish', 'job.completed', '--customer', 'flow', '--data', data);
    expect((await tail).out).toMatch(
      /^\S+Z\tdel_\w{26}\tjob\.completed\tflow\tep_\w{26}\tdelivered\t1\t20[04]\t[\d.]+\n$/,
    );
    expect((await ok('events get', accepted.id, '--json')).out).toContain('9223372036854775807');
    expect((await ok('events explain', accepted.id)).out).toContain('delivered');
    expect((await ok('events list', '--customer', 'flow', '--since', '1h')).out).toMatch(
      new RegExp(`^${accepted.id}\t`),
    );
    const later = await json(
      'events publish',
      'job.completed',
      '--customer',
      'flow',
      '--data',
      '{}',
      '--at',
      '2h',
    );
    expect(await json('events cancel', later.id, '--yes')).toMatchObject({
      cancelled_at: expect.any(String),
    });
    const { items } = await json('deliveries list', '--event-id', accepted.id);
    expect((await ok('deliveries get', items[0]?.id ?? '')).out).toMatch(/^attempt 1\t.*\tautomatic$/m);
    expect((await ok('deliveries get', items[0]?.id ?? '', '--curl')).out).toMatch(/^curl .* -H 'X-Webhook-/);
    expect((await call('deliveries cancel', [items[0]?.id ?? '', '--yes'])).exitCode).toBe(5);
  });

  it(
    'triggers samples, waits for their ends, and sends dead letters once more',
    async () => {
      const settings = JSON.stringify({ url: receiver.url, retry: { max_retries: 0 } });
      await json('endpoints create', '--customer', 'dead', '--from-file', settings);
      receiver.answerWith({ status: 503 });
      const args = [
        'job.failed',
        '--customer',
        'dead',
        '--set',
        'error.code=E7',
        '--unset',
        'metadata',
        '--count',
        '2',
      ];
      const { exitCode, out } = await call('trigger', [...args, '--wait']);
      expect([exitCode, out]).toEqual([1, expect.stringMatching(/\tdead\t1\thttp_503\t/)]);
      const filter = ['--customer', 'dead', '--error-code', 'http_503'];
      const listed = await ok('dead-letters list', ...filter, '--all', '--json');
      const letters = listed.out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
      expect(letters.map(({ reason }) => reason)).toEqual(['retries_exhausted', 'retries_exhausted']);
      expect((await ok('dead-letters retry', ...filter)).out).toBe('count\t2\n');
      receiver.answerWith({ status: 204 });
      const retried = await ok('dead-letters retry', ...filter, '--yes');
      const [replay = ''] = retried.out.split('\n');
      expect(retried.err).toContain(`replay ${replay}  completed  2 delivered`);
      expect(await json('replays get', replay)).toMatchObject({ status: 'completed', delivered: 2 });
      expect((await ok('replays list', '--customer', 'dead')).out).toMatch(/\tcompleted\t/);
      expect((await ok('replays watch', replay)).err).toContain('0 left');
      expect((await call('replays cancel', [replay, '--yes'])).exitCode).toBe(5);
      const other = await json('endpoints create', '--customer', 'dead', '--url', `${receiver.url}/other`);
      const again = ['--customer', 'dead', '--status', 'delivered', '--to', other.id];
      expect((await ok('replays create', ...again)).out).toBe('count\t2\n');
      const sent = await ok('replays create', ...again, '--yes');
      const [moved = ''] = sent.out.split('\n');
      expect(sent.err).toContain(`replay ${moved}  completed  2 delivered`);
      expect((await call('replays continue', [moved])).exitCode).toBe(5);
      const one = await json('events send', letters[0]?.event_id ?? '', '--to', other.id);
      expect(one).toMatchObject({ endpoint_id: other.id });
      await ok('deliveries retry', letters[0]?.id ?? '');
      expect((await ok('dead-letters discard', '--customer', 'dead', '--yes')).out).toBe('count\t0\n');
    },
    SLOW,
  );

  it('recovers what was skipped', async () => {
    const { id } = await json('endpoints create', '--customer', 'skipped', '--url', receiver.url);
    await ok('endpoints disable', id);
    await ok('trigger', 'job.completed', '--customer', 'skipped');
    await ok('endpoints enable', id);
    expect((await ok('endpoints recover', id, '--dry-run')).out).toBe('count\t1\n');
    expect((await ok('endpoints recover', id, '--yes')).err).toContain('1 delivered');
  });

  it('looks after the catalogue and after keys', async () => {
    writeFileSync(join(cli.directory, 'schema.json'), '{"type":"object","required":["id"]}');
    const schema = ['--schema', '@schema.json'];
    await ok('event-types put', 'order.paid', '--description', 'An order is paid.', ...schema);
    const changed = await json('event-types put', 'order.paid', '--description', 'Paid.', '--schema', 'null');
    expect(changed).toMatchObject({ description: 'Paid.', schema: null });
    expect((await ok('event-types get', 'order.paid')).out).toContain('description\tPaid.\n');
    expect((await ok('event-types list', '--all')).out).toMatch(/^order\.paid\t/m);
    await ok('event-types delete', 'order.paid', '--yes');
    const made = await ok('keys create', '--customer', 'acme', '--name', 'portal', '--scopes', 'view');
    const [id = ''] = /key_\w{26}/.exec(made.err) ?? [];
    const key = { environment: { POSTHORN_API_KEY: made.out.trim() } };
    expect((await call('events list', [], key)).exitCode).toBe(0);
    expect((await call('keys list', [], key)).exitCode).toBe(4);
    expect((await ok('keys rotate', id, '--overlap', '60')).out).toMatch(/^phk_\w{46}\n$/);
    expect((await ok('keys list', '--customer', 'acme')).out).toMatch(
      /^key_\w+\tacme\tportal\tview\tanywhere\t/,
    );
    await ok('keys revoke', id, '--yes');
    expect((await call('events list', [], key)).exitCode).toBe(4);
  });

  it('tells rates: in all, at this moment, over time, and whose they are', async () => {
    const { id } = await json('endpoints create', '--customer', 'rates', '--url', receiver.url);
    await ok('trigger', 'job.completed', '--customer', 'rates', '--wait');
    expect(await json('stats summary', '--range', '1h')).toHaveProperty('success_rate');
    const own = ['--range', '1h', '--customer', 'rates'];
    expect((await cli.run(['stats', ...own])).out).toMatch(/^attempts\t1\nsucceeded\t1\nfailed\t0\n/);
    expect((await cli.run(['stats', ...own, '--endpoint', id])).out).toMatch(/^attempts\t1\n/);
    const failures = await cli.run(['stats', '--customer', 'dead', '--by', 'error']);
    expect(failures.out).toMatch(/^http_503\t2\t2\t0\t/);
    const top = await ok('stats top', ...own, '--of', 'attempts', '--limit', '1');
    expect(top.out.split('\t')).toEqual([id, '1', '0', '1', '0', expect.any(String), `${receiver.url}\n`]);
    const over = await ok('stats series', ...own, '--measures', 'attempts,delivered', '--bucket', '1h');
    const counts = over.out
      .trim()
      .split('\n')
      .map((line) => line.split('\t'));
    expect(counts.map(([, attempts]) => Number(attempts)).reduce((sum, one) => sum + one)).toBe(1);
    const grouped = ['--measures', 'attempts', '--group-by', 'event', '--endpoint', id];
    const terminal = { isTerminal: true, environment: { NO_COLOR: '1' } };
    expect((await call('stats series', [...own, ...grouped], terminal)).out).toMatch(
      /^from +attempts job\.completed\n/,
    );
    expect((await ok('stats now', '--customer', 'rates')).out).toMatch(
      /^waiting\t0\n.*^endpoints\t1 enabled\n/ms,
    );
    expect((await call('stats top', ['--by', 'age'])).exitCode).toBe(2);
  });

  it('tells what is wrong with the installation', async () => {
    const healthy = await ok('doctor');
    expect(healthy.out).toMatch(
      /^api\tok\t.*\nversion\tok\t.*\nclock\tok\t.*\npostgres\tok.*\ntemporal\tok.*\nworker\tok/m,
    );
    expect(healthy.out).toMatch(/^round trip\tok\ta signed event came back in \d+ ms and verifies$/m);
    expect((await ok('check', '--scopes', 'operate')).out).toMatch(/^version\tok\t.*\nkey\tok\t/m);
    const stranger = await call('doctor', [], { environment: { POSTHORN_API_KEY: 'phk_wrong' } });
    expect(stranger).toMatchObject({ exitCode: 1, err: expect.stringContaining('posthorn login') });
    const nowhere = await call('doctor', [], { environment: { POSTHORN_URL: 'http://127.0.0.1:1' } });
    expect(nowhere).toMatchObject({ exitCode: 1, err: expect.stringContaining('npm start') });
  });

  it('shows tables to terminals', async () => {
    await ok('keys create', '--customer', 'tables', '--name', 'one');
    const terminal = { isTerminal: true, environment: { NO_COLOR: '1' } };
    const { out } = await call('keys list', ['--customer', 'tables'], terminal);
    expect(out).toMatch(/^id +customer +name +scopes .*\nkey_\w+ {2}tables +one +publish,/);
  });

  it('ends where it is interrupted', async () => {
    const interruption = new AbortController();
    const running = call('tail', ['--verbose'], {
      signal: interruption.signal,
      onErr: () => interruption.abort(),
    });
    expect((await running).exitCode).toBe(130);
  });

  it('has been asked for every command', async () => {
    expect(commandNames().filter((name) => !used.has(name))).toEqual(RUN_ELSEWHERE.toSorted());
  });
});

async function call(
  command: string,
  args: readonly string[],
  surroundings: Surroundings = {},
): Promise<CliRun> {
  used.add(command);
  return await cli.run([...command.split(' '), ...args], surroundings);
}

async function ok(command: string, ...args: readonly string[]): Promise<CliRun> {
  const run = await call(command, args);
  if (run.exitCode !== 0) throw new Error(`posthorn ${command} ended with ${run.exitCode}: ${run.err}`);
  return run;
}

interface Answer {
  readonly id: string;
  readonly secret: string;
  readonly created_at: string;
  readonly expires_at: string;
  readonly items: readonly { readonly id: string }[];
}

/** The answer of the API as the command shows it. */
async function json(command: string, ...args: readonly string[]): Promise<Answer> {
  return JSON.parse((await ok(command, ...args, '--json')).out);
}
