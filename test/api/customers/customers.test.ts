import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CustomerStore } from '../../../src/storage/customers/customer-store.ts';
import { EndpointRemoval } from '../../../src/storage/gates/endpoint-removal.ts';
import { Erasures } from '../../../src/storage/upkeep/erasures.ts';
import { type ApiUnderTest, startApi } from '../../support/api/api.ts';
import { ageErasure } from '../../support/rows/clock.ts';
import { makeDelivered, makeSending } from '../../support/rows/standing.ts';
import { endDelivery, insertAttempt } from '../../support/storage/rows.ts';

const url = 'https://receiver.example/';
const event = { event: 'job.completed', data: { job_id: 'job_1' } };

describe('customers', () => {
  let api: ApiUnderTest;

  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api.close());

  const put = async (id: string, body: object = {}) => await api.operator('PUT', `/v1/customers/${id}`, body);
  const publish = async (customer_id: string, part: object = {}) =>
    await api.operator('POST', '/v1/events', { ...event, customer_id, ...part });
  const create = async (customer_id: string) =>
    await api.operator('POST', '/v1/endpoints', { url, customer_id });

  it('are noted when something is made for them, and listed newest first', async () => {
    await publish('by-event');
    await create('by-endpoint');
    await api.operator('POST', '/v1/api-keys', { customer_id: 'by-key', name: 'first' });
    const { items } = (await api.operator('GET', '/v1/customers')).body;
    expect(items.slice(0, 3).map(({ id }) => id)).toEqual(['by-key', 'by-endpoint', 'by-event']);
  });

  it('have a name, metadata, limits, and what they use', async () => {
    const facts = { name: 'Acme Ltd', metadata: { plan: 'gold' }, limits: { max_endpoints: 1 } };
    const first = await put('acme', facts);
    expect([first.status, first.body]).toMatchObject([201, { id: 'acme', ...facts }]);
    expect((await put('acme', facts)).status).toBe(200);
    expect((await create('acme')).status).toBe(201);
    expect((await create('acme')).body.code).toBe('endpoint_limit_reached');
    const { body } = await api.operator('GET', '/v1/customers/acme');
    expect(body).toMatchObject({ name: 'Acme Ltd', usage: { endpoints: 1, api_keys: 0 } });
    const cleared = await put('acme');
    expect(cleared.body).toMatchObject({ name: '', metadata: {}, limits: { max_endpoints: null } });
    expect((await create('acme')).status).toBe(201);
  });

  it('can have a rate of requests of their own', async () => {
    await put('slow', { limits: { requests_per_minute: 1, max_keys: 1 } });
    const slow = await api.customer('slow');
    const answers = [await slow('GET', '/v1/events'), await slow('GET', '/v1/events')];
    expect(answers.map(({ status }) => status)).toEqual([200, 429]);
    const more = await api.operator('POST', '/v1/api-keys', { customer_id: 'slow', name: 'second' });
    expect(more.body.code).toBe('key_limit_reached');
  });

  it.each([
    [{ limits: { max_endpoints: -1 } }, '/limits/max_endpoints', 'too_small'],
    [{ limits: { max_things: 1 } }, '/limits/max_things', 'unknown_member'],
    [{ name: 7 }, '/name', 'invalid_type'],
    [{ metadata: { n: 1 } }, '/metadata/n', 'invalid_type'],
  ])('are refused with %j', async (body, pointer, code) => {
    const answer = await put('refused', body);
    expect([answer.status, answer.body.errors]).toMatchObject([422, [{ pointer: `#${pointer}`, code }]]);
  });

  it('are told when an event reaches nobody, and why', async () => {
    const hintOf = async (customer: string, part: object = {}) => (await publish(customer, part)).body.hint;
    expect(await hintOf('misspelt')).toMatch(/"misspelt" has no endpoint/);
    await api.operator('POST', '/v1/endpoints', { url, customer_id: 'few', events: ['job.failed'] });
    expect(await hintOf('few')).toMatch(/but none subscribes to it: job.completed/);
    expect(await hintOf('few', { event: 'job.progress' })).toMatch(/no wildcard includes it: job.progress/);
    await create('reached');
    expect(await hintOf('reached')).toBeUndefined();
  });

  it('are erased with everything that events carried and receivers answered', async () => {
    const erasures = erasuresOf(api);
    const { pool } = api.database;
    const endpoint = (await create('gone')).body.id;
    const key = await api.customer('gone');
    const accepted = (await publish('gone', { uid: 'u-1', metadata: { who: 'them' } })).body;
    const { items } = (await api.operator('GET', `/v1/deliveries?event_id=${accepted.id}`)).body;
    const delivery = items[0]?.id ?? '';
    await endDelivery(pool, delivery, 'dead');
    const sent = { request_url: url, signed_at: new Date(), signature: 'sha256=00' };
    await insertAttempt(pool, {
      delivery_id: delivery,
      endpoint_id: endpoint,
      response_body: 'their answer',
      ...sent,
    });
    const deleted = await api.operator('DELETE', '/v1/customers/gone');
    expect([deleted.status, deleted.body.erasing_since]).toEqual([202, expect.any(String)]);
    expect((await key('GET', '/v1/events')).status).toBe(401);
    expect((await publish('gone')).body.code).toBe('unknown_customer');
    expect((await put('gone')).body.code).toBe('customer_erasing');
    while (await erasures.step());
    const { body } = await api.operator('GET', `/v1/events/${accepted.id}`);
    expect(body).toMatchObject({ data: {}, uid: null, metadata: null, erased_at: expect.any(String) });
    const read = (await api.operator('GET', `/v1/deliveries/${delivery}`)).body;
    expect(read).toMatchObject({ status: 'cancelled', attempts: [{ request: { body: null } }] });
    expect(JSON.stringify(read)).not.toContain('their answer');
    expect((await api.operator('GET', `/v1/endpoints/${endpoint}`)).status).toBe(404);
    expect((await api.operator('GET', '/v1/customers/gone')).status).toBe(200);
    await ageErasure(pool, 'gone', 181);
    while (await erasures.step());
    expect((await api.operator('GET', '/v1/customers/gone')).status).toBe(404);
    expect((await publish('gone', { uid: 'u-1' })).status).toBe(202);
  });

  it('wait for what is being sent before it is erased', async () => {
    const { pool } = api.database;
    await api.operator('POST', '/v1/endpoints', { url, customer_id: null });
    const { id } = (await publish('busy')).body;
    await makeSending(pool, id);
    const erase = async () => await api.operator('DELETE', `/v1/events/${id}/data`);
    expect((await erase()).body.code).toBe('attempt_in_progress');
    await api.operator('DELETE', '/v1/customers/busy');
    const erasures = erasuresOf(api);
    while (await erasures.step());
    const dataOf = async () => (await api.operator('GET', `/v1/events/${id}`)).body.data;
    expect(await dataOf()).toEqual(event.data);
    const [delivery] = (await api.operator('GET', `/v1/deliveries?event_id=${id}`)).body.items;
    await endDelivery(pool, delivery?.id ?? '', 'delivered');
    while (await erasures.step());
    expect(await dataOf()).toEqual({});
  });

  it('lose one event at a time where that is asked for, and it is never sent again', async () => {
    await create('one');
    const { id } = (await publish('one')).body;
    const erase = async () => (await api.operator('DELETE', `/v1/events/${id}/data`)).status;
    expect([await erase(), await erase()]).toEqual([204, 204]);
    const [delivery] = (await api.operator('GET', `/v1/deliveries?event_id=${id}`)).body.items;
    expect(delivery?.status).toBe('cancelled');
    await makeDelivered(api.database.pool, id);
    const retried = await api.operator('POST', `/v1/deliveries/${delivery?.id}/retry`);
    expect([retried.status, retried.body.code]).toEqual([409, 'event_erased']);
  });
});

describe('POSTHORN_STRICT_CUSTOMERS', () => {
  it('accepts nothing for customers that were not registered', async () => {
    const api = await startApi({ environment: { POSTHORN_STRICT_CUSTOMERS: 'true' } });
    const refused = [
      await api.operator('POST', '/v1/events', { ...event, customer_id: 'new' }),
      await api.operator('POST', '/v1/endpoints', { url, customer_id: 'new' }),
      await api.operator('POST', '/v1/api-keys', { customer_id: 'new', name: 'first' }),
    ];
    for (const { status, body } of refused) {
      expect([status, body.errors]).toMatchObject([
        422,
        [{ pointer: '#/customer_id', code: 'unknown_customer' }],
      ]);
    }
    await api.operator('PUT', '/v1/customers/new', {});
    expect((await api.operator('POST', '/v1/events', { ...event, customer_id: 'new' })).status).toBe(202);
    await api.close();
  });
});

function erasuresOf({ database }: ApiUnderTest): Erasures {
  const customers = new CustomerStore(database);
  return new Erasures(database, { customers, removal: new EndpointRemoval(database) });
}
