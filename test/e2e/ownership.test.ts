import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLogger } from '../../src/logger.ts';
import { verifyWebhook } from '../../src/signature/verify-webhook.ts';
import { type Database, openDatabase } from '../../src/storage/postgres/database.ts';
import { eventually } from '../support/eventually.ts';
import { type OwnEndpoint, type Posthorn, startPosthorn } from '../support/processes/posthorn.ts';
import {
  type Answer,
  type ReceivedRequest,
  type Receiver,
  startReceiver,
} from '../support/receivers/receiver.ts';
import { ageChallenge } from '../support/rows/clock.ts';
import { endpointAt } from '../support/rows/endpoints.ts';

const JSON_TYPE = { 'content-type': 'application/json' };

let posthorn: Posthorn;
let receiver: Receiver;
let database: Database;
const answers = new Map<string, (challenge: string, request: ReceivedRequest) => Answer | Promise<Answer>>();

beforeAll(async () => {
  receiver = await startReceiver();
  receiver.answerWith(async (request) => {
    const challenge = challengeIn(request);
    return challenge === null ? {} : ((await answers.get(request.path)?.(challenge, request)) ?? {});
  });
  posthorn = await startPosthorn({
    environment: { POSTHORN_VERIFY_OWNERSHIP: 'on', POSTHORN_ECHO: 'true', POSTHORN_TIMING: 'test' },
  });
  await posthorn.startWorker();
  database = openDatabase(posthorn.environment.DATABASE_URL ?? '', { logger: createLogger('silent') });
});
afterAll(async () => {
  await database.close();
  await posthorn.stop();
  await receiver.close();
});

function challengeIn({ body }: ReceivedRequest): string | null {
  const { event, data } = JSON.parse(body.toString());
  return event === 'endpoint.verification' ? data.challenge : null;
}

const asJson = (challenge: string): Answer => ({
  status: 200,
  headers: JSON_TYPE,
  body: JSON.stringify({ challenge }),
});

interface Verification {
  readonly unverified: boolean;
  readonly last_check: { readonly outcome: string; readonly url: string; readonly advice: string | null };
}

async function verificationOf({ id }: Pick<OwnEndpoint, 'id'>): Promise<Verification> {
  return (await posthorn.call('GET', `/v1/endpoints/${id}/verification`)).body as Verification;
}

async function untilChecked(endpoint: Pick<OwnEndpoint, 'id'>): Promise<Verification> {
  return await eventually(async () => {
    const verification = await verificationOf(endpoint);
    return verification.last_check.outcome === 'pending' ? null : verification;
  });
}

async function statusOf({ id }: Pick<OwnEndpoint, 'id'>): Promise<unknown> {
  const { status, disabled_reason } = (await posthorn.call('GET', `/v1/endpoints/${id}`)).body as {
    readonly status: string;
    readonly disabled_reason: string | null;
  };
  return [status, disabled_reason];
}

async function letTimePass({ id }: Pick<OwnEndpoint, 'id'>, minutes: number): Promise<void> {
  await ageChallenge(database.pool, id, minutes);
}

describe('an endpoint that echoes its challenge', () => {
  it.each([
    ['as JSON', asJson],
    [
      'as JSON among others',
      (challenge: string) => ({ status: 201, body: `{"ok":1,"challenge":"${challenge}"}` }),
    ],
    ['as plain text', (challenge: string) => ({ status: 200, body: challenge })],
  ])('%s is enabled, and gets events', async (how, answer) => {
    const path = `/${how.replaceAll(' ', '-')}`;
    answers.set(path, answer);
    const endpoint = await posthorn.endpoint({ url: receiver.url + path, batch: { max_wait_ms: 100 } });
    expect(await untilChecked(endpoint)).toMatchObject({
      unverified: false,
      last_check: { outcome: 'verified' },
    });
    expect(await statusOf(endpoint)).toEqual(['enabled', null]);
    const request = await receiver.waitFor((one) => one.path === path);
    verifyWebhook({ rawBody: request.body, headers: request.headers, secret: endpoint.secret });
    await posthorn.untilStatus(await endpoint.publish(), 'delivered');
  });

  it('is enabled at the echo receiver', async () => {
    const [, port] = await posthorn.api().waitForOutput(/"port":(\d+),"msg":"api ready"/);
    const endpoint = await posthorn.endpoint({ url: `http://127.0.0.1:${port}/v1/echo/owned` });
    await untilChecked(endpoint);
    expect(await statusOf(endpoint)).toEqual(['enabled', null]);
  });
});

describe('an endpoint that does not', () => {
  it.each<[string, string, (challenge: string) => Answer]>([
    ['answers nothing', 'challenge_not_echoed', () => ({ status: 204 })],
    ['answers another', 'challenge_not_echoed', (challenge) => asJson(challenge.replace(/.$/, '!'))],
    ['answers more', 'challenge_not_echoed', (challenge) => ({ status: 200, body: `${challenge}\n` })],
    [
      'answers too much',
      'challenge_not_echoed',
      (challenge) => ({ status: 200, body: `{"challenge":"${challenge}","more":"${'x'.repeat(70_000)}"}` }),
    ],
    ['fails', 'http_500', (challenge) => ({ ...asJson(challenge), status: 500 })],
    ['is gone', 'http_410', (challenge) => ({ ...asJson(challenge), status: 410 })],
    [
      'redirects',
      'redirect_not_followed',
      (challenge) => ({
        ...asJson(challenge),
        status: 307,
        headers: { location: `${receiver.url}/as-JSON` },
      }),
    ],
  ])('but %s stays disabled, and shows why', async (how, errorCode, answer) => {
    const path = `/${how.replaceAll(' ', '-')}`;
    answers.set(path, answer);
    const endpoint = await posthorn.endpoint({ url: receiver.url + path });
    const verification = await untilChecked(endpoint);
    expect(verification).toMatchObject({
      unverified: true,
      last_check: {
        outcome: 'failed',
        error_code: errorCode,
        attempt: { error_code: errorCode, trigger: 'test' },
      },
    });
    expect(verification.last_check.advice).toEqual(expect.any(String));
    expect(await statusOf(endpoint)).toEqual(['disabled', 'unverified']);
    expect((await posthorn.deliveryOf(await endpoint.publish())).status).toBe('skipped');

    answers.set(path, asJson);
    await letTimePass(endpoint, 1);
    const again = await posthorn.call('POST', `/v1/endpoints/${endpoint.id}/verify`);
    expect(again).toMatchObject({
      status: 200,
      body: { unverified: false, last_check: { outcome: 'verified' } },
    });
    expect(await statusOf(endpoint)).toEqual(['enabled', null]);
  });
});

describe('a challenge', () => {
  it('counts for nothing once it has expired', async () => {
    answers.set('/late', async (challenge, { path }) => {
      await letTimePass({ id: await endpointAt(database.pool, path) }, 11);
      return asJson(challenge);
    });
    const endpoint = await posthorn.endpoint({ url: `${receiver.url}/late` });
    await eventually(async () => {
      const { last_check } = await verificationOf(endpoint);
      return last_check.outcome === 'failed';
    });
    expect(await verificationOf(endpoint)).toMatchObject({ last_check: { error_code: 'challenge_expired' } });
    expect(await statusOf(endpoint)).toEqual(['disabled', 'unverified']);
  });

  it('is another one each time, so that the answer to the last one proves nothing', async () => {
    const seen: string[] = [];
    answers.set('/replaying', (challenge) => {
      seen.push(challenge);
      return seen.length === 1 ? { status: 500 } : asJson(seen[0] ?? '');
    });
    const endpoint = await posthorn.endpoint({ url: `${receiver.url}/replaying` });
    await untilChecked(endpoint);
    await letTimePass(endpoint, 1);
    const { body } = await posthorn.call('POST', `/v1/endpoints/${endpoint.id}/verify`);
    expect(body).toMatchObject({ unverified: true, last_check: { error_code: 'challenge_not_echoed' } });
    expect(new Set(seen).size).toBe(2);
  });

  it('of a former URL does not enable the endpoint at its new one', async () => {
    answers.set('/stranger', () => ({ status: 204 }));
    answers.set('/mine', async (challenge) => {
      const id = await endpointAt(database.pool, '/mine');
      await posthorn.call('PATCH', `/v1/endpoints/${id}`, { url: `${receiver.url}/stranger` });
      return asJson(challenge);
    });
    const endpoint = await posthorn.endpoint({ url: `${receiver.url}/mine` });
    await eventually(async () => (await verificationOf(endpoint)).last_check.url.endsWith('/stranger'));
    await untilChecked(endpoint);
    expect(await statusOf(endpoint)).toEqual(['disabled', 'unverified']);
  });
});

describe('a change of the URL', () => {
  it('holds what is open, sends nothing but the challenge, and goes on once that is answered', async () => {
    answers.set('/before', asJson);
    answers.set('/after', () => ({ status: 204 }));
    const endpoint = await posthorn.endpoint({ url: `${receiver.url}/before` });
    await untilChecked(endpoint);
    await posthorn.call('POST', `/v1/endpoints/${endpoint.id}/pause`);
    const eventId = await endpoint.publish();
    await posthorn.call('PATCH', `/v1/endpoints/${endpoint.id}`, { url: `${receiver.url}/after` });
    expect(await untilChecked(endpoint)).toMatchObject({ unverified: true });
    expect(receiver.requests.filter(({ path }) => path === '/after').map(challengeIn)).toEqual([
      expect.any(String),
    ]);
    expect((await posthorn.deliveryOf(eventId)).status).toBe('held');

    answers.set('/after', asJson);
    await letTimePass(endpoint, 1);
    await posthorn.call('POST', `/v1/endpoints/${endpoint.id}/verify`);
    expect(await statusOf(endpoint)).toEqual(['paused', null]);
    await posthorn.call('POST', `/v1/endpoints/${endpoint.id}/resume`);
    await posthorn.untilStatus(eventId, 'delivered');
  });
});
