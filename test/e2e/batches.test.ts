import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { verifyWebhook } from '../../src/signature/verify-webhook.ts';
import { eventually } from '../support/eventually.ts';
import { borrowPosthorn } from '../support/processes/borrowed-posthorn.ts';
import type { OwnEndpoint, Posthorn } from '../support/processes/posthorn.ts';
import { type ReceivedRequest, type Receiver, startReceiver } from '../support/receivers/receiver.ts';

const SLOW = 60_000;
const COUNT = 25;
const BATCH = { max_events: 10, max_wait_ms: 1_000 };
const callSchema = z.object({
  delivery_id: z.string(),
  attempt: z.number(),
  data: z.object({
    count: z.number(),
    events: z.array(z.object({ delivery_id: z.string(), data: z.object({ number: z.number() }) })),
  }),
});

let posthorn: Posthorn;
let receiver: Receiver;

beforeAll(async () => {
  receiver = await startReceiver();
  posthorn = await borrowPosthorn();
});
afterAll(async () => {
  await posthorn.stop();
  await receiver.close();
});

async function publishAll({ customerId }: OwnEndpoint): Promise<void> {
  const events = Array.from({ length: COUNT }, (_, number) => ({
    event: 'job.completed',
    customer_id: customerId,
    data: { number },
  }));
  expect((await posthorn.call('POST', '/v1/events/batch', { events })).status).toBe(202);
}

function callsAt(path: string): readonly ReceivedRequest[] {
  return receiver.requests.filter((request) => request.path === path);
}

const contentOf = ({ body }: ReceivedRequest) => callSchema.parse(JSON.parse(body.toString()));

async function deliveriesOf({ id }: OwnEndpoint): Promise<readonly { status: string; id: string }[]> {
  const { body } = await posthorn.call('GET', `/v1/deliveries?endpoint_id=${id}&limit=100`);
  return z.object({ items: z.array(z.object({ id: z.string(), status: z.string() })) }).parse(body).items;
}

async function untilAll(endpoint: OwnEndpoint, status: string): Promise<void> {
  const isThere = async (): Promise<boolean> =>
    (await deliveriesOf(endpoint)).every((delivery) => delivery.status === status);
  await eventually(isThere, { timeoutMs: SLOW });
}

describe('an endpoint with batches', () => {
  it('gets 25 events in three signed calls, the last when its oldest has waited', async () => {
    const endpoint = await posthorn.endpoint({ url: `${receiver.url}/batched`, batch: BATCH });
    const publishedAt = Date.now();
    await publishAll(endpoint);
    await untilAll(endpoint, 'delivered');
    const calls = callsAt('/batched');
    expect(calls.map((call) => contentOf(call).data.count).sort()).toEqual([10, 10, 5]);
    const numbers = calls.flatMap((call) => contentOf(call).data.events.map(({ data }) => data.number));
    expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: COUNT }, (_, index) => index));
    const rest = calls.find((call) => contentOf(call).data.count === 5);
    expect((rest?.arrivedAt ?? 0) - publishedAt).toBeGreaterThanOrEqual(BATCH.max_wait_ms);
    for (const { body, headers } of calls)
      expect(verifyWebhook({ rawBody: body, headers, secret: endpoint.secret })).toMatchObject({
        event: 'batch',
      });
  });

  it('gets one that failed again whole, under its id, and its items once more after they died', async () => {
    const path = '/failing-batches';
    const retry = { strategy: 'fixed', initial_ms: 100, jitter: 0, max_retries: 1 };
    const endpoint = await posthorn.endpoint({ url: receiver.url + path, batch: BATCH, retry });
    receiver.answerWith((request) => (request.path === path ? { status: 503 } : {}));
    await publishAll(endpoint);
    await untilAll(endpoint, 'dead');
    const failed = callsAt(path).map(contentOf);
    expect(failed).toHaveLength(6);
    for (const first of failed.filter(({ attempt }) => attempt === 1)) {
      const again = failed.find((call) => call.delivery_id === first.delivery_id && call.attempt === 2);
      expect(again?.data).toEqual(first.data);
    }
    receiver.answerWith({});
    const one = (await deliveriesOf(endpoint))[0]?.id ?? '';
    expect((await posthorn.call('POST', `/v1/deliveries/${one}/retry`)).status).toBe(202);
    await eventually(() => callsAt(path).length > failed.length);
    expect(contentOf(callsAt(path)[failed.length] as ReceivedRequest)).toMatchObject({
      attempt: 1,
      data: { count: 1, events: [{ delivery_id: one }] },
    });
    const selection = { filter: { endpoint_id: endpoint.id } };
    expect((await posthorn.call('POST', '/v1/dead-letters/retry', selection)).status).toBe(202);
    await untilAll(endpoint, 'delivered');
    const ids = callsAt(path)
      .slice(failed.length)
      .flatMap((call) => contentOf(call).data.events);
    expect(new Set(ids.map(({ delivery_id }) => delivery_id)).size).toBe(COUNT);
  });
});
