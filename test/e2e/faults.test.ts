import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { migrate } from '../../src/storage/postgres/migrate.ts';
import { eventually } from '../support/eventually.ts';
import { type Posthorn, startPosthorn } from '../support/processes/posthorn.ts';
import { gateAnswer } from '../support/receivers/gated-answer.ts';
import { type Receiver, startReceiver } from '../support/receivers/receiver.ts';
import { startOwnPostgres, startOwnTemporal, temporalAddress } from '../support/runs/temporal.ts';

const closers: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function open(
  options: Parameters<typeof startPosthorn>[0] = {},
): Promise<{ posthorn: Posthorn; receiver: Receiver }> {
  const receiver = await startReceiver();
  const posthorn = await startPosthorn(options);
  closers.push(receiver.close, posthorn.stop);
  return { posthorn, receiver };
}

describe('a worker killed in the middle of a request', () => {
  it('has its delivery sent again once, with its own attempt number and a history that explains it', async () => {
    const { posthorn, receiver } = await open();
    const worker = await posthorn.startWorker();
    const { publish } = await posthorn.endpoint({ url: receiver.url, timeout_ms: 1_000 });
    receiver.answerWith((_, all) => (all.length === 1 ? { instead: 'hang' } : {}));
    const eventId = await publish();
    await receiver.waitForCount(1);
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
});

describe('a worker asked to stop', () => {
  it('finishes and records what it is sending, and sends nothing twice', async () => {
    const { posthorn, receiver } = await open();
    const worker = await posthorn.startWorker();
    const { publish } = await posthorn.endpoint({ url: receiver.url });
    const { answer, release } = gateAnswer();
    receiver.answerWith(answer);
    const eventId = await publish();
    await receiver.waitForCount(1);
    worker.kill('SIGTERM');
    await worker.waitForOutput(/"msg":"shutting down"/);
    release();
    expect(await worker.ended).toBe('code 0');
    expect((await posthorn.deliveryOf(eventId)).status).toBe('delivered');
    await posthorn.startWorker();
    await posthorn.untilStatus(eventId, 'delivered');
    expect(receiver.requests).toHaveLength(1);
  });
});

describe('an API killed between commit and start', () => {
  it('leaves a delivery that the reconciling loop of its successor starts once', async () => {
    const { posthorn, receiver } = await open({ temporalAddress: '127.0.0.1:1' });
    const { publish } = await posthorn.endpoint({ url: receiver.url });
    const eventId = await publish();
    posthorn.api().kill('SIGKILL');
    await posthorn.api().ended;
    const successor = await startPosthorn({
      databaseUrl: posthorn.environment.DATABASE_URL ?? '',
      environment: { ...posthorn.environment, TEMPORAL_ADDRESS: temporalAddress() },
    });
    closers.push(successor.stop);
    await successor.startWorker();
    await successor.untilStatus(eventId, 'delivered');
    expect(receiver.requests).toHaveLength(1);
  });
});

describe('Temporal killed, and its data deleted', () => {
  it('does not keep publish from answering 202, and all is delivered after its return', async () => {
    const first = await startOwnTemporal();
    const { posthorn, receiver } = await open({ temporalAddress: first.address, namespace: 'default' });
    await posthorn.startWorker();
    const { publish } = await posthorn.endpoint({
      url: receiver.url,
      retry: { strategy: 'schedule', delays_ms: [3_000] },
    });
    receiver.answerWith((_, all) => (all.length === 1 ? { status: 503 } : {}));
    const waiting = await publish();
    await posthorn.untilStatus(waiting, 'retrying');
    process.kill(first.pid(), 'SIGKILL');
    await first.stop().catch(() => {});
    const published = await Promise.all(Array.from({ length: 10 }, async () => await publish()));
    await eventually(async () => {
      const { status, body } = await posthorn.call('GET', '/v1/health/ready');
      return status === 200 && JSON.stringify(body).includes('degraded');
    });
    for (const suffix of ['', '-shm', '-wal'])
      rmSync(join(first.dataDir, `temporal.db${suffix}`), { force: true });
    const port = Number(first.address.split(':')[1]);
    const second = await startOwnTemporal({ dataDir: first.dataDir, port });
    closers.unshift(second.stop);
    for (const eventId of [waiting, ...published]) await posthorn.untilStatus(eventId, 'delivered', 90_000);
    expect(new Set(receiver.requests.map((request) => request.headers['webhook-id'])).size).toBe(11);
    expect(receiver.requests).toHaveLength(12);
  }, 180_000);
});

describe('a run terminated by hand', () => {
  it('does not end its delivery', async () => {
    const { posthorn, receiver } = await open();
    await posthorn.startWorker();
    const { publish } = await posthorn.endpoint({
      url: receiver.url,
      retry: { strategy: 'schedule', delays_ms: [2_000] },
    });
    receiver.answerWith((_, all) => (all.length === 1 ? { status: 503 } : {}));
    const eventId = await publish();
    const { id } = await posthorn.untilStatus(eventId, 'retrying');
    const connection = await Connection.connect({ address: posthorn.environment.TEMPORAL_ADDRESS ?? '' });
    closers.push(async () => await connection.close());
    const client = new Client({ connection, namespace: posthorn.environment.TEMPORAL_NAMESPACE ?? '' });
    await client.workflow.getHandle(id).terminate('by hand');
    await posthorn.untilStatus(eventId, 'delivered', 60_000);
    expect(receiver.requests).toHaveLength(2);
  }, 90_000);
});

describe('Postgres killed', () => {
  it('makes publish answer 503 with Retry-After, and what was sent is recorded without a second request', async () => {
    const first = await startOwnPostgres();
    await migrate(first.url);
    const { posthorn, receiver } = await open({ databaseUrl: first.url });
    await posthorn.startWorker();
    const { publish } = await posthorn.endpoint({ url: receiver.url });
    const { answer, release } = gateAnswer();
    receiver.answerWith(answer);
    const eventId = await publish();
    await receiver.waitForCount(1);
    process.kill(first.pid(), 'SIGKILL');
    await first.stop().catch(() => {});
    const refused = await posthorn.call('POST', '/v1/events', {
      event: 'job.completed',
      customer_id: 'x',
      data: {},
    });
    expect(refused.status).toBe(503);
    expect((await posthorn.call('GET', '/v1/health/ready')).status).toBe(503);
    release();
    const port = Number(new URL(first.url).port);
    const second = await startOwnPostgres({ dataDir: first.dataDir, port });
    closers.unshift(second.stop);
    await posthorn.untilStatus(eventId, 'delivered', 60_000);
    expect(receiver.requests).toHaveLength(1);
  }, 120_000);
});
