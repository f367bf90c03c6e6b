import { afterEach, expect, it } from '@jest/globals';
import { migrate } from '../../src/storage/postgres/migrate.ts';
import {
  type DeliveryView,
  type OwnEndpoint,
  type Posthorn,
  startPosthorn,
} from '../support/processes/posthorn.ts';
import { type Receiver, startReceiver } from '../support/receivers/receiver.ts';
import { type OwnServer, startOwnPostgres, startOwnTemporal } from '../support/runs/temporal.ts';

const SLOW = 180_000;
const A_DAY = { strategy: 'schedule', delays_ms: [86_400_000] };

/** Posthorn with servers of its own, all of which can be killed at once and started again where they were. */
interface Installation {
  readonly posthorn: Posthorn;
  readonly receiver: Receiver;
  killEverything(): Promise<void>;
  startEverything(): Promise<void>;
}

const closers: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function kill(server: OwnServer<{ pid(): number; stop(): Promise<void> }>): Promise<void> {
  process.kill(server.pid(), 'SIGKILL');
  await server.stop().catch(() => {});
}

async function install(): Promise<Installation> {
  let postgres = await startOwnPostgres();
  let temporal = await startOwnTemporal();
  closers.push(async () => await Promise.all([postgres.stop(), temporal.stop()]));
  await migrate(postgres.url);
  const receiver = await startReceiver({ status: 503 });
  const posthorn = await startPosthorn({
    databaseUrl: postgres.url,
    temporalAddress: temporal.address,
    namespace: 'default',
  });
  closers.push(receiver.close, posthorn.stop);
  let worker = await posthorn.startWorker();
  return {
    posthorn,
    receiver,
    async killEverything() {
      const roles = [posthorn.api(), worker];
      for (const role of roles) role.kill('SIGKILL');
      await Promise.all([kill(postgres), kill(temporal), ...roles.map(async ({ ended }) => await ended)]);
    },
    async startEverything() {
      const port = Number(new URL(postgres.url).port);
      postgres = await startOwnPostgres({ dataDir: postgres.dataDir, port });
      const temporalPort = Number(temporal.address.split(':')[1]);
      temporal = await startOwnTemporal({ dataDir: temporal.dataDir, port: temporalPort });
      await posthorn.startApi();
      worker = await posthorn.startWorker();
    },
  };
}

/** A delivery that failed once and would be tried again tomorrow. */
async function waiting(posthorn: Posthorn, endpoint: OwnEndpoint): Promise<DeliveryView> {
  return await posthorn.untilStatus(await endpoint.publish(), 'retrying');
}

it(
  'what was answered holds, though everything is killed at once: retry, cancel, pause and resume',
  async () => {
    const { posthorn, receiver, killEverything, startEverything } = await install();
    const endpoint = await posthorn.endpoint({ url: receiver.url, retry: A_DAY, timeout_ms: 1_000 });
    const [retried, cancelled] = [await waiting(posthorn, endpoint), await waiting(posthorn, endpoint)];
    const paused = await posthorn.endpoint({ url: `${receiver.url}/paused` });
    const resumed = await posthorn.endpoint({ url: `${receiver.url}/resumed` });
    await posthorn.call('POST', `/v1/endpoints/${resumed.id}/pause`);
    const resumedEvent = await resumed.publish();
    await posthorn.untilStatus(resumedEvent, 'held');
    receiver.answerWith({});

    const answers = await Promise.all([
      posthorn.call('POST', `/v1/deliveries/${retried.id}/retry`),
      posthorn.call('POST', `/v1/deliveries/${cancelled.id}/cancel`),
      posthorn.call('POST', `/v1/endpoints/${paused.id}/pause`),
      posthorn.call('POST', `/v1/endpoints/${resumed.id}/resume`),
    ]);
    await killEverything();
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 200, 200]);

    await startEverything();
    const pausedEvent = await paused.publish();
    await posthorn.untilStatus(resumedEvent, 'delivered', SLOW);
    const read = async (path: string) => (await posthorn.call('GET', path)).body;
    expect(await read(`/v1/endpoints/${paused.id}`)).toMatchObject({ status: 'paused' });
    expect(await posthorn.untilStatus(pausedEvent, 'held')).toMatchObject({ attempts_made: 0 });
    expect(await read(`/v1/deliveries/${cancelled.id}`)).toMatchObject({
      status: 'cancelled',
      attempts_made: 1,
    });
    const { event_id } = (await read(`/v1/deliveries/${retried.id}`)) as { event_id: string };
    const delivered = await posthorn.untilStatus(event_id, 'delivered', SLOW);
    expect(delivered.attempts?.at(-1)).toMatchObject({ trigger: 'manual', status_code: 204 });
    expect(receiver.requests.filter(({ path }) => path === '/paused')).toEqual([]);
  },
  SLOW,
);
