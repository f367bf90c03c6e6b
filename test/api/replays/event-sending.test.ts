import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ApiCall, type ApiUnderTest, startApi } from '../../support/api/api.ts';
import { testEvent } from '../../support/rows/events.ts';

const URL = 'https://receiver.example/';
const JOB = { event: 'job.completed', data: { job_id: 'job_7' } };

describe('POST /v1/events/{id}/send', () => {
  let api: ApiUnderTest;
  let acme: ApiCall;
  let eventId: string;
  let later: string;

  beforeAll(async () => {
    api = await startApi();
    acme = await api.customer('acme');
    eventId = (await acme('POST', '/v1/events', JOB)).body.id;
    const endpoint = { url: URL, events: ['job.failed'], timeout_ms: 100 };
    later = (await acme('POST', '/v1/endpoints', endpoint)).body.id;
  });
  afterAll(() => api.close());

  const send = async (endpointId: string, { id = eventId, call = acme } = {}) =>
    await call('POST', `/v1/events/${id}/send`, { endpoint_id: endpointId });

  it('makes a delivery to an endpoint that is newer than the event and does not subscribe to it', async () => {
    const { status, body } = await send(later);
    expect(status).toBe(202);
    expect(body).toMatchObject({ event_id: eventId, endpoint_id: later, status: 'queued', attempts_made: 0 });
    const found = (await acme('GET', `/v1/deliveries?event_id=${eventId}`)).body.items;
    expect(found.map(({ id }) => id)).toEqual([body.id]);
    expect((await acme('GET', `/v1/events/${eventId}`)).body).toMatchObject({
      deliveries: 1,
      deliveries_by_status: { queued: 1 },
    });
  });

  it('makes another each time, and with one Idempotency-Key one', async () => {
    const request = async () => {
      const response = await fetch(`${api.url}/v1/events/${eventId}/send`, {
        method: 'POST',
        headers: {
          Authorization: `Bearer ${api.adminKey}`,
          'Content-Type': 'application/json',
          'Idempotency-Key': 'once',
        },
        body: JSON.stringify({ endpoint_id: later }),
      });
      return (await response.json()) as { id: string };
    };
    const first = await request();
    expect((await request()).id).toBe(first.id);
    expect((await send(later)).body.id).not.toBe(first.id);
  });

  it('holds it at a paused endpoint, and keeps the order of one that has an order', async () => {
    const settings = { url: URL, events: ['job.failed'], ordered: true };
    const { id } = (await acme('POST', '/v1/endpoints', settings)).body;
    await acme('POST', `/v1/endpoints/${id}/pause`);
    const sent = [await send(id), await send(id)].map(({ body }) => body);
    expect(sent.map(({ status, position }) => [status, position])).toEqual([
      ['held', 1],
      ['held', 2],
    ]);
  });

  it("refuses another customer's endpoint, and the operator's endpoint is free to get it", async () => {
    const theirs = (await api.operator('POST', '/v1/endpoints', { url: URL, customer_id: 'zeta' })).body.id;
    expect((await send(theirs)).status).toBe(404);
    const refused = await send(theirs, { call: api.operator });
    expect([refused.status, refused.body.errors[0]]).toEqual([
      422,
      expect.objectContaining({ pointer: '#/endpoint_id', code: 'endpoint_of_other_customer' }),
    ]);
    const own = (await api.operator('POST', '/v1/endpoints', { url: URL, customer_id: null })).body.id;
    expect((await send(own, { call: api.operator })).status).toBe(202);
    expect((await acme('GET', `/v1/events/${eventId}`)).body.deliveries).not.toBe(
      (await api.operator('GET', `/v1/events/${eventId}`)).body.deliveries,
    );
  });

  it('refuses a disabled endpoint, an erased event and a test', async () => {
    const { id } = (await acme('POST', '/v1/endpoints', { url: URL, events: ['job.failed'] })).body;
    await acme('POST', `/v1/endpoints/${id}/disable`);
    expect((await send(id)).body.code).toBe('endpoint_disabled');
    const erased = (await acme('POST', '/v1/events', JOB)).body.id;
    await api.operator('DELETE', `/v1/events/${erased}/data`);
    expect((await send(later, { id: erased })).body.code).toBe('event_erased');
    await acme('POST', `/v1/endpoints/${later}/test`, {});
    const ofTest = await testEvent(api.database.pool);
    expect((await send(later, { id: ofTest })).body.code).toBe('event_is_test');
  });

  it('is noted in the audit log', async () => {
    await send(later);
    const { items } = (await acme('GET', `/v1/audit?subject_id=${eventId}&limit=1`)).body;
    expect(items).toEqual([expect.objectContaining({ action: 'event.send', customer_id: 'acme' })]);
  });
});
