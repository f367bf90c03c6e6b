import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ApiUnderTest, startApi } from '../../support/api/api.ts';
import { storedData } from '../../support/rows/events.ts';

const DATA = '{"id":9223372036854775807,"f":1.0,"e":1E5,"z":-0.0,"10":1,"9":2,"s":"\\u00e9"}';
const SPACED = DATA.replaceAll(',', ' ,\n').replaceAll(':', ' :\t');

let api: ApiUnderTest;
beforeAll(async () => {
  api = await startApi();
});
afterAll(async () => await api.close());

const eventWith = (data: string, more = ''): string =>
  `{"event":"job.completed","customer_id":"acme","data":${data}${more}}`;

async function textAt(path: string): Promise<string> {
  const response = await fetch(api.url + path, { headers: { Authorization: `Bearer ${api.adminKey}` } });
  return await response.text();
}

describe('data of an event', () => {
  it.each([
    ['as it is', DATA],
    ['with blanks between its tokens', SPACED],
  ])('is stored and shown token for token: %s', async (_what, data) => {
    const { status, body } = await api.operator('POST', '/v1/events', eventWith(data));
    expect(status).toBe(202);
    expect(await storedData(api.database.pool, body.id)).toBe(DATA);
    expect(await textAt(`/v1/events/${body.id}`)).toContain(`,"data":${DATA},"sensitive":[],`);
  });

  it('is stored so from a batch, too', async () => {
    const other = '{"b":1e999,"a":0.10}';
    const events = `{"events":[${eventWith(SPACED)},${eventWith(other)}]}`;
    const { status, body } = await api.operator('POST', '/v1/events/batch', events);
    expect(status).toBe(202);
    expect(
      await Promise.all(body.events.map(async ({ id }) => await storedData(api.database.pool, id))),
    ).toEqual([DATA, other]);
  });

  it('makes one request under an idempotency key, however spaced, and another where a token differs', async () => {
    const publish = async (data: string) => {
      const events = `{"events":[${eventWith(data, ',"idempotency_key":"k-1"')}]}`;
      return await api.operator('POST', '/v1/events/batch', events);
    };
    const { body } = await publish(DATA);
    expect((await publish(SPACED)).body.events[0]?.id).toBe(body.events[0]?.id);
    const other = await publish(DATA.replace('1.0', '1.00'));
    expect([other.status, other.body.code]).toEqual([422, 'idempotency_key_reused']);
  });

  it('is checked against the schema of its type by 64-bit floats', async () => {
    const schema = { type: 'object', properties: { id: { type: 'integer', minimum: 1 } } };
    await api.operator('POST', '/v1/event-types', { name: 'order.paid', description: 'Paid.', schema });
    const publish = async (data: string) =>
      await api.operator('POST', '/v1/events', `{"event":"order.paid","customer_id":"acme","data":${data}}`);
    expect((await publish('{"id":18446744073709551616}')).status).toBe(202);
    expect((await publish('{"id":-18446744073709551616}')).body.code).toBe('schema_minimum');
    expect((await publish('{"id":1.5}')).body.code).toBe('schema_type');
  });
});

describe('POST /v1/tools/sign', () => {
  it('signs data token for token', async () => {
    const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
    const request = `{"secret":"${secret}","event":"job.completed","data":${SPACED}}`;
    const { status, body } = await api.operator('POST', '/v1/tools/sign', request);
    expect(status).toBe(200);
    expect(body.body).toContain(`"data":${DATA}}`);
  });
});
