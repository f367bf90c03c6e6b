import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TEST_TIMING } from '../../../../src/domain/timing.ts';
import { generateSecret } from '../../../../src/signature/secret.ts';
import { type ApiAnswer, type ApiCall, type ApiUnderTest, startApi } from '../../../support/api/api.ts';
import { insertKey } from '../../../support/api/api-key.ts';
import { eventually } from '../../../support/eventually.ts';
import { ageChallenge } from '../../../support/rows/clock.ts';
import {
  answerChallenge,
  makeUnverified,
  makeVerified,
  unsendChallenge,
} from '../../../support/rows/endpoints.ts';
import { isGateOpen } from '../../../support/rows/health.ts';
import { whileLocked } from '../../../support/rows/locks.ts';
import { insertAttempt, insertDelivery } from '../../../support/storage/rows.ts';
import { untilSomebodyWaits } from '../../../support/storage/until-somebody-waits.ts';

let api: ApiUnderTest;
let acme: ApiCall;
beforeAll(async () => {
  api = await startApi({ environment: { POSTHORN_VERIFY_OWNERSHIP: 'on' } });
  acme = await api.customer('acme');
});
afterAll(async () => await api.close());

/** Timers and Postgres round in their own ways. */
const CLOCK_GRAIN_MS = 5;

let count = 0;
async function create(): Promise<string> {
  count += 1;
  const { body } = await acme('POST', '/v1/endpoints', { url: `https://receiver${count}.example/` });
  expect(body).toMatchObject({ status: 'disabled', disabled_reason: 'unverified' });
  await eventually(async () => (await verificationOf(body.id)).last_check?.delivery_id);
  return body.id;
}

async function operate(id: string, action: string): Promise<ApiAnswer> {
  return await api.operator('POST', `/v1/endpoints/${id}/${action}`);
}

async function verificationOf(id: string) {
  const { body } = await acme('GET', `/v1/endpoints/${id}/verification`);
  return body as unknown as {
    readonly unverified: boolean;
    readonly last_check: { readonly delivery_id: string; readonly requested_at: string } | null;
  };
}

async function makeOlder(id: string): Promise<void> {
  await ageChallenge(api.database.pool, id, 1);
}

describe('where ownership is verified, a new endpoint', () => {
  it('is disabled, gets a challenge, and skips events', async () => {
    const id = await create();
    const { unverified, last_check } = await verificationOf(id);
    expect(unverified).toBe(true);
    expect(last_check).toMatchObject({ outcome: 'pending', error_code: null, advice: null, attempt: null });
    const delivery = await acme('GET', `/v1/deliveries/${last_check?.delivery_id}`);
    expect(delivery.body).toMatchObject({
      event: 'endpoint.verification',
      endpoint_id: id,
      status: 'queued',
      test: true,
    });
    await acme('POST', '/v1/events', { event: 'job.completed', data: {} });
    const events = await acme('GET', `/v1/deliveries?endpoint_id=${id}&event=job.completed`);
    expect(events.body.items).toMatchObject([{ status: 'skipped' }]);
  });

  it('is asked only once the answer that shows its secret had the time to arrive', async () => {
    const id = await create();
    const { created_at } = (await acme('GET', `/v1/endpoints/${id}`)).body;
    const { last_check } = await verificationOf(id);
    const afterMs = Date.parse(last_check?.requested_at ?? '') - Date.parse(String(created_at));
    expect(afterMs).toBeGreaterThanOrEqual(TEST_TIMING.firstChallengeMs - CLOCK_GRAIN_MS);
  });

  it('is asked at once where its secret came with it', async () => {
    const secret = generateSecret();
    const { body } = await acme('POST', '/v1/endpoints', { url: 'https://known.example/', secret });
    expect((await verificationOf(body.id)).last_check).toMatchObject({ outcome: 'pending' });
  });

  it('shows nobody its challenge', async () => {
    const { last_check } = await verificationOf(await create());
    const delivery = await acme('GET', `/v1/deliveries/${last_check?.delivery_id}`);
    const event = await acme('GET', `/v1/events/${String(delivery.body.event_id)}`);
    expect(event.body.data).toEqual({ challenge: '***' });
  });

  it('is never told to be unverified beside a check that says verified', async () => {
    const id = await create();
    const { reading } = await whileLocked(api.database.pool, 'ownership_checks', async (client) => {
      const reading = verificationOf(id);
      await untilSomebodyWaits(api.database);
      await makeVerified(client, id);
      return { reading };
    });
    expect(await reading).toMatchObject({ unverified: false, last_check: { outcome: 'verified' } });
  });

  it('is never shown as failed because its answer was recorded while the check was read', async () => {
    const id = await create();
    const deliveryId = (await verificationOf(id)).last_check?.delivery_id ?? '';
    const { reading } = await whileLocked(api.database.pool, 'attempts', async (client) => {
      const reading = verificationOf(id);
      await untilSomebodyWaits(api.database);
      await answerChallenge(client, id);
      await insertAttempt(client, { delivery_id: deliveryId, endpoint_id: id });
      return { reading };
    });
    expect(await reading).toMatchObject({
      last_check: { outcome: 'verified', attempt: { status_code: 200 } },
    });
  });

  it('is enabled by the operator, and by no one else', async () => {
    const id = await create();
    const refused = await acme('POST', `/v1/endpoints/${id}/enable`);
    expect(refused).toMatchObject({ status: 409, body: { code: 'endpoint_unverified' } });
    const { key } = await insertKey(api.database, { customerId: null, scopes: ['manage_endpoints'] });
    const withoutScope = await fetch(`${api.url}/v1/endpoints/${id}/enable`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${key}` },
    });
    expect(await withoutScope.json()).toMatchObject({ status: 409, code: 'endpoint_unverified' });
    expect(await acme('GET', `/v1/endpoints/${id}`)).toMatchObject({ body: { status: 'disabled' } });

    expect((await operate(id, 'enable')).body).toMatchObject({ status: 'enabled', disabled_reason: null });
    const audit = await api.operator('GET', `/v1/audit?subject_id=${id}&action=endpoint.enable`);
    expect(audit.body.items).toMatchObject([{ actor: 'operator' }]);
    await acme('POST', `/v1/endpoints/${id}/disable`);
    expect((await acme('POST', `/v1/endpoints/${id}/enable`)).body.status).toBe('enabled');
  });

  it('is neither paused, resumed, tested nor sent anything again', async () => {
    const id = await create();
    for (const action of ['pause', 'resume'])
      expect(await operate(id, action)).toMatchObject({ status: 409, body: { code: 'endpoint_disabled' } });
    expect(await operate(id, 'test')).toMatchObject({ status: 409, body: { code: 'endpoint_unverified' } });
    const dead = await insertDelivery(api.database.pool, { endpoint_id: id, status: 'dead' });
    const retried = await api.operator('POST', `/v1/deliveries/${dead}/retry`);
    expect(retried).toMatchObject({ status: 409, body: { code: 'endpoint_unverified' } });
    const { last_check } = await verificationOf(id);
    const challenge = await api.operator('POST', `/v1/deliveries/${last_check?.delivery_id}/retry`);
    expect(challenge).toMatchObject({ status: 409, body: { code: 'verification_not_retryable' } });
  });
});

describe('POST /v1/endpoints/{id}/verify', () => {
  it('sends no second challenge right after one that was answered', async () => {
    const id = await create();
    const { last_check } = await verificationOf(id);
    await unsendChallenge(api.database.pool, id);
    const { status, headers, body } = await acme('POST', `/v1/endpoints/${id}/verify`);
    expect([status, body.code]).toEqual([429, 'verification_too_soon']);
    expect(headers.get('retry-after')).toBe('10');
    expect((await verificationOf(id)).last_check?.requested_at).toBe(last_check?.requested_at);
  });

  it('is refused where there is nothing to verify', async () => {
    const id = await create();
    await operate(id, 'enable');
    const answer = await acme('POST', `/v1/endpoints/${id}/verify`);
    expect(answer).toMatchObject({ status: 409, body: { code: 'nothing_to_verify' } });
  });
});

describe('a change of the URL', () => {
  it('makes the endpoint unverified, and sends a challenge there', async () => {
    const id = await create();
    await operate(id, 'enable');
    await makeOlder(id);
    const url = 'https://elsewhere.example/hooks';
    const { body } = await acme('PATCH', `/v1/endpoints/${id}`, { url });
    expect(body).toMatchObject({ url, status: 'disabled', disabled_reason: 'unverified' });
    expect((await verificationOf(id)).last_check).toMatchObject({ url, outcome: 'pending' });
    expect(await isGateOpen(api.database.pool, id)).toBe(false);
  });

  it('counts where only the path or the query is another one', async () => {
    const id = await create();
    await operate(id, 'enable');
    const { url } = (await acme('GET', `/v1/endpoints/${id}`)).body;
    expect((await acme('PATCH', `/v1/endpoints/${id}`, { url, description: 'x' })).body.status).toBe(
      'enabled',
    );
    const { body } = await acme('PATCH', `/v1/endpoints/${id}`, { url: `${String(url)}?to=another` });
    expect(body.disabled_reason).toBe('unverified');
  });

  it('leads nobody round it by disabling and enabling', async () => {
    const id = await create();
    await operate(id, 'enable');
    await acme('POST', `/v1/endpoints/${id}/disable`);
    await acme('PATCH', `/v1/endpoints/${id}`, { url: 'https://stranger.example/' });
    const { body } = await acme('POST', `/v1/endpoints/${id}/enable`);
    expect(body.code).toBe('endpoint_unverified');
  });
});

describe('where ownership is not verified', () => {
  it('endpoints are enabled at once, and what was unverified can be enabled by its customer', async () => {
    const plain = await startApi();
    const customer = await plain.customer('acme');
    const { body } = await customer('POST', '/v1/endpoints', { url: 'https://receiver.example/' });
    expect(body).toMatchObject({ status: 'enabled', disabled_reason: null });
    expect((await customer('GET', `/v1/endpoints/${body.id}/verification`)).body).toEqual({
      endpoint_id: body.id,
      unverified: false,
      last_check: null,
    });
    await makeUnverified(plain.database.pool);
    expect((await customer('POST', `/v1/endpoints/${body.id}/enable`)).body.status).toBe('enabled');
    await plain.close();
  });
});
