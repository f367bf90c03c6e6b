import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Posthorn, startPosthorn } from '../../support/processes/posthorn.ts';
import { type Receiver, startReceiver } from '../../support/receivers/receiver.ts';

const ENDPOINTS = 100;
const SLOW = 120_000;
const NO_RETRY = { strategy: 'fixed', max_retries: 0, initial_ms: 100, max_ms: 100, jitter: 0 };

let posthorn: Posthorn;
let desk: Receiver;
let receiver: Receiver;

beforeAll(async () => {
  posthorn = await startPosthorn({ environment: { POSTHORN_TIMING: 'test' } });
  await posthorn.startWorker();
  desk = await startReceiver();
  receiver = await startReceiver();
  await posthorn.endpoint({
    url: `${desk.url}/alerts`,
    customer_id: null,
    events: ['endpoint.failing', 'endpoint.recovered'],
  });
});
afterAll(async () => {
  await posthorn.stop();
  await desk.close();
  await receiver.close();
});

function alerts(): readonly { readonly event: string; readonly data: Readonly<Record<string, unknown>> }[] {
  return desk.requests.map(({ body }) => JSON.parse(body.toString('utf8')));
}

async function untilTold(event: string): Promise<void> {
  await desk.waitFor(({ body }) => JSON.parse(body.toString('utf8')).event === event, SLOW / 2);
}

describe('alerts', () => {
  it(
    'tell operators once that a host with 100 endpoints fails, and once that it recovered',
    async () => {
      receiver.answerWith({ status: 503 });
      const settings = {
        retry: NO_RETRY,
        breaker: { consecutive_failures: 1_000, minimum_attempts: 10_000 },
      };
      const { customerId, publish } = await posthorn.endpoint({ url: `${receiver.url}/0`, ...settings });
      for (let n = 1; n < ENDPOINTS; n += 1)
        await posthorn.call('POST', '/v1/endpoints', {
          url: `${receiver.url}/${n}`,
          customer_id: customerId,
          ...settings,
        });
      for (let n = 0; n < 3; n += 1) await publish();
      await untilTold('endpoint.failing');

      receiver.answerWith({});
      // More than failed in these two minutes.
      for (let n = 0; n < 4; n += 1) await publish();
      await untilTold('endpoint.recovered');
      const host = new URL(receiver.url).host;
      expect(alerts()).toMatchObject([
        {
          event: 'endpoint.failing',
          data: {
            host,
            url: expect.stringContaining(receiver.url),
            last_error_code: 'http_503',
            advice: expect.stringMatching(/\S/),
            console_url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/ui\/endpoints\?url=/),
          },
        },
        { event: 'endpoint.recovered', data: { host } },
      ]);
    },
    SLOW,
  );
});
