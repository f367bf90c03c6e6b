import { spawnSync } from 'node:child_process';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { verify as verifyOctokit } from '@octokit/webhooks-methods';
import { Webhook } from 'standardwebhooks';
import { verifyWebhook } from '../../src/signature/verify-webhook.ts';
import { borrowPosthorn } from '../support/processes/borrowed-posthorn.ts';
import type { Posthorn } from '../support/processes/posthorn.ts';
import type { RunningProcess } from '../support/processes/processes.ts';
import { gateAnswer } from '../support/receivers/gated-answer.ts';
import { type ReceivedRequest, type Receiver, startReceiver } from '../support/receivers/receiver.ts';

let posthorn: Posthorn;
let receiver: Receiver;
let worker: RunningProcess;

beforeAll(async () => {
  posthorn = await borrowPosthorn();
  worker = posthorn.worker();
  receiver = await startReceiver();
});
afterAll(async () => {
  await posthorn.stop();
  await receiver.close();
});
afterEach(() => receiver.answerWith({}));

const QUICK = { strategy: 'schedule', delays_ms: [100, 100, 100], jitter: 0 };
const SLOW = { strategy: 'schedule', delays_ms: [600_000], jitter: 0 };

function requestsFor(path: string): readonly ReceivedRequest[] {
  return receiver.requests.filter((request) => request.path === path);
}

describe('a delivery', () => {
  it('verifies at the receiver by every documented rule and by independent libraries', async () => {
    const { secret, publish } = await posthorn.endpoint({
      url: `${receiver.url}/signed`,
      headers: { 'X-Team': 'data' },
    });
    await posthorn.untilStatus(await publish({ data: { note: 'café ✓' } }), 'delivered');
    const [request] = requestsFor('/signed');
    if (request === undefined) throw new Error('nothing came');
    const text = request.body.toString('utf8');
    expect(verifyWebhook({ headers: request.headers, rawBody: request.body, secret })).toMatchObject({
      event: 'job.completed',
      attempt: 1,
    });
    expect(new Webhook(secret).verify(text, request.headers as Record<string, string>)).toMatchObject({
      data: { note: 'café ✓' },
    });
    const header = String(request.headers['x-webhook-signature']);
    expect(await verifyOctokit(secret, text, header)).toBe(true);
    expect(await verifyOctokit(secret, `${text} `, header)).toBe(false);
    expect(pythonSignature(secret, text)).toBe(header);
    expect(request.headers).toMatchObject({
      'x-team': 'data',
      'accept-encoding': 'identity',
      'user-agent': expect.stringMatching(/^Posthorn\//),
    });
  });

  it('is dead after its attempts, listed, and delivered by a manual retry with the same id', async () => {
    const { customerId, publish } = await posthorn.endpoint({ url: `${receiver.url}/dead`, retry: QUICK });
    receiver.answerWith(({ path }) => (path === '/dead' ? { status: 503 } : {}));
    const eventId = await publish();
    const dead = await posthorn.untilStatus(eventId, 'dead');
    expect(dead.attempts).toMatchObject(
      [1, 2, 3, 4].map((number) => ({ number, status_code: 503, trigger: 'automatic' })),
    );
    const filter = `reason=retries_exhausted&customer_id=${customerId}`;
    const { body: list } = await posthorn.call('GET', `/v1/dead-letters?${filter}`);
    expect(list).toMatchObject({ items: [{ id: dead.id }] });
    receiver.answerWith({});
    expect((await posthorn.call('POST', `/v1/deliveries/${dead.id}/retry`)).status).toBe(202);
    const delivered = await posthorn.untilStatus(eventId, 'delivered');
    expect(delivered.attempts?.at(-1)).toMatchObject({ number: 5, status_code: 204, trigger: 'manual' });
    const ids = requestsFor('/dead').map((request) => request.headers['webhook-id']);
    expect(new Set(ids)).toEqual(new Set([dead.id]));
    expect(requestsFor('/dead')).toHaveLength(5);
    // Each attempt has its line; that its run ends as Failed is no news beside it.
    expect(worker.output()).not.toContain('Workflow failed');
  });

  it('is sent at once by a retry while its timer is pending, and never by the timer afterwards', async () => {
    const { publish } = await posthorn.endpoint({ url: `${receiver.url}/pending`, retry: SLOW });
    receiver.answerWith(({ path }, all) =>
      path === '/pending' && all.filter((r) => r.path === path).length === 1 ? { status: 500 } : {},
    );
    const eventId = await publish();
    const waiting = await posthorn.untilStatus(eventId, 'retrying');
    expect(waiting.next_attempt_at).not.toBeNull();
    await posthorn.call('POST', `/v1/deliveries/${waiting.id}/retry`);
    expect((await posthorn.untilStatus(eventId, 'delivered')).next_attempt_at).toBeNull();
    expect(requestsFor('/pending')).toHaveLength(2);
  });

  it('is not sent a second time by a retry while an attempt is under way', async () => {
    const { publish } = await posthorn.endpoint({ url: `${receiver.url}/busy`, retry: SLOW });
    const { answer, release } = gateAnswer();
    receiver.answerWith(({ path }) => (path === '/busy' ? answer() : {}));
    const eventId = await publish();
    await receiver.waitFor(({ path }) => path === '/busy');
    const { id } = await posthorn.untilStatus(eventId, 'sending');
    const refused = await posthorn.call('POST', `/v1/deliveries/${id}/retry`);
    expect(refused).toMatchObject({ status: 409, body: { code: 'attempt_in_progress' } });
    release();
    await posthorn.untilStatus(eventId, 'delivered');
    expect(requestsFor('/busy')).toHaveLength(1);
  });

  it('is sent once by many retries at one time', async () => {
    const { publish } = await posthorn.endpoint({ url: `${receiver.url}/many`, retry: SLOW });
    receiver.answerWith(({ path }) => (path === '/many' ? { status: 500, delayMs: 50 } : {}));
    const eventId = await publish();
    const { id } = await posthorn.untilStatus(eventId, 'retrying');
    const answers = await Promise.all(
      Array.from({ length: 10 }, async () => await posthorn.call('POST', `/v1/deliveries/${id}/retry`)),
    );
    expect(answers.some(({ status }) => status === 202)).toBe(true);
    await receiver.waitFor(
      (request) => request.path === '/many' && request.headers['x-webhook-attempt'] === '2',
    );
    const after = await posthorn.untilStatus(eventId, 'retrying');
    const numbers = requestsFor('/many').map((request) => request.headers['x-webhook-attempt']);
    expect(new Set(numbers).size).toBe(numbers.length);
    expect(after.attempts_made).toBeLessThanOrEqual(
      1 + answers.filter(({ status }) => status === 202).length,
    );
  });

  it('waits for its time where the event is scheduled, and can be cancelled before', async () => {
    const { publish } = await posthorn.endpoint({ url: `${receiver.url}/later` });
    const inMs = (delayMs: number): string => new Date(Date.now() + delayMs).toISOString();
    const soon = await publish({ deliver_at: inMs(1_500) });
    const never = await publish({ deliver_at: inMs(3_600_000) });
    expect((await posthorn.deliveryOf(soon)).status).toBe('scheduled');
    await posthorn.untilStatus(soon, 'delivered');
    await posthorn.call('POST', `/v1/events/${never}/cancel`);
    expect((await posthorn.deliveryOf(never)).status).toBe('cancelled');
    expect(requestsFor('/later')).toHaveLength(1);
  });
});

describe('an endpoint', () => {
  it('that answers 410 is disabled, and keeps what comes afterwards as skipped', async () => {
    const { publish } = await posthorn.endpoint({ url: `${receiver.url}/gone` });
    receiver.answerWith({ status: 410 });
    const dead = await posthorn.untilStatus(await publish(), 'dead');
    expect(dead.attempts).toHaveLength(1);
    expect((await posthorn.deliveryOf(await publish())).status).toBe('skipped');
  });

  it('can be tested, and the answer carries the attempt', async () => {
    const { id } = await posthorn.endpoint({ url: `${receiver.url}/test` });
    receiver.answerWith({ status: 418, body: 'teapot' });
    const { status, body } = await posthorn.call('POST', `/v1/endpoints/${id}/test`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      status: 'dead',
      attempt: { status_code: 418, trigger: 'test', response: { body: 'teapot' } },
    });
  });

  it('holds its retries while disabled and sends them when enabled', async () => {
    const retry = { ...QUICK, delays_ms: [2_000, 2_000] };
    const { id, publish } = await posthorn.endpoint({ url: `${receiver.url}/off`, retry });
    receiver.answerWith({ status: 500 });
    const eventId = await publish();
    await posthorn.untilStatus(eventId, 'retrying');
    await posthorn.call('POST', `/v1/endpoints/${id}/disable`);
    await posthorn.untilStatus(eventId, 'held');
    receiver.answerWith({});
    await posthorn.call('POST', `/v1/endpoints/${id}/enable`);
    await posthorn.untilStatus(eventId, 'delivered');
  });
});

function pythonSignature(secret: string, text: string): string {
  const program =
    'import ' +
    'hmac,hashlib,sys\nsys.stdout.write("sha256="+hmac.new(' +
    'sys.argv[1].encode(),sys.stdin.buffer.read(),hashlib.sha256).hexdigest())';
  const { stdout, error } = spawnSync('python3', ['-c', program, secret], { input: text, encoding: 'utf8' });
  if (error !== undefined) throw error;
  return stdout;
}
