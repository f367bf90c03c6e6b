import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client, Connection, WorkflowNotFoundError } from '@temporalio/client';
import { createLogger } from '../../src/logger.ts';
import { type Database, openDatabase } from '../../src/storage/postgres/database.ts';
import { TemporalDoor } from '../../src/temporal/temporal-door.ts';
import { WaveRuns } from '../../src/temporal/wave-runs.ts';
import { eventually } from '../support/eventually.ts';
import {
  type OwnEndpoint,
  type Posthorn,
  type PosthornOptions,
  startPosthorn,
} from '../support/processes/posthorn.ts';
import { gateAnswer } from '../support/receivers/gated-answer.ts';
import { type Receiver, startReceiver } from '../support/receivers/receiver.ts';
import { startOwnTemporal, temporalAddress } from '../support/runs/temporal.ts';

/** An installation with everything to look into it from outside. */
interface Stage {
  readonly posthorn: Posthorn;
  readonly receiver: Receiver;
  readonly database: Database;
  readonly client: Client;
}

const SLOW = 60_000;
const closers: (() => Promise<unknown>)[] = [];

let shared: Stage;

beforeAll(async () => {
  shared = await openStage();
  await shared.posthorn.startWorker();
});
afterAll(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function openStage(options: PosthornOptions = {}): Promise<Stage> {
  const receiver = await startReceiver();
  const posthorn = await startPosthorn(options);
  const { DATABASE_URL = '', TEMPORAL_ADDRESS = '', TEMPORAL_NAMESPACE = '' } = posthorn.environment;
  const database = openDatabase(DATABASE_URL, { logger: createLogger('silent'), maxConnections: 2 });
  const connection = Connection.lazy({ address: TEMPORAL_ADDRESS });
  closers.push(
    receiver.close,
    posthorn.stop,
    async () => await database.close(),
    async () => await connection.close(),
  );
  return { posthorn, receiver, database, client: new Client({ connection, namespace: TEMPORAL_NAMESPACE }) };
}

/** Publishes so many events for an endpoint in one call. */
async function flood({ posthorn }: Stage, endpoint: OwnEndpoint, count: number): Promise<void> {
  const events = Array.from({ length: count }, (_, index) => ({
    event: 'job.completed',
    customer_id: endpoint.customerId,
    data: { job_id: `j${index}` },
  }));
  const { status } = await posthorn.call('POST', '/v1/events/batch', { events });
  if (status !== 202) throw new Error(`the batch was answered with ${status}`);
}

async function countOf({ database }: Stage, condition: string, endpoint: OwnEndpoint): Promise<number> {
  const { rows } = await database.pool.query<{ count: number }>(
    `SELECT count(*)::integer AS count FROM deliveries WHERE endpoint_id = $1 AND ${condition}`,
    [endpoint.id],
  );
  return rows[0]?.count ?? 0;
}

async function untilDelivered(stage: Stage, endpoint: OwnEndpoint, count: number): Promise<void> {
  const isThere = async () => (await countOf(stage, "status = 'delivered'", endpoint)) === count;
  await eventually(isThere, { timeoutMs: SLOW, intervalMs: 100 });
}

function idsAt({ receiver }: Stage, path: string): readonly string[] {
  return receiver.requests
    .filter((request) => request.path === path)
    .map((request) => String(request.headers['webhook-id']));
}

async function untilWaveIsOver({ client, database }: Stage): Promise<string> {
  const summary = await client.workflow.getHandle('wave/0').result();
  const { rows } = await database.pool.query('SELECT FROM waves WHERE is_rolling');
  expect(rows).toEqual([]);
  return summary;
}

describe('a flood of events', () => {
  it('is delivered once each by a wave, which ends with it, so that a lone event has its own run again', async () => {
    const endpoint = await shared.posthorn.endpoint({ url: `${shared.receiver.url}/flood` });
    await flood(shared, endpoint, 500);
    const wave = shared.client.workflow.getHandle('wave/0');
    expect(await eventually(async () => (await wave.describe()).status.name)).toBe('RUNNING');
    await untilDelivered(shared, endpoint, 500);
    expect(new Set(idsAt(shared, '/flood')).size).toBe(500);
    expect(idsAt(shared, '/flood')).toHaveLength(500);
    expect(await countOf(shared, 'run_id IS NULL', endpoint)).toBeGreaterThan(400);
    expect(await untilWaveIsOver(shared)).toMatch(/^\d+ attempts made$/);
    const lone = await shared.posthorn.untilStatus(await endpoint.publish(), 'delivered');
    expect(lone.run_id).not.toBeNull();
    expect(await countOf(shared, 'wave_at IS NOT NULL', endpoint)).toBe(0);
  });

  it('to an endpoint that hangs holds few requests, and nobody else up', async () => {
    const { posthorn, receiver } = shared;
    const hanging = await posthorn.endpoint({ url: `${receiver.url}/hanging`, timeout_ms: 60_000 });
    const healthy = await posthorn.endpoint({ url: `${receiver.url}/healthy` });
    const { answer, release } = gateAnswer();
    receiver.answerWith(({ path }) => (path === '/hanging' ? answer() : {}));
    await flood(shared, hanging, 200);
    await receiver.waitFor(({ path }) => path === '/hanging');
    await flood(shared, healthy, 50);
    await untilDelivered(shared, healthy, 50);
    expect(idsAt(shared, '/hanging').length).toBeLessThan(25);
    expect(await countOf(shared, "status = 'delivered'", hanging)).toBe(0);
    release();
    await untilDelivered(shared, hanging, 200);
    expect(idsAt(shared, '/hanging')).toHaveLength(200);
  });

  it('is shared by the lanes of two workers', async () => {
    const { posthorn, receiver, client, database } = shared;
    await posthorn.startWorker();
    const endpoint = await posthorn.endpoint({ url: `${receiver.url}/shared` });
    receiver.answerWith({ delayMs: 20 });
    const door = new TemporalDoor(client, {
      place: { address: temporalAddress(), namespace: client.options.namespace },
      logger: createLogger('silent'),
    });
    const waves = new WaveRuns(door, posthorn.environment.TEMPORAL_NAMESPACE ?? '');
    for (const lane of [0, 1]) await waves.wake(lane);
    await eventually(
      async () => (await database.pool.query('SELECT FROM waves WHERE is_rolling')).rowCount === 2,
    );
    for (let batch = 0; batch < 10; batch += 1) await flood(shared, endpoint, 50);
    await untilDelivered(shared, endpoint, 500);
    expect(idsAt(shared, '/shared')).toHaveLength(500);
    for (const lane of [0, 1])
      expect(await countOf(shared, `owner LIKE 'wave/${lane}/%'`, endpoint)).toBeGreaterThan(0);
  });
});

describe('POSTHORN_DISPATCH=each', () => {
  it('gives every delivery a run, however many there are', async () => {
    const stage = await openStage({ environment: { POSTHORN_DISPATCH: 'each' } });
    await stage.posthorn.startWorker();
    const endpoint = await stage.posthorn.endpoint({ url: stage.receiver.url });
    await flood(stage, endpoint, 40);
    await untilDelivered(stage, endpoint, 40);
    expect(await countOf(stage, 'run_id IS NULL', endpoint)).toBe(0);
    await expect(stage.client.workflow.getHandle('wave/0').describe()).rejects.toBeInstanceOf(
      WorkflowNotFoundError,
    );
  });
});

// Most of their time passes with waiting for leases and servers, so they wait side by side.
describe('in the middle of a wave', () => {
  it.concurrent('a worker may be killed: all arrives, and doubles only what was under way', async () => {
    const stage = await openStage();
    const worker = await stage.posthorn.startWorker();
    const endpoint = await stage.posthorn.endpoint({ url: `${stage.receiver.url}/`, timeout_ms: 500 });
    stage.receiver.answerWith({ delayMs: 30 });
    await flood(stage, endpoint, 500);
    await stage.receiver.waitForCount(100);
    worker.kill('SIGKILL');
    await worker.ended;
    await stage.posthorn.startWorker();
    await untilDelivered(stage, endpoint, 500);
    const ids = idsAt(stage, '/');
    expect(new Set(ids).size).toBe(500);
    // A machine under load may also let some requests take longer than their 500 ms: they arrive, and are told as
    // timeouts.
    const { rows } = await stage.database.pool.query(
      "SELECT error_code FROM attempts WHERE error_code IN ('outcome_unknown', 'timeout')",
    );
    expect(ids.length - 500).toBeLessThanOrEqual(rows.length);
    expect(rows.filter((row) => row.error_code === 'outcome_unknown').length).toBeLessThanOrEqual(256);
  }, 90_000);

  it.concurrent('Temporal may be killed and its data deleted: all is delivered', async () => {
    const first = await startOwnTemporal();
    const stage = await openStage({ temporalAddress: first.address, namespace: 'default' });
    await stage.posthorn.startWorker();
    const endpoint = await stage.posthorn.endpoint({ url: `${stage.receiver.url}/` });
    stage.receiver.answerWith({ delayMs: 30 });
    await flood(stage, endpoint, 300);
    await stage.receiver.waitForCount(50);
    process.kill(first.pid(), 'SIGKILL');
    await first.stop().catch(() => {});
    await flood(stage, endpoint, 100);
    for (const suffix of ['', '-shm', '-wal'])
      rmSync(join(first.dataDir, `temporal.db${suffix}`), { force: true });
    const port = Number(first.address.split(':')[1]);
    const second = await startOwnTemporal({ dataDir: first.dataDir, port });
    closers.unshift(second.stop);
    await flood(stage, endpoint, 100);
    await untilDelivered(stage, endpoint, 500);
    expect(new Set(idsAt(stage, '/')).size).toBe(500);
    expect(idsAt(stage, '/')).toHaveLength(500);
  }, 90_000);
});
