import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.ts';
import { borrowPosthorn } from '../support/processes/borrowed-posthorn.ts';
import type { OwnEndpoint, Posthorn } from '../support/processes/posthorn.ts';
import type { RunningProcess } from '../support/processes/processes.ts';
import { type Receiver, startReceiver } from '../support/receivers/receiver.ts';

const SLOW = 90_000;
const SECOND = 1_000;
const IN_ORDER = 150;
const PATIENT = { strategy: 'fixed', initial_ms: 500, jitter: 0, max_retries: 20 };

let posthorn: Posthorn;
let receiver: Receiver;
let worker: RunningProcess;

beforeAll(async () => {
  receiver = await startReceiver();
  posthorn = await borrowPosthorn();
  worker = posthorn.worker();
});
afterAll(async () => {
  await posthorn.stop();
  await receiver.close();
});

async function flood({ customerId }: OwnEndpoint, count: number): Promise<void> {
  const events = Array.from({ length: count }, (_, index) => ({
    event: 'job.completed',
    customer_id: customerId,
    data: { number: index },
  }));
  expect((await posthorn.call('POST', '/v1/events/batch', { events })).status).toBe(202);
}

function requestsAt(path: string) {
  return receiver.requests.filter((request) => request.path === path);
}

async function statusesOf({ id }: OwnEndpoint): Promise<ReadonlySet<string>> {
  const { body } = await posthorn.call('GET', `/v1/deliveries?endpoint_id=${id}&limit=100`);
  const { items } = body as { readonly items: readonly { readonly status: string }[] };
  return new Set(items.map(({ status }) => status));
}

async function breakerOf({ id }: OwnEndpoint): Promise<unknown> {
  const { body } = await posthorn.call('GET', `/v1/endpoints/${id}`);
  return (body as { readonly breaker_state: unknown }).breaker_state;
}

async function attemptsAt({ id }: OwnEndpoint): Promise<number> {
  const { body } = await posthorn.call('GET', `/v1/endpoints/${id}/stats`);
  return (body as { readonly attempts: { readonly total: number } }).attempts.total;
}

async function untilAllDelivered(endpoint: OwnEndpoint): Promise<void> {
  await eventually(async () => [...(await statusesOf(endpoint))].join() === 'delivered', {
    timeoutMs: SLOW,
    intervalMs: 100,
  });
}

describe('an endpoint that fails', () => {
  const kinds: readonly (readonly [path: string, answer: object])[] = [
    ['/unavailable', { status: 503 }],
    ['/hanging', { instead: 'hang' }],
  ];

  it.each(kinds)(
    'at %s gets few requests, keeps everything, and has it all once it is back',
    async (path, answer) => {
      const breaker = { cooldown_ms: 2_000, max_cooldown_ms: 2_000 };
      const endpoint = await posthorn.endpoint({
        url: receiver.url + path,
        timeout_ms: 500,
        retry: PATIENT,
        breaker,
      });
      let isBack = false;
      receiver.answerWith((request) => (request.path === path && !isBack ? answer : {}));
      await flood(endpoint, 100);
      await eventually(async () => (await breakerOf(endpoint)) === 'open', { timeoutMs: SLOW });
      const before = requestsAt(path).length;
      expect(before).toBeLessThanOrEqual(30);
      isBack = true;
      await untilAllDelivered(endpoint);
      expect(await breakerOf(endpoint)).toBe('closed');
      const delivered = requestsAt(path).slice(before);
      expect(new Set(delivered.map(({ headers }) => headers['webhook-id'])).size).toBe(100);
    },
    SLOW,
  );

  it(
    'by refusing connections gets few, and everything in the end',
    async () => {
      const closed = await startReceiver();
      await closed.close();
      const breaker = { cooldown_ms: 1_000, max_cooldown_ms: 1_000 };
      const endpoint = await posthorn.endpoint({ url: closed.url, retry: PATIENT, breaker });
      await flood(endpoint, 100);
      await eventually(async () => (await breakerOf(endpoint)) === 'open', { timeoutMs: SLOW });
      expect(await attemptsAt(endpoint)).toBeLessThanOrEqual(30);
      await flood(endpoint, 100);
      const back = await startReceiver({}, closed.port);
      await back.waitForCount(200, SLOW);
      await untilAllDelivered(endpoint);
      expect(await breakerOf(endpoint)).toBe('closed');
      expect(back.requests).toHaveLength(200);
      await back.close();
    },
    SLOW,
  );
});

it(
  'keeps a rate over two workers',
  async () => {
    const second = await posthorn.startWorker();
    const endpoint = await posthorn.endpoint({
      url: `${receiver.url}/rated`,
      rate_limit: { limit: 5, per: 'second' },
    });
    receiver.answerWith(() => ({}));
    await flood(endpoint, 15);
    await untilAllDelivered(endpoint);
    const times = requestsAt('/rated').map(({ arrivedAt }) => arrivedAt);
    expect(times).toHaveLength(15);
    for (const time of times)
      expect(times.filter((other) => other >= time && other < time + SECOND).length).toBeLessThanOrEqual(6);
    await second.stop();
  },
  SLOW,
);

it(
  'keeps the order through failures and the death of every worker',
  async () => {
    const path = '/ordered';
    const endpoint = await posthorn.endpoint({
      url: receiver.url + path,
      ordered: true,
      timeout_ms: 1_000,
      retry: { strategy: 'fixed', initial_ms: 100, jitter: 0, max_retries: 10 },
    });
    receiver.answerWith((_, all) => (all.length % 3 === 0 ? { status: 503 } : {}));
    await flood(endpoint, IN_ORDER);
    await eventually(() => requestsAt(path).length > 10, { timeoutMs: SLOW });
    worker.kill('SIGKILL');
    await worker.ended;
    worker = await posthorn.startWorker();
    await untilAllDelivered(endpoint);
    const numbers = requestsAt(path).map(({ body }) => JSON.parse(body.toString()).data.number);
    const withoutRepeats = numbers.filter((number, index) => number !== numbers[index - 1]);
    expect(withoutRepeats).toEqual(Array.from({ length: IN_ORDER }, (_, index) => index));
  },
  SLOW,
);
