import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Pool } from 'pg';
import { Webhook } from 'standardwebhooks';
import { eventually } from '../../support/eventually.ts';
import { startNetwork } from '../../support/receivers/cuttable-network.ts';
import { expireListeners } from '../../support/rows/listeners.ts';
import { type ListeningRoom, openListeningRoom } from './listening-room.ts';

const SLOW = 150_000;

let room: ListeningRoom;
beforeAll(async () => {
  room = await openListeningRoom();
});
afterAll(async () => await room.close());

describe('posthorn listen, to what is not the usual', () => {
  it(
    'says of a long absence how many events were missed, as many as the ledger has undelivered',
    async () => {
      const desk = await room.openDesk('127.0.0.1');
      const network = await startNetwork(room.posthorn.url());
      let process = await room.startProcess(desk, network, 'beyond');
      await room.posthorn.untilStatus(await room.publish('beyond'), 'delivered');
      process.kill('SIGKILL');
      await process.ended;
      const [, former = ''] = /(ep_\w{26})/.exec(process.output()) ?? [];
      await eventually(async () => (await endpoint(former)).body.status === 'paused');
      await room.publish('beyond');
      await room.publish('beyond');
      await sweep(former);
      for (let more = 0; more < 3; more += 1) await room.publish('beyond');
      process = await room.startProcess(desk, network, 'beyond');
      await process.waitForOutput(/missed/);
      await room.posthorn.untilStatus(await room.publish('beyond'), 'delivered');
      const [, said] = /missed (\d+) events between/.exec(process.output()) ?? [];
      expect([Number(said), await undeliveredOf('beyond')]).toEqual([5, 5]);
      process.kill('SIGINT');
      await process.ended;
      await network.close();
    },
    SLOW,
  );

  it(
    'listens to what an endpoint gets, from an hour ago on, and keeps the secret where it is told to',
    async () => {
      const desk = await room.openDesk('127.0.0.1');
      const made = await room.posthorn.call('POST', '/v1/endpoints', {
        url: 'http://127.0.0.1:1/',
        customer_id: 'likes',
        events: ['job.completed'],
      });
      const { id: like } = made.body as { readonly id: string };
      await room.publish('likes');
      await room.publish('likes', 'job.failed');
      await room.publish('others');
      const command = ['listen', String(desk.port), '--endpoint', like];
      const { out: secret } = await room.cli.run([...command, '--print-secret']);
      expect(secret).toMatch(/^whsec_\S+\n$/);
      await clearListeners('likes');
      const run = await room.cli.run([
        ...command,
        ...[
          '--since',
          '1h',
          '--secret-file',
          'secret.txt',
          '--exit-after',
          '1',
          '--json',
          '--output-file',
          'lines',
        ],
      ]);
      expect([run.exitCode, run.out, run.err]).toEqual([0, '', expect.stringContaining('1 earlier events')]);
      const written = join(room.cli.directory, 'secret.txt');
      expect(statSync(written).mode & 0o777).toBe(0o600);
      const [request] = desk.requests;
      const kept = new Webhook(readFileSync(written, 'utf8').trim());
      expect(() => kept.verify(request?.body.toString() ?? '', request?.headers ?? {})).not.toThrow();
      expect(JSON.parse(readFileSync(join(room.cli.directory, 'lines'), 'utf8'))).toMatchObject({
        event: 'job.completed',
        status_code: 200,
        error_code: null,
        verified: true,
      });
      const both = await room.cli.run([...command, '--customer', 'likes']);
      expect([both.exitCode, both.err]).toEqual([2, expect.stringContaining('--endpoint')]);
    },
    SLOW,
  );

  it(
    'shows failures only where it is to be quiet',
    async () => {
      const desk = await room.openDesk('127.0.0.1');
      const command = [String(desk.port), '--customer', 'quiet', '--output', 'quiet', '--exit-after', '2'];
      const { ready, run } = room.listen(command);
      await ready;
      await room.posthorn.untilStatus(await room.publish('quiet'), 'delivered');
      desk.answerWith(500, 'no');
      await room.publish('quiet', 'job.failed');
      const { exitCode, out } = await run;
      expect([exitCode, out]).toEqual([
        0,
        expect.stringMatching(/^ready .*\n\S+\tjob\.failed\t.*\thttp_500\t.*\n$/),
      ]);
      const unknown = await room.cli.run(['listen', ...command.with(4, 'ui')]);
      expect([unknown.exitCode, unknown.err]).toEqual([2, expect.stringContaining('line, quiet, jsonl')]);
    },
    SLOW,
  );

  it(
    'tells what was altered on its way, and hands it on all the same',
    async () => {
      const desk = await room.openDesk('127.0.0.1');
      const { ready, run } = room.listen([String(desk.port), '--customer', 'forged', '--exit-after', '1']);
      const [, id = ''] = await ready;
      await room.posthorn.call('POST', `/v1/endpoints/${id}/secret/rotate`, { overlap_seconds: 0 });
      await room.publish('forged');
      const { err, exitCode } = await run;
      expect([exitCode, desk.requests.length]).toEqual([0, 1]);
      expect(err).toMatch(/^del_\w{26} does not verify: signature_mismatch: .+$/m);
    },
    SLOW,
  );
});

async function endpoint(
  id: string,
): Promise<{ readonly status: number; readonly body: { readonly status: string } }> {
  const { status, body } = await room.posthorn.call('GET', `/v1/endpoints/${id}`);
  return { status, body: body as { readonly status: string } };
}

/** Lets 15 minutes pass for a listener. */
async function sweep(id: string): Promise<void> {
  const pool = new Pool({ connectionString: room.posthorn.environment.DATABASE_URL, max: 1 });
  await expireListeners(pool, [id]);
  await pool.end();
  await eventually(async () => (await endpoint(id)).status === 404);
}

async function clearListeners(customer: string): Promise<void> {
  const { body } = await room.posthorn.call('GET', `/v1/endpoints?customer_id=${customer}`);
  const { items } = body as { readonly items: readonly { readonly id: string; readonly url: string }[] };
  for (const { id } of items.filter(({ url }) => url.startsWith('listen://')))
    await room.posthorn.call('DELETE', `/v1/endpoints/${id}`);
}

/** By the log of events and deliveries: what no listener of the customer got. */
async function undeliveredOf(customer: string): Promise<number> {
  const { body } = await room.posthorn.call('GET', `/v1/events?customer_id=${customer}&limit=100`);
  const { items } = body as { readonly items: readonly { readonly id: string }[] };
  const reached = await Promise.all(
    items.map(async ({ id }) => {
      const found = await room.posthorn.call('GET', `/v1/deliveries?event_id=${id}&status=delivered`);
      return (found.body as { readonly items: readonly unknown[] }).items.length > 0;
    }),
  );
  return reached.filter((isReached) => !isReached).length;
}
