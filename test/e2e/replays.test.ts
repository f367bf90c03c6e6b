import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { z } from 'zod';
import { createLogger } from '../../src/logger.ts';
import { type Database, openDatabase } from '../../src/storage/postgres/database.ts';
import { CUSTOMER_ID, ENDPOINT_ID, progressQuery } from '../../workflows/messages.ts';
import { eventually } from '../support/eventually.ts';
import { type OwnEndpoint, type Posthorn, startPosthorn } from '../support/processes/posthorn.ts';
import type { RunningProcess } from '../support/processes/processes.ts';
import { gateAnswer } from '../support/receivers/gated-answer.ts';
import { type ReceivedRequest, type Receiver, startReceiver } from '../support/receivers/receiver.ts';

const SLOW = 90_000;
const NEVER_OPEN = { consecutive_failures: 1_000, minimum_attempts: 10_000 };
const NO_RETRIES = { strategy: 'fixed', initial_ms: 100, max_retries: 0 };

const replaySchema = z.object({
  id: z.string(),
  status: z.string(),
  total: z.number(),
  released: z.number(),
  delivered: z.number(),
  dead: z.number(),
  remaining: z.number(),
});
type ReplayView = z.infer<typeof replaySchema>;

let posthorn: Posthorn;
let receiver: Receiver;
let worker: RunningProcess;
let database: Database;
let temporal: Client;

beforeAll(async () => {
  receiver = await startReceiver();
  posthorn = await startPosthorn();
  const { DATABASE_URL = '', TEMPORAL_ADDRESS = '', TEMPORAL_NAMESPACE = '' } = posthorn.environment;
  database = openDatabase(DATABASE_URL, { logger: createLogger('silent'), maxConnections: 2 });
  const connection = Connection.lazy({ address: TEMPORAL_ADDRESS });
  temporal = new Client({ connection, namespace: TEMPORAL_NAMESPACE });
  worker = await posthorn.startWorker();
});
afterAll(async () => {
  await posthorn.stop();
  await receiver.close();
  await database.close();
  await temporal.connection.close();
});

/** Publishes events with these numbers in one call. */
async function publish(
  { customerId }: OwnEndpoint,
  { first = 0, count }: { readonly first?: number; readonly count: number },
): Promise<void> {
  const events = Array.from({ length: count }, (_, index) => ({
    event: 'job.completed',
    customer_id: customerId,
    data: { number: first + index },
  }));
  expect((await posthorn.call('POST', '/v1/events/batch', { events })).status).toBe(202);
}

async function act({ id }: OwnEndpoint, action: string, body?: object): Promise<unknown> {
  const answer = await posthorn.call('POST', `/v1/endpoints/${id}/${action}`, body);
  expect(answer.status).toBeLessThan(300);
  return answer.body;
}

async function recover(endpoint: OwnEndpoint): Promise<ReplayView> {
  return replaySchema.parse(await act(endpoint, 'recover'));
}

async function retryDead({ id }: OwnEndpoint): Promise<string> {
  const filter = { endpoint_id: id };
  const { body } = await posthorn.call('POST', '/v1/dead-letters/retry', { filter });
  return z.object({ replay_id: z.string() }).parse(body).replay_id;
}

async function read(replayId: string): Promise<ReplayView> {
  return replaySchema.parse((await posthorn.call('GET', `/v1/replays/${replayId}`)).body);
}

async function untilCompleted(replayId: string): Promise<ReplayView> {
  const isCompleted = async () => {
    const replay = await read(replayId);
    return replay.status === 'completed' ? replay : null;
  };
  return await eventually(isCompleted, { timeoutMs: SLOW, intervalMs: 100 });
}

async function countOf({ id }: OwnEndpoint, status: string): Promise<number> {
  const { rows } = await database.pool.query<{ count: number }>(
    'SELECT count(*)::integer AS count FROM deliveries WHERE endpoint_id = $1 AND status = $2',
    [id, status],
  );
  return rows[0]?.count ?? 0;
}

async function untilCount(endpoint: OwnEndpoint, status: string, count: number): Promise<void> {
  await eventually(async () => (await countOf(endpoint, status)) === count, {
    timeoutMs: SLOW,
    intervalMs: 100,
  });
}

function requestsAt(path: string): readonly ReceivedRequest[] {
  return receiver.requests.filter((request) => request.path === path);
}

function numbersAt(path: string): readonly number[] {
  return requestsAt(path).map(({ body }) => JSON.parse(body.toString()).data.number);
}

const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);

/** An endpoint of which so many deliveries are dead. */
async function endpointWithDead(path: string, count: number): Promise<OwnEndpoint> {
  const endpoint = await posthorn.endpoint({
    url: receiver.url + path,
    retry: NO_RETRIES,
    breaker: NEVER_OPEN,
    timeout_ms: 2_000,
  });
  receiver.answerWith((request) => (request.path === path ? { status: 503 } : {}));
  for (let first = 0; first < count; first += 500)
    await publish(endpoint, { first, count: Math.min(500, count - first) });
  await untilCount(endpoint, 'dead', count);
  receiver.answerWith({});
  return endpoint;
}

describe('recover', () => {
  it(
    'sends what an ordered endpoint missed, in the order of acceptance and before what came later',
    async () => {
      const endpoint = await posthorn.endpoint({ url: `${receiver.url}/missed`, ordered: true });
      receiver.answerWith({});
      await act(endpoint, 'disable');
      await publish(endpoint, { count: 30 });
      expect(await countOf(endpoint, 'skipped')).toBe(30);
      await act(endpoint, 'enable');
      await act(endpoint, 'pause');
      await publish(endpoint, { first: 30, count: 5 });
      const replay = await recover(endpoint);
      expect(replay).toMatchObject({ status: 'running', total: 30 });
      await untilCount(endpoint, 'held', 35);
      await act(endpoint, 'resume');
      expect(await untilCompleted(replay.id)).toMatchObject({ released: 30, delivered: 30, remaining: 0 });
      await untilCount(endpoint, 'delivered', 35);
      expect(numbersAt('/missed')).toEqual(upTo(35));
      const run = temporal.workflow.getHandle(replay.id);
      expect(await run.result()).toBe('completed: 30 delivered, 0 dead');
      const description = await run.describe();
      expect(await description.staticSummary()).toBe(`30 missed deliveries of ${endpoint.id}`);
      expect(description.typedSearchAttributes.get(ENDPOINT_ID)).toBe(endpoint.id);
      expect(description.typedSearchAttributes.get(CUSTOMER_ID)).toBe(endpoint.customerId);
    },
    SLOW,
  );

  it(
    'sends everything, whether or not the order counts',
    async () => {
      const endpoint = await posthorn.endpoint({ url: `${receiver.url}/unordered` });
      await act(endpoint, 'disable');
      await publish(endpoint, { count: 30 });
      await act(endpoint, 'enable');
      const { id } = await recover(endpoint);
      expect(await untilCompleted(id)).toMatchObject({ total: 30, delivered: 30 });
      expect([...numbersAt('/unordered')].sort((a, b) => a - b)).toEqual(upTo(30));
      expect((await recover(endpoint)).total).toBe(0);
    },
    SLOW,
  );
});

describe('many dead letters', () => {
  it(
    'are replayed behind live deliveries, can be cancelled in the middle, and go once each in the end',
    async () => {
      const endpoint = await endpointWithDead('/dead', 400);
      const before = requestsAt('/dead').length;
      const { answer, release } = gateAnswer();
      receiver.answerWith(({ path }) => (path === '/dead' ? answer() : {}));
      const first = await retryDead(endpoint);
      await eventually(() => requestsAt('/dead').length > before);
      await publish(endpoint, { first: 1_000, count: 3 });
      await eventually(async () => (await liveWaiting(endpoint)) === 3, { timeoutMs: SLOW });
      receiver.answerWith({ delayMs: 20 });
      release();
      await eventually(() => liveAt('/dead').length === 3, { timeoutMs: SLOW });
      expect(replayedBeforeLive('/dead', before)).toBeLessThan(25);
      await posthorn.call('POST', `/v1/replays/${first}/cancel`);
      await eventually(async () => (await read(first)).remaining === 0, { timeoutMs: SLOW });
      const cancelled = await read(first);
      expect(cancelled).toMatchObject({ status: 'cancelled', total: 400, dead: 0 });
      expect(cancelled.delivered).toBe(cancelled.released);
      expect(await countOf(endpoint, 'dead')).toBe(400 - cancelled.delivered);
      receiver.answerWith({});
      const second = await retryDead(endpoint);
      const third = await retryDead(endpoint);
      await Promise.all([second, third].map(untilCompleted));
      expect((await read(second)).delivered + (await read(third)).delivered + cancelled.delivered).toBe(400);
      await untilCount(endpoint, 'delivered', 403);
      const delivered = requestsAt('/dead').slice(before);
      expect(new Set(delivered.map(({ headers }) => headers['webhook-id'])).size).toBe(403);
      expect(delivered).toHaveLength(403);
    },
    SLOW,
  );

  it(
    'are all sent although the worker is killed and the run is terminated in the middle',
    async () => {
      const endpoint = await endpointWithDead('/killed', 300);
      const before = requestsAt('/killed').length;
      receiver.answerWith({ delayMs: 30 });
      const replayId = await retryDead(endpoint);
      await eventually(() => requestsAt('/killed').length > before + 20);
      worker.kill('SIGKILL');
      await worker.ended;
      await temporal.workflow.getHandle(replayId).terminate('to be started again');
      receiver.answerWith({});
      worker = await posthorn.startWorker();
      expect(await untilCompleted(replayId)).toMatchObject({ total: 300, released: 300, delivered: 300 });
      const ids = requestsAt('/killed')
        .slice(before)
        .map(({ headers }) => headers['webhook-id']);
      expect(new Set(ids).size).toBe(300);
      const { rowCount } = await database.pool.query(
        "SELECT FROM attempts WHERE endpoint_id = $1 AND error_code = 'outcome_unknown'",
        [endpoint.id],
      );
      expect(ids.length - 300).toBeLessThanOrEqual(rowCount ?? 0);
    },
    SLOW,
  );

  it(
    'wait behind live ones where the endpoint has a rate',
    async () => {
      const endpoint = await endpointWithDead('/rated', 60);
      const before = requestsAt('/rated').length;
      await posthorn.call('PATCH', `/v1/endpoints/${endpoint.id}`, {
        rate_limit: { limit: 10, per: 'second' },
      });
      const replayId = await retryDead(endpoint);
      await eventually(() => requestsAt('/rated').length > before + 3, { timeoutMs: SLOW });
      await publish(endpoint, { first: 1_000, count: 5 });
      const published = requestsAt('/rated').length;
      await eventually(() => liveAt('/rated').length === 5, { timeoutMs: SLOW });
      const upToLastLive = numbersAt('/rated').slice(published);
      const replayed = upToLastLive.slice(0, upToLastLive.lastIndexOf(1_004)).filter((n) => n < 1_000);
      expect(replayed.length).toBeLessThan(10);
      await posthorn.call('PATCH', `/v1/endpoints/${endpoint.id}`, { rate_limit: null });
      expect(await untilCompleted(replayId)).toMatchObject({ delivered: 60 });
    },
    SLOW,
  );

  it(
    'are sent to the healthy ones while another endpoint hangs',
    async () => {
      const hanging = await endpointWithDead('/hanging', 100);
      const healthy = await endpointWithDead('/healthy', 100);
      receiver.answerWith(({ path }) => (path === '/hanging' ? { instead: 'hang' } : {}));
      const { body } = await posthorn.call('POST', '/v1/dead-letters/retry', { all: true });
      const { replay_id: replayId } = z.object({ replay_id: z.string() }).parse(body);
      await untilCount(healthy, 'delivered', 100);
      expect(await countOf(hanging, 'delivered')).toBe(0);
      const handle = temporal.workflow.getHandle(replayId);
      expect(await handle.query(progressQuery)).toMatchObject({ replay_id: replayId, total: 200 });
      await handle.signal('cancel');
      await eventually(async () => (await read(replayId)).status === 'cancelled');
      await eventually(async () => (await handle.describe()).status.name === 'CANCELLED', {
        timeoutMs: SLOW,
      });
    },
    SLOW,
  );
});

/** Live deliveries that wait for room beside those of the replay. */
async function liveWaiting({ id }: OwnEndpoint): Promise<number> {
  const { rowCount } = await database.pool.query(
    'SELECT FROM deliveries WHERE endpoint_id = $1 AND priority = 0 AND wave_at IS NOT NULL',
    [id],
  );
  return rowCount ?? 0;
}

function liveAt(path: string): readonly number[] {
  return numbersAt(path).filter((number) => number >= 1_000);
}

function replayedBeforeLive(path: string, since: number): number {
  const numbers = numbersAt(path).slice(since);
  const lastLive = Math.max(...numbers.map((number, index) => (number >= 1_000 ? index : -1)));
  return numbers.slice(0, lastLive).filter((number) => number < 1_000).length;
}
