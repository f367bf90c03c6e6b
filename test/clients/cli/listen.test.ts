import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { eventually } from '../../support/eventually.ts';
import { type Posthorn, startPosthorn } from '../../support/processes/posthorn.ts';
import type { RunningProcess } from '../../support/processes/processes.ts';
import { type Certificates, createCertificates } from '../../support/receivers/certificates.ts';
import { type CuttableNetwork, startNetwork } from '../../support/receivers/cuttable-network.ts';
import { type Desk, startDesk } from '../../support/receivers/desk.ts';
import { type Cli, type CliRun, createCli } from './run.ts';

const SLOW = 150_000;
const READY = /^ready {2}(ep_\w{26}) {2}(whsec_\S+) {2}→ (\S+)\n/m;
const DATA = '{"job_id":"🎺 ü","big":9223372036854775807,"exact":1.10}';

let posthorn: Posthorn;
let cli: Cli;
let certificates: Certificates;
const desks: Desk[] = [];
beforeAll(async () => {
  certificates = await createCertificates();
  posthorn = await startPosthorn({ environment: { POSTHORN_TIMING: 'test' } });
  await posthorn.startWorker();
  cli = createCli(surroundings());
});
afterAll(async () => {
  cli.remove();
  await posthorn.stop();
  for (const desk of desks) await desk.close();
});

describe('posthorn listen', () => {
  it.each([
    ['on 127.0.0.1 only', '127.0.0.1', (port: number) => `${port}`, '/', []],
    ['on ::1 only', '::1', (port: number) => `${port}/hook`, '/hook', []],
    [
      'at a URL with path and query',
      '127.0.0.1',
      (port: number) => `http://127.0.0.1:${port}/base?a=1&b=%20`,
      '/base/hook?a=1&b=%20',
      ['--path', 'hook', '--header', 'X-Mine: yes'],
    ],
    [
      'over HTTPS with a self-signed certificate',
      '127.0.0.1',
      (port: number) => `https://localhost:${port}/`,
      '/',
      ['--skip-tls-verify'],
    ],
  ])(
    'forwards to Express %s, byte by byte',
    async (what, host, targetOf, path, options) => {
      const desk = await openDesk(host, what.includes('HTTPS') ? certificates.selfSigned : undefined);
      const customer = `listens-${desks.length}`;
      const { ready, run } = listen([
        targetOf(desk.port),
        '--customer',
        customer,
        '--exit-after',
        '2',
        ...options,
      ]);
      const [, id = '', secret = ''] = await ready;
      const event = await publish(customer);
      await publish(customer);
      expect(await run).toMatchObject({ exitCode: 0 });
      expect(desk.requests.map((request) => request.path)).toEqual([path, path]);
      for (const { body, headers } of desk.requests) {
        expect(() => new Webhook(secret).verify(body.toString(), headers)).not.toThrow();
        expect(body.toString()).toContain(DATA);
        if (options.includes('--header')) expect(headers['x-mine']).toBe('yes');
      }
      const { id: delivery } = await posthorn.untilStatus(event, 'delivered');
      const { body } = await posthorn.call('GET', `/v1/deliveries/${delivery}`);
      expect(body).toMatchObject({ attempts: [{ status_code: 200, response: { body: 'taken' } }] });
      expect((await posthorn.call('GET', `/v1/endpoints/${id}`)).status).toBe(404);
    },
    SLOW,
  );

  it(
    'shows what the program really answers, opens no breaker, and makes no dead letters',
    async () => {
      const desk = await openDesk('127.0.0.1');
      desk.answerWith(410, 'no');
      const { ready, run } = listen([String(desk.port), '--customer', 'fails', '--exit-after', '12']);
      const [, id] = await ready;
      const [event = ''] = await Promise.all(Array.from({ length: 12 }, async () => await publish('fails')));
      await eventually(() => desk.requests.length === 12);
      const delivery = await eventually(async () => {
        const found = await posthorn.deliveryOf(event);
        return found.last_error_code === 'http_410' ? found : null;
      });
      expect(delivery).toMatchObject({ attempts: [{ status_code: 410 }] });
      expect(delivery.status).not.toBe('dead');
      const endpoint = await posthorn.call('GET', `/v1/endpoints/${id}`);
      if (endpoint.status === 200)
        expect(endpoint.body).toMatchObject({ breaker_state: 'closed', disabled_reason: null });
      expect((await run).out).toMatch(/\tjob\.completed\tdel_\w{26}\t410\t\d+ ms\n/);
      const { body } = await posthorn.call('GET', '/v1/dead-letters?customer_id=fails');
      expect(body).toMatchObject({ items: [] });
    },
    SLOW,
  );

  it(
    'gives every target every event',
    async () => {
      const [one, two] = [await openDesk('127.0.0.1'), await openDesk('127.0.0.1')];
      const targets = ['--forward', `one=${one?.port}/a`, '--forward', `two=${two?.port}/b`];
      const { ready, run } = listen(['--customer', 'two', '--exit-after', '2', ...targets]);
      await ready;
      await eventually(async () => await hasEndpoints('two', 2));
      await publish('two');
      expect((await run).exitCode).toBe(0);
      expect([one?.requests.length, two?.requests.length]).toEqual([1, 1]);
    },
    SLOW,
  );

  it(
    'delivers what came while the API was restarted, the network was cut, and it was killed itself',
    async () => {
      const desk = await openDesk('127.0.0.1');
      const network = await startNetwork(posthorn.url());
      let process = await startProcess(desk, network);
      const published = [await publish('gaps')];
      await eventually(() => desk.requests.length > 0);

      await posthorn.api().stop();
      await posthorn.startApi();
      published.push(await publish('gaps'), await publish('gaps'));
      await eventually(() => takenBy(desk) === 3);

      network.cut();
      published.push(await publish('gaps'), await publish('gaps'));
      await process.waitForOutput(/reconnecting/);
      network.mend();
      await eventually(() => takenBy(desk) === 5);

      process.kill('SIGKILL');
      await process.ended;
      published.push(await publish('gaps'), await publish('gaps'));
      const [, id] = /(ep_\w{26})/.exec(process.output()) ?? [];
      process = await startProcess(desk, network);
      expect(process.output()).toContain(id);
      await eventually(() => takenBy(desk) === 7);

      for (const event of published) await posthorn.untilStatus(event, 'delivered');
      expect(process.output()).not.toMatch(/missed/);
      process.kill('SIGINT');
      expect(await process.ended).toBe('code 130');
      expect((await posthorn.call('GET', `/v1/endpoints/${id}`)).status).toBe(404);
      await network.close();
    },
    SLOW,
  );

  it('asks whose events, and before it takes those of all customers from afar', async () => {
    expect(await cli.run(['listen', '3000'])).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining('--all-customers'),
    });
    const remote = ['listen', '3000', '--all-customers', '--api-url', 'https://posthorn.example'];
    expect(await cli.run(remote)).toMatchObject({ exitCode: 2, err: expect.stringContaining('--yes') });
    expect((await cli.run(['listen', '--customer', 'acme'])).exitCode).toBe(2);
  });
});

/** Events whose requests have arrived, however often. */
function takenBy({ requests }: Desk): number {
  return new Set(requests.map(({ headers }) => headers['x-webhook-event-id'])).size;
}

async function openDesk(...where: Parameters<typeof startDesk>): Promise<Desk> {
  const desk = await startDesk(...where);
  desks.push(desk);
  return desk;
}

function surroundings(url = posthorn.url()): Readonly<Record<string, string>> {
  const { POSTHORN_ADMIN_KEY = '' } = posthorn.environment;
  return { POSTHORN_URL: url, POSTHORN_API_KEY: POSTHORN_ADMIN_KEY };
}

function listen(args: readonly string[]): {
  readonly ready: Promise<RegExpMatchArray>;
  readonly run: Promise<CliRun>;
} {
  let isReady: (match: RegExpMatchArray) => void = () => {};
  const ready = new Promise<RegExpMatchArray>((settle) => {
    isReady = settle;
  });
  let out = '';
  const onOut = (text: string): void => {
    out += text;
    const match = READY.exec(out);
    if (match !== null) isReady(match);
  };
  return { ready, run: cli.run(['listen', ...args], { onOut }) };
}

async function startProcess(desk: Desk, network: CuttableNetwork): Promise<RunningProcess> {
  const program = resolve('dist/clients/cli/main.js');
  const args = [program, 'listen', String(desk.port), '--customer', 'gaps'];
  const started = posthorn.processes.start(process.execPath, args, {
    ...surroundings(network.url),
    HOME: cli.directory,
  });
  await started.waitForOutput(/^ready {2}/m);
  return started;
}

async function publish(customer_id: string): Promise<string> {
  const body = `{"event":"job.completed","customer_id":"${customer_id}","data":${DATA}}`;
  const answer = await fetch(`${posthorn.url()}/v1/events`, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${posthorn.environment.POSTHORN_ADMIN_KEY}`,
      'Content-Type': 'application/json',
    },
    body,
  });
  const { id } = (await answer.json()) as { readonly id: string };
  return id;
}

async function hasEndpoints(customer: string, count: number): Promise<boolean> {
  const { body } = await posthorn.call('GET', `/v1/endpoints?customer_id=${customer}`);
  return (body as { readonly items: readonly unknown[] }).items.length === count;
}
