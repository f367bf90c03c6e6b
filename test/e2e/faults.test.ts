import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { migrate } from '../../src/storage/postgres/migrate.ts';
import { eventually } from '../support/eventually.ts';
import { borrowPosthorn } from '../support/processes/borrowed-posthorn.ts';
import { type Posthorn, startPosthorn } from '../support/processes/posthorn.ts';
import { gateAnswer } from '../support/receivers/gated-answer.ts';
import { type Receiver, startReceiver } from '../support/receivers/receiver.ts';
import { startOwnPostgres, startOwnTemporal } from '../support/runs/temporal.ts';

const SLOW = 180_000;

let receiver: Receiver;
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(async () => await receiver.close());

describe('over servers that live', () => {
  let posthorn: Posthorn;
  beforeAll(async () => {
    posthorn = await borrowPosthorn();
  });
  afterAll(async () => await posthorn.stop());

  it('a worker killed in the middle of a request has its delivery sent again once, as a history explains', async () => {
    const { publish } = await posthorn.endpoint({ url: receiver.url, timeout_ms: 1_000 });
    receiver.answerWith((_, all) => (all.length === 1 ? { instead: 'hang' } : {}));
    const eventId = await publish();
    await receiver.waitForCount(1);
    const worker = posthorn.worker();
    worker.kill('SIGKILL');
    await worker.ended;
    await posthorn.startWorker();
    const delivered = await posthorn.untilStatus(eventId, 'delivered', 90_000);
    expect(delivered.attempts).toMatchObject([
      { number: 1, error_code: 'outcome_unknown', status_code: null },
      { number: 2, error_code: null, status_code: 204 },
    ]);
    expect(receiver.requests.map((request) => request.headers['x-webhook-attempt'])).toEqual(['1', '2']);
  }, 120_000);

  it('a worker asked to stop finishes and records what it is sending, and sends nothing twice', async () => {
    const { publish } = await posthorn.endpoint({ url: receiver.url });
    const { answer, release } = gateAnswer();
    receiver.answerWith(answer);
    const eventId = await publish();
    await receiver.waitForCount(1);
    const worker = posthorn.worker();
    worker.kill('SIGTERM');
    await worker.waitForOutput(/"msg":"shutting down"/);
    release();
    expect(await worker.ended).toBe('code 0');
    expect((await posthorn.deliveryOf(eventId)).status).toBe('delivered');
    await posthorn.startWorker();
    await posthorn.untilStatus(eventId, 'delivered');
    expect(receiver.requests).toHaveLength(1);
  });

  it('an API killed between commit and start leaves a delivery that its successor starts once', async () => {
    await posthorn.worker().stop();
    await posthorn.api().stop();
    await posthorn.startApi({ TEMPORAL_ADDRESS: '127.0.0.1:1' });
    const { publish } = await posthorn.endpoint({ url: receiver.url });
    const eventId = await publish();
    posthorn.api().kill('SIGKILL');
    await posthorn.api().ended;
    await posthorn.startApi();
    await posthorn.startWorker();
    await posthorn.untilStatus(eventId, 'delivered');
    expect(receiver.requests).toHaveLength(1);
  });
});

describe('over servers that are killed', () => {
  let postgres: Awaited<ReturnType<typeof startOwnPostgres>>;
  let temporal: Awaited<ReturnType<typeof startOwnTemporal>>;
  let posthorn: Posthorn;
  beforeAll(async () => {
    [postgres, temporal] = await Promise.all([startOwnPostgres(), startOwnTemporal()]);
    await migrate(postgres.url);
    const temporalAddress = temporal.address;
    const environment = { POSTHORN_TIMING: 'test' };
    posthorn = await startPosthorn({
      databaseUrl: postgres.url,
      temporalAddress,
      namespace: 'default',
      environment,
    });
    await posthorn.startWorker();
  });
  afterAll(async () => {
    await posthorn.stop();
    await Promise.all([postgres.stop(), temporal.stop()]);
  });

  async function kill(server: { pid(): number; stop(): Promise<void> }): Promise<void> {
    process.kill(server.pid(), 'SIGKILL');
    await server.stop().catch(() => {});
  }

  async function startPostgresAgain(): Promise<void> {
    const port = Number(new URL(postgres.url).port);
    postgres = await startOwnPostgres({ dataDir: postgres.dataDir, port });
  }

  async function startTemporalAgain(): Promise<void> {
    const port = Number(temporal.address.split(':')[1]);
    temporal = await startOwnTemporal({ dataDir: temporal.dataDir, port });
  }

  it(
    'Temporal, and its data deleted: publish answers 202, and all is delivered after its return',
    async () => {
      const { publish } = await posthorn.endpoint({
        url: receiver.url,
        retry: { strategy: 'schedule', delays_ms: [3_000] },
      });
      receiver.answerWith((_, all) => (all.length === 1 ? { status: 503 } : {}));
      const waiting = await publish();
      await posthorn.untilStatus(waiting, 'retrying');
      await kill(temporal);
      const published = await Promise.all(Array.from({ length: 10 }, async () => await publish()));
      await eventually(async () => {
        const { status, body } = await posthorn.call('GET', '/v1/health/ready');
        return status === 200 && JSON.stringify(body).includes('degraded');
      });
      for (const suffix of ['', '-shm', '-wal'])
        rmSync(join(temporal.dataDir, `temporal.db${suffix}`), { force: true });
      await startTemporalAgain();
      for (const eventId of [waiting, ...published]) await posthorn.untilStatus(eventId, 'delivered', 90_000);
      expect(new Set(receiver.requests.map((request) => request.headers['webhook-id'])).size).toBe(11);
      expect(receiver.requests).toHaveLength(12);
    },
    SLOW,
  );

  it('Postgres: publish answers 503, and what was sent is recorded without a second request', async () => {
    const { publish } = await posthorn.endpoint({ url: receiver.url });
    const { answer, release } = gateAnswer();
    receiver.answerWith(answer);
    const eventId = await publish();
    await receiver.waitForCount(1);
    await kill(postgres);
    const refused = await posthorn.call('POST', '/v1/events', {
      event: 'job.completed',
      customer_id: 'x',
      data: {},
    });
    expect(refused.status).toBe(503);
    expect((await posthorn.call('GET', '/v1/health/ready')).status).toBe(503);
    release();
    await startPostgresAgain();
    await posthorn.untilStatus(eventId, 'delivered', 60_000);
    expect(receiver.requests).toHaveLength(1);
  }, 120_000);

  it(
    'everything at once: a retry, a cancellation, a pause and a resumption hold once they are answered',
    async () => {
      receiver.answerWith({ status: 503 });
      const retry = { strategy: 'schedule', delays_ms: [86_400_000] };
      const endpoint = await posthorn.endpoint({ url: receiver.url, retry, timeout_ms: 1_000 });
      const waiting = async () => await posthorn.untilStatus(await endpoint.publish(), 'retrying');
      const [retried, cancelled] = [await waiting(), await waiting()];
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
      const roles = [posthorn.api(), posthorn.worker()];
      for (const role of roles) role.kill('SIGKILL');
      await Promise.all([kill(postgres), kill(temporal), ...roles.map(async ({ ended }) => await ended)]);
      expect(answers.map(({ status }) => status)).toEqual([202, 202, 200, 200]);

      await Promise.all([startPostgresAgain(), startTemporalAgain()]);
      await Promise.all([posthorn.startApi(), posthorn.startWorker()]);
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
});
