import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { z } from 'zod';
import { isPresent, receiverLanguages } from '../../signature/receiver-languages.ts';
import { type ReceiverCase, runReceiver } from '../../signature/run-receiver.ts';
import { eventually } from '../../support/eventually.ts';
import { type OwnEndpoint, type Posthorn, startPosthorn } from '../../support/processes/posthorn.ts';
import { type ReceivedRequest, type Receiver, startReceiver } from '../../support/receivers/receiver.ts';

const DATA = '{"id":9223372036854775807,"f":1.0,"e":1E5,"z":-0.0,"10":1,"9":2,"s":"\\u00e9"}';
const acceptedSchema = z.object({ id: z.string() });

let posthorn: Posthorn;
let receiver: Receiver;
beforeAll(async () => {
  posthorn = await startPosthorn();
  await posthorn.startWorker();
  receiver = await startReceiver();
});
afterAll(async () => {
  await posthorn.stop();
  await receiver.close();
});

async function publish({ customerId }: OwnEndpoint): Promise<string> {
  const response = await fetch(`${posthorn.url()}/v1/events`, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${posthorn.environment.POSTHORN_ADMIN_KEY}`,
      'Content-Type': 'application/json',
    },
    body: `{"event": "job.completed", "customer_id": "${customerId}", "data": ${DATA.replaceAll(',', ', ')}}`,
  });
  return acceptedSchema.parse(await response.json()).id;
}

function requestsAt(path: string): readonly ReceivedRequest[] {
  return receiver.requests.filter((request) => request.path === path);
}

async function untilCount(path: string, count: number): Promise<readonly ReceivedRequest[]> {
  await eventually(async () => requestsAt(path).length >= count || null, { timeoutMs: 60_000 });
  return requestsAt(path);
}

function expectVerified(requests: readonly ReceivedRequest[], secret: string): void {
  const webhook = new Webhook(secret);
  for (const { body, headers } of requests)
    expect(() => webhook.verify(body.toString(), headers as Record<string, string>)).not.toThrow();
  const cases = requests.map(
    ({ body, headers }): ReceiverCase => ({
      mode: 'receive',
      secret,
      payload: body,
      signature: '',
      atSeconds: Number(headers['webhook-timestamp']),
    }),
  );
  const ids = requests.map(({ headers }) => headers['webhook-id']);
  for (const language of receiverLanguages.filter(({ name }) =>
    ['python', 'go', 'typescript'].includes(name),
  ))
    if (isPresent(language))
      expect([language.name, ...runReceiver(language, cases)]).toEqual([language.name, ...ids]);
}

describe('data with tokens that parsers change', () => {
  it('arrives token for token on first attempt, retry, replay and resend, and is shown so', async () => {
    const retry = { strategy: 'fixed', initial_ms: 100, jitter: 0, max_retries: 1 };
    const endpoint = await posthorn.endpoint({ url: `${receiver.url}/alone`, retry });
    receiver.answerWith({ status: 503 });
    const { id } = await posthorn.untilStatus(await publish(endpoint), 'dead');
    receiver.answerWith({});
    const selection = { filter: { endpoint_id: endpoint.id } };
    expect((await posthorn.call('POST', '/v1/dead-letters/retry', selection)).status).toBe(202);
    await untilCount('/alone', 3);
    await eventually(
      async () => (await posthorn.call('POST', `/v1/deliveries/${id}/retry`)).status === 202 || null,
      { timeoutMs: 30_000 },
    );
    const requests = await untilCount('/alone', 4);
    expect(requests.map(({ body }) => body.toString().split('"data":')[1])).toEqual(
      Array(4).fill(`${DATA}}`),
    );
    expectVerified(requests, endpoint.secret);
    const isShown = async () => {
      const { body } = await posthorn.call('GET', `/v1/deliveries/${id}`);
      const { attempts } = z
        .object({ attempts: z.array(z.object({ request: z.object({ body: z.string() }).nullable() })) })
        .parse(body);
      return attempts.length === 4 ? attempts.map(({ request }) => request?.body) : null;
    };
    const shown = await eventually(isShown, { timeoutMs: 30_000 });
    expect(shown).toEqual(requests.map(({ body }) => body.toString()));
  });

  it('arrives so in a batch and its retry', async () => {
    const endpoint = await posthorn.endpoint({
      url: `${receiver.url}/batched`,
      batch: { max_events: 2, max_wait_ms: 60_000 },
      retry: { strategy: 'fixed', initial_ms: 100, jitter: 0 },
    });
    receiver.answerWith(({ path }, all) =>
      path === '/batched' && all.filter((request) => request.path === path).length === 1
        ? { status: 503 }
        : {},
    );
    await publish(endpoint);
    await publish(endpoint);
    const calls = await untilCount('/batched', 2);
    for (const { body } of calls) expect(body.toString().split(`"data":${DATA}}`)).toHaveLength(3);
    expectVerified(calls, endpoint.secret);
  });
});
