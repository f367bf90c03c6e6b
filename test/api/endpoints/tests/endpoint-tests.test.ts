import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DeliveryStart } from '../../../../src/domain/delivery-start.ts';
import { BUILT_IN_EVENT_TYPES } from '../../../../src/domain/event-type.ts';
import { OPERATIONAL_EVENT_TYPES } from '../../../../src/domain/operational-event.ts';
import type { Database } from '../../../../src/storage/postgres/database.ts';
import { type ApiUnderTest, startApi } from '../../../support/api/api.ts';
import { carriedBy } from '../../../support/rows/events.ts';
import { endDelivery, insertAttempt } from '../../../support/storage/rows.ts';

/** Stands in for the workers: every delivery that is due is answered 200 at once. */
function deliverAll(starts: readonly DeliveryStart[], { pool }: Database): void {
  for (const { deliveryId, endpointId } of starts) {
    void endDelivery(pool, deliveryId, 'delivered').then(() =>
      insertAttempt(pool, { delivery_id: deliveryId, endpoint_id: endpointId, trigger: 'test' }),
    );
  }
}

describe('EndpointTestsService', () => {
  let api: ApiUnderTest;

  beforeAll(async () => {
    api = await startApi({ onDue: deliverAll });
  });
  afterAll(() => api.close());

  async function create(settings: object = {}): Promise<string> {
    const endpoint = { url: 'https://example.com', customer_id: 'acme', ...settings };
    return (await api.operator('POST', '/v1/endpoints', endpoint)).body.id;
  }

  const sent = async (deliveryId: string) => await carriedBy(api.database.pool, deliveryId);

  it('sends one test delivery and answers with its attempt', async () => {
    const id = await create();
    const { status, body } = await api.operator('POST', `/v1/endpoints/${id}/test`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      status: 'delivered',
      attempt: { number: 1, trigger: 'test', status_code: 200, error_code: null, advice: null },
    });
    const delivery = await api.operator('GET', `/v1/deliveries/${body.delivery_id}`);
    expect(delivery.body).toMatchObject({ endpoint_id: id, test: true });
    expect((await sent(body.delivery_id)).event).toBe('job.completed');
    expect((await api.operator('GET', `/v1/endpoints/${id}/stats`)).body.attempts.total).toBe(0);
  });

  it.each([
    [['job.failed', 'job.*'], 'job.failed'],
    [['system.*'], 'system.maintenance'],
    [['job.*'], 'job.completed'],
    [['nothing.*'], 'job.completed'],
  ])('sends what an endpoint for %j subscribes to: %s', async (events, event) => {
    const { body } = await api.operator('POST', `/v1/endpoints/${await create({ events })}/test`);
    expect((await sent(body.delivery_id)).event).toBe(event);
  });

  const everyType = [...BUILT_IN_EVENT_TYPES, ...OPERATIONAL_EVENT_TYPES].map(({ name }) => name);
  it.each(everyType)('has sample data that fits %s', async (event) => {
    const path = `/v1/endpoints/${await create({ customer_id: null })}/test`;
    const { body } = await api.operator('POST', path, { event });
    const { data } = await sent(body.delivery_id);
    expect(Object.keys(data).length).toBeGreaterThan(0);
    expect((await api.operator('POST', path, { event, data })).status).toBe(200);
  });

  it('sends no operational event to an endpoint of a customer', async () => {
    const path = `/v1/endpoints/${await create()}/test`;
    const answer = await api.operator('POST', path, { event: 'endpoint.opened' });
    expect(answer).toMatchObject({ status: 422, body: { code: 'reserved_event_type' } });
  });

  it('sends the data it is given, to a disabled endpoint too', async () => {
    const path = `/v1/endpoints/${await create()}`;
    await api.operator('POST', `${path}/disable`);
    const { body } = await api.operator('POST', `${path}/test`, {
      event: 'job.failed',
      data: { b: 1, a: 2 },
    });
    expect(await sent(body.delivery_id)).toEqual({ event: 'job.failed', data: { b: 1, a: 2 } });
  });

  it('answers 202 without an attempt when the API is stopped before there is one', async () => {
    let close: Promise<void> | undefined;
    const stopping: ApiUnderTest = await startApi({
      onDue: () => {
        close = stopping.close();
      },
    });
    const endpoint = { url: 'https://example.com', customer_id: 'acme' };
    const { id } = (await stopping.operator('POST', '/v1/endpoints', endpoint)).body;
    const answer = await stopping.operator('POST', `/v1/endpoints/${id}/test`);
    expect(answer).toMatchObject({ status: 202, body: { status: 'queued', attempt: null } });
    await close;
  });

  it.each([
    [{ event: 'job.exploded' }, '/event'],
    [{ event: 7 }, '/event'],
    [{ data: [] }, '/data'],
    [{ data: null }, '/data'],
    [{ data: { rows_processed: -1 } }, '/data/rows_processed'],
    [{ colour: 'red' }, '/colour'],
    [[], ''],
  ])('refuses %j', async (body, pointer) => {
    const id = await create();
    const answer = await api.operator('POST', `/v1/endpoints/${id}/test`, body);
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ pointer: `#${pointer}` }] } });
    expect((await api.operator('GET', `/v1/deliveries?endpoint_id=${id}`)).body.items).toEqual([]);
  });
});
