import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EndpointRemoval } from '../../../src/storage/gates/endpoint-removal.ts';
import { ListenerStore } from '../../../src/storage/listeners/listener-store.ts';
import { MissedEventStore } from '../../../src/storage/listeners/missed-events.ts';
import { RelayStore } from '../../../src/storage/listeners/relay-store.ts';
import { type ApiCall, type ApiUnderTest, startApi } from '../../support/api/api.ts';
import { openStream } from '../../support/api/stream.ts';
import { eventually } from '../../support/eventually.ts';

const ANSWER = {
  status_code: 202,
  headers: [{ name: 'x-mine', value: 'yes' }],
  body_base64: 'b2s=',
  duration_ms: 7.5,
};

let api: ApiUnderTest;
let acme: ApiCall;
let relays: RelayStore;
beforeAll(async () => {
  api = await startApi();
  acme = await api.customer('acme');
  relays = new RelayStore(api.database);
});
afterAll(async () => await api.close());

describe('a listener', () => {
  it('is an endpoint without an address, the same one whenever its name is put', async () => {
    const first = await acme('PUT', '/v1/listeners/desk', { events: ['job.*'], timeout_ms: 5_000 });
    expect(first.body).toMatchObject({ customer_id: 'acme', events: ['job.*'], resumed: false });
    expect(first.body.secret).toMatch(/^whsec_/);
    const again = await acme('PUT', '/v1/listeners/desk', {});
    expect(again.body).toMatchObject({
      id: first.body.id,
      secret: first.body.secret,
      events: ['*'],
      resumed: true,
    });
    const { body } = await acme('GET', `/v1/endpoints/${first.body.id}`);
    expect(body).toMatchObject({ url: `listen://${first.body.id}`, status: 'paused' });
  });

  it('is paused while nobody listens, and not otherwise', async () => {
    const { id } = (await acme('PUT', '/v1/listeners/pauses', {})).body;
    const stream = await listen(id);
    await eventually(async () => (await statusOf(id)) === 'enabled');
    stream.close();
    await eventually(async () => (await statusOf(id)) === 'paused');
  });

  it('stays paused where a person paused it', async () => {
    const { id } = (await acme('PUT', '/v1/listeners/by-hand', {})).body;
    const first = await listen(id);
    await eventually(async () => (await statusOf(id)) === 'enabled');
    await acme('POST', `/v1/endpoints/${id}/pause`);
    await offer(id, 'later');
    const second = await listen(id);
    await eventually(() => second.messages.length === 1);
    expect(await statusOf(id)).toBe('paused');
    first.close();
    second.close();
  });

  it('hands each request out once, takes one answer, and hands out again what a broken stream left', async () => {
    const { id } = (await acme('PUT', '/v1/listeners/relays', {})).body;
    const first = await listen(id);
    await offer(id, 'one');
    await eventually(() => first.messages.length === 1);
    expect(JSON.parse(first.messages[0]?.data ?? '')).toEqual({
      id: 'one',
      headers: { 'X-Webhook-Event': 'job.completed' },
      body_base64: Buffer.from('{"a":"🎺"}').toString('base64'),
      timeout_ms: 9_000,
    });
    const second = await listen(id);
    await eventually(() => second.messages.length === 1);
    await eventually(() => first.messages.at(-1)?.event === 'closed');
    await first.ended;
    const answer = async () => await acme('POST', `/v1/listeners/${id}/answers`, { ...ANSWER, id: 'one' });
    expect((await answer()).status).toBe(204);
    expect((await answer()).status).toBe(404);
    expect(await relays.look(['one'])).toMatchObject([{ state: 'answered', answer: { statusCode: 202 } }]);
    second.close();
  });

  it('is told how many events went by where it was removed before, until a stream has lasted', async () => {
    const former = (await acme('PUT', '/v1/listeners/back', { events: ['job.*'] })).body;
    await publish({ event: 'job.failed' });
    await publish({ event: 'job.completed' });
    await new EndpointRemoval(api.database).remove(former.id);
    await new ListenerStore(api.database).markSwept(former.id);
    await publish({ event: 'job.completed' });
    await publish({ event: 'system.maintenance', customer_id: undefined, broadcast: true });
    await publish({ event: 'job.progress' });
    await publish({ event: 'job.failed', customer_id: 'globex' });
    const { id, resumed } = (await acme('PUT', '/v1/listeners/back', { events: ['job.*'] })).body;
    expect([id === former.id, resumed]).toEqual([false, false]);
    await publish({ event: 'job.completed' });
    const told = { count: 3, capped: false };
    const first = await listen(id);
    await eventually(() => first.messages.length === 1);
    expect(first.messages[0]?.event).toBe('missed');
    expect(JSON.parse(first.messages[0]?.data ?? '')).toMatchObject(told);
    first.close();
    const second = await listen(id);
    await eventually(() => second.messages.length === 1);
    expect(JSON.parse(second.messages[0]?.data ?? '')).toMatchObject(told);
    await eventually(async () => (await new MissedEventStore(api.database).count(id, () => false)) === null);
    second.close();
    const third = await listen(id);
    await offer(id, 'after all');
    await eventually(() => third.messages.length === 1);
    expect(third.messages[0]?.event).toBe('request');
    third.close();
  });

  it("is nothing to other customers, and a customer's name no name of another's", async () => {
    const { id } = (await acme('PUT', '/v1/listeners/own', {})).body;
    await offer(id, 'foreign');
    const globex = await api.customer('globex');
    expect((await globex('GET', `/v1/listeners/${id}/stream`)).status).toBe(404);
    const answered = await globex('POST', `/v1/listeners/${id}/answers`, { ...ANSWER, id: 'foreign' });
    expect(answered.status).toBe(404);
    const theirs = await globex('PUT', '/v1/listeners/own', {});
    expect(theirs.body.id).not.toBe(id);
    expect(theirs.body.customer_id).toBe('globex');
  });

  it("must say whose events it wants with the operator's key", async () => {
    expect((await api.operator('PUT', '/v1/listeners/mine', {})).status).toBe(422);
    const { status, body } = await api.operator('PUT', '/v1/listeners/mine', { customer_id: null });
    expect([status, body.customer_id]).toEqual([200, null]);
  });

  it('is no endpoint with an address', async () => {
    const { id } = (
      await acme('POST', '/v1/endpoints', { url: 'https://receiver.example/', uid: 'listen:taken' })
    ).body;
    expect((await acme('GET', `/v1/listeners/${id}/stream`)).status).toBe(404);
    expect((await acme('PUT', '/v1/listeners/taken', {})).body.code).toBe('endpoint_uid_taken');
    expect((await acme('POST', '/v1/endpoints', { url: `listen://${id}` })).status).toBe(422);
  });
});

async function listen(id: string) {
  return await openStream(`${api.url}/v1/listeners/${id}/stream`, { key: api.adminKey });
}

async function publish(event: {
  readonly event: string;
  readonly customer_id?: string | undefined;
  readonly broadcast?: boolean;
}): Promise<void> {
  const { status } = await api.operator('POST', '/v1/events', {
    customer_id: 'acme',
    data: { job_id: '7', progress: 1, status: 'failed', message: 'm' },
    ...event,
  });
  expect(status).toBe(202);
}

async function offer(endpointId: string, id: string): Promise<void> {
  const headers = { 'X-Webhook-Event': 'job.completed' };
  await relays.offer({ id, endpointId, headers, body: Buffer.from('{"a":"🎺"}'), timeoutMs: 9_000 });
}

async function statusOf(id: string): Promise<string> {
  return (await acme('GET', `/v1/endpoints/${id}`)).body.status;
}
