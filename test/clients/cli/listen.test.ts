import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { eventually } from '../../support/eventually.ts';
import { type Certificates, createCertificates } from '../../support/receivers/certificates.ts';
import { startNetwork } from '../../support/receivers/cuttable-network.ts';
import type { Desk } from '../../support/receivers/desk.ts';
import { DATA, type ListeningRoom, openListeningRoom } from './listening-room.ts';

const SLOW = 150_000;

let room: ListeningRoom;
let certificates: Certificates;
beforeAll(async () => {
  certificates = await createCertificates();
  room = await openListeningRoom();
});
afterAll(async () => await room.close());

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
      const desk = await room.openDesk(host, what.includes('HTTPS') ? certificates.selfSigned : undefined);
      const customer = `listens-${room.desks.length}`;
      const { ready, run } = room.listen([
        targetOf(desk.port),
        '--customer',
        customer,
        '--exit-after',
        '2',
        ...options,
      ]);
      const [, id = '', secret = ''] = await ready;
      const event = await room.publish(customer);
      await room.publish(customer);
      expect(await run).toMatchObject({ exitCode: 0 });
      expect(desk.requests.map((request) => request.path)).toEqual([path, path]);
      for (const { body, headers } of desk.requests) {
        expect(() => new Webhook(secret).verify(body.toString(), headers)).not.toThrow();
        expect(body.toString()).toContain(DATA);
        if (options.includes('--header')) expect(headers['x-mine']).toBe('yes');
      }
      const { id: delivery } = await room.posthorn.untilStatus(event, 'delivered');
      const { body } = await room.posthorn.call('GET', `/v1/deliveries/${delivery}`);
      expect(body).toMatchObject({ attempts: [{ status_code: 200, response: { body: 'taken' } }] });
      expect((await room.posthorn.call('GET', `/v1/endpoints/${id}`)).status).toBe(404);
    },
    SLOW,
  );

  it(
    'shows what the program really answers, opens no breaker, and makes no dead letters',
    async () => {
      const desk = await room.openDesk('127.0.0.1');
      desk.answerWith(410, 'no');
      const { ready, run } = room.listen([String(desk.port), '--customer', 'fails', '--exit-after', '12']);
      const [, id] = await ready;
      const [event = ''] = await Promise.all(
        Array.from({ length: 12 }, async () => await room.publish('fails')),
      );
      await eventually(() => new Set(desk.requests.map(({ headers }) => headers['webhook-id'])).size === 12);
      const delivery = await eventually(async () => {
        const found = await room.posthorn.deliveryOf(event);
        return found.last_error_code === 'http_410' ? found : null;
      });
      expect(delivery).toMatchObject({ attempts: [{ status_code: 410 }] });
      expect(delivery.status).not.toBe('dead');
      const endpoint = await room.posthorn.call('GET', `/v1/endpoints/${id}`);
      if (endpoint.status === 200)
        expect(endpoint.body).toMatchObject({ breaker_state: 'closed', disabled_reason: null });
      expect((await run).out).toMatch(
        /\tjob\.completed\tdel_\w{26}\t410\t\d+ ms\thttp_410\tThe endpoint says .+\n/,
      );
      const { body } = await room.posthorn.call('GET', '/v1/dead-letters?customer_id=fails');
      expect(body).toMatchObject({ items: [] });
    },
    SLOW,
  );

  it(
    'gives every target every event',
    async () => {
      const [one, two] = [await room.openDesk('127.0.0.1'), await room.openDesk('127.0.0.1')];
      const targets = ['--forward', `one=${one?.port}/a`, '--forward', `two=${two?.port}/b`];
      const { ready, run } = room.listen(['--customer', 'two', '--exit-after', '2', ...targets]);
      await ready;
      await eventually(async () => await hasEndpoints('two', 2));
      await room.publish('two');
      expect((await run).exitCode).toBe(0);
      expect([one?.requests.length, two?.requests.length]).toEqual([1, 1]);
    },
    SLOW,
  );

  it(
    'delivers what came while the API was restarted, the network was cut, and it was killed itself',
    async () => {
      const desk = await room.openDesk('127.0.0.1');
      const network = await startNetwork(room.posthorn.url());
      let process = await room.startProcess(desk, network);
      const published = [await room.publish('gaps')];
      await eventually(() => desk.requests.length > 0);

      await room.posthorn.api().stop();
      await room.posthorn.startApi();
      published.push(await room.publish('gaps'), await room.publish('gaps'));
      await eventually(() => takenBy(desk) === 3);

      network.cut();
      published.push(await room.publish('gaps'), await room.publish('gaps'));
      await process.waitForOutput(/reconnecting/);
      network.mend();
      await eventually(() => takenBy(desk) === 5);

      process.kill('SIGKILL');
      await process.ended;
      published.push(await room.publish('gaps'), await room.publish('gaps'));
      const [, id] = /(ep_\w{26})/.exec(process.output()) ?? [];
      process = await room.startProcess(desk, network);
      expect(process.output()).toContain(id);
      await eventually(() => takenBy(desk) === 7);

      for (const event of published) await room.posthorn.untilStatus(event, 'delivered');
      expect(process.output()).not.toMatch(/missed/);
      process.kill('SIGINT');
      expect(await process.ended).toBe('code 130');
      expect((await room.posthorn.call('GET', `/v1/endpoints/${id}`)).status).toBe(404);
      await network.close();
    },
    SLOW,
  );

  it('asks whose events, and before it takes those of all customers from afar', async () => {
    expect(await room.cli.run(['listen', '3000'])).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining('--all-customers'),
    });
    const remote = ['listen', '3000', '--all-customers', '--api-url', 'https://room.posthorn.example'];
    expect(await room.cli.run(remote)).toMatchObject({ exitCode: 2, err: expect.stringContaining('--yes') });
    expect((await room.cli.run(['listen', '--customer', 'acme'])).exitCode).toBe(2);
  });
});

/** Events whose requests have arrived, however often. */
function takenBy({ requests }: Desk): number {
  return new Set(requests.map(({ headers }) => headers['x-webhook-event-id'])).size;
}

async function hasEndpoints(customer: string, count: number): Promise<boolean> {
  const { body } = await room.posthorn.call('GET', `/v1/endpoints?customer_id=${customer}`);
  return (body as { readonly items: readonly unknown[] }).items.length === count;
}
