import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.ts';
import { type Posthorn, startPosthorn } from '../support/processes/posthorn.ts';
import { type ReceivedRequest, type Receiver, startReceiver } from '../support/receivers/receiver.ts';

/** What an operational event looks like to a receiver. */
interface Told {
  readonly event: string;
  readonly data: Readonly<Record<string, unknown>>;
}

const NO_RETRY = { strategy: 'fixed', max_retries: 0, initial_ms: 100, max_ms: 100, jitter: 0 };
const BREAKER = { consecutive_failures: 2, cooldown_ms: 1_000, max_cooldown_ms: 1_000 };

let posthorn: Posthorn;
let receiver: Receiver;

beforeAll(async () => {
  posthorn = await startPosthorn();
  await posthorn.startWorker();
  receiver = await startReceiver();
  await posthorn.endpoint({
    url: `${receiver.url}/operator`,
    customer_id: null,
    events: ['endpoint.opened', 'endpoint.closed', 'endpoint.disabled', 'delivery.dead'],
  });
});
afterAll(async () => {
  await posthorn.stop();
  await receiver.close();
});

function toldIn({ body }: ReceivedRequest): Told {
  return JSON.parse(body.toString('utf8'));
}

function toldAbout(path: string, endpointId: string): readonly Told[] {
  return receiver.requests
    .filter((request) => request.path === path)
    .map(toldIn)
    .filter(({ data }) => data.endpoint_id === endpointId);
}

function statusesIn(list: unknown): readonly string[] {
  return (list as { items: readonly { status: string }[] }).items.map(({ status }) => status);
}

/** What the operator heard of an endpoint, once there was this. */
async function untilTold(event: string, endpointId: string): Promise<Told> {
  return toldIn(
    await receiver.waitFor((request) => {
      if (request.path !== '/operator') return false;
      const told = toldIn(request);
      return told.event === event && told.data.endpoint_id === endpointId;
    }),
  );
}

describe('operational events', () => {
  it('tell the operator, and no customer, that a breaker opened, deliveries died, and it recovered', async () => {
    receiver.answerWith(({ path }) => (path === '/failing' ? { status: 503 } : {}));
    const { id, customerId, publish } = await posthorn.endpoint({
      url: `${receiver.url}/failing`,
      retry: NO_RETRY,
      breaker: BREAKER,
    });
    await posthorn.call('POST', '/v1/endpoints', {
      url: `${receiver.url}/customer`,
      customer_id: customerId,
      events: ['*'],
    });
    await publish();
    await publish();
    const opened = await untilTold('endpoint.opened', id);
    expect(opened.data).toMatchObject({
      endpoint_id: id,
      customer_id: customerId,
      url: `${receiver.url}/failing`,
      consecutive_failures: 2,
      last_error_code: 'http_503',
    });
    expect((await untilTold('delivery.dead', id)).data).toMatchObject({
      event: 'job.completed',
      reason: 'retries_exhausted',
      attempts_made: 1,
      last_status_code: 503,
    });

    receiver.answerWith({});
    await publish();
    expect((await untilTold('endpoint.closed', id)).data).toMatchObject({
      opened_at: opened.data.opened_at,
    });
    await eventually(() => toldAbout('/operator', id).length === 4);
    const told = toldAbout('/operator', id).map(({ event }) => event);
    expect([...told].sort()).toEqual([
      'delivery.dead',
      'delivery.dead',
      'endpoint.closed',
      'endpoint.opened',
    ]);
    const heard = receiver.requests.filter(({ path }) => path === '/customer').map(toldIn);
    expect(new Set(heard.map(({ event }) => event))).toEqual(new Set(['job.completed']));
  });

  it('tell once that an endpoint was disabled, by its 410 and by hand', async () => {
    receiver.answerWith(({ path }) => (path === '/gone' ? { status: 410 } : {}));
    const gone = await posthorn.endpoint({ url: `${receiver.url}/gone` });
    await Promise.all([gone.publish(), gone.publish(), gone.publish()]);
    await eventually(async () => {
      const { body } = await posthorn.call('GET', `/v1/deliveries?endpoint_id=${gone.id}`);
      return statusesIn(body).every((status) => status !== 'queued' && status !== 'sending');
    });
    expect((await untilTold('endpoint.disabled', gone.id)).data).toMatchObject({ reason: 'gone' });

    const closed = await posthorn.endpoint({ url: `${receiver.url}/closed` });
    await posthorn.call('POST', `/v1/endpoints/${closed.id}/disable`);
    await posthorn.call('POST', `/v1/endpoints/${closed.id}/disable`);
    expect((await untilTold('endpoint.disabled', closed.id)).data).toMatchObject({ reason: 'by_hand' });
    const { body } = await posthorn.call('GET', '/v1/events?event=endpoint.disabled');
    expect(body).toMatchObject({ items: [{ customer_id: null }, { customer_id: null }] });
    expect(toldAbout('/operator', gone.id).filter(({ event }) => event === 'endpoint.disabled')).toHaveLength(
      1,
    );
  });
});
