import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BUILT_IN_EVENT_TYPES } from '../../../src/domain/event-type.ts';
import { OPERATIONAL_EVENT_TYPES } from '../../../src/domain/operational-event.ts';
import { type ApiCall, type ApiUnderTest, startApi } from '../../support/api/api.ts';

const SCHEMA = { type: 'object', required: ['amount'], properties: { amount: { type: 'number' } } };

let api: ApiUnderTest;
let acme: ApiCall;
beforeAll(async () => {
  api = await startApi();
  acme = await api.customer('acme');
});
afterAll(async () => await api.close());

describe('GET /v1/event-types', () => {
  it('lists the built-in types by name, to customers too', async () => {
    const { status, body } = await acme('GET', '/v1/event-types');
    expect(status).toBe(200);
    const names = body.items.map((item) => item.name);
    expect(names).toEqual(expect.arrayContaining(BUILT_IN_EVENT_TYPES.map((type) => type.name)));
    expect(names).toEqual([...names].sort());
    expect(body.items.filter((item) => item.operator_only).map((item) => item.name)).toEqual(
      OPERATIONAL_EVENT_TYPES.map(({ name }) => name).sort(),
    );
    expect(body.items[0]).toMatchObject({ built_in: true, broadcast: false, opt_in: false });
  });

  it('pages', async () => {
    const { body: first } = await acme('GET', '/v1/event-types?limit=2');
    const { body: second } = await acme('GET', `/v1/event-types?limit=2&cursor=${first.next_cursor}`);
    expect([first.items.length, second.items.length]).toEqual([2, 2]);
    const names = [...first.items, ...second.items].map((item) => item.name);
    expect(names).toEqual([...new Set(names)].sort());
  });

  it('reads one and knows no other', async () => {
    expect((await acme('GET', '/v1/event-types/job.progress')).body).toMatchObject({ opt_in: true });
    expect((await acme('GET', '/v1/event-types/job.nothing')).status).toBe(404);
    expect((await acme('GET', `/v1/event-types/${'a'.repeat(300)}`)).status).toBe(404);
  });
});

describe('POST /v1/event-types', () => {
  it('registers a type whose schema then holds for its events', async () => {
    const registered = await register({ name: 'invoice.paid', description: 'Paid.', schema: SCHEMA });
    expect(registered.status).toBe(201);
    expect(registered.body).toEqual({
      name: 'invoice.paid',
      description: 'Paid.',
      schema: SCHEMA,
      searchable: [],
      sensitive: [],
      searchable_since: expect.any(String),
      broadcast: false,
      opt_in: false,
      built_in: false,
      operator_only: false,
    });
    expect((await publish('invoice.paid', { amount: 1 })).status).toBe(202);
    const { status, body } = await publish('invoice.paid', {});
    expect([status, body.errors[0]?.pointer]).toEqual([422, '#/data/amount']);
  });

  it('registers a broadcast type and an opt-in type', async () => {
    await register({ name: 'news.all', broadcast: true });
    const answer = await api.operator('POST', '/v1/events', {
      event: 'news.all',
      broadcast: true,
      data: {},
    });
    expect(answer.status).toBe(202);
    await api.operator('POST', '/v1/endpoints', {
      url: 'https://example.com',
      customer_id: 'opt',
      events: ['*'],
    });
    await register({ name: 'noise.tick', opt_in: true });
    expect((await publish('noise.tick', {}, 'opt')).body.deliveries).toBe(0);
  });

  it('lets two types use the same $id', async () => {
    const schema = { ...SCHEMA, $id: 'https://example.com/amount' };
    expect((await register({ name: 'same.one', schema })).status).toBe(201);
    expect((await register({ name: 'same.two', schema })).status).toBe(201);
    expect((await publish('same.one', { amount: 1 })).status).toBe(202);
    expect((await publish('same.two', { amount: 1 })).status).toBe(202);
  });

  it.each([
    ['a built-in name', { name: 'job.completed' }, 409, 'event_type_exists'],
    ['a taken name', { name: 'taken.name' }, 409, 'event_type_exists'],
    ['batch', { name: 'batch' }, 422, 'reserved_event_type'],
    ['a reserved name', { name: 'endpoint.disabled' }, 422, 'reserved_event_type'],
    ['another reserved name', { name: 'delivery.dead.again' }, 422, 'reserved_event_type'],
    ['a name with a blank', { name: 'invoice paid' }, 422, 'invalid_event_type'],
    ['a wildcard', { name: 'invoice.*' }, 422, 'invalid_event_type'],
    ['an endless name', { name: `a.${'b'.repeat(255)}` }, 422, 'invalid_event_type'],
    ['no name', {}, 422, 'required'],
    ['an unknown member', { name: 'a.b', colour: 'red' }, 422, 'unknown_member'],
    ['a quoted flag', { name: 'a.b', broadcast: 'true' }, 422, 'invalid_type'],
    ['a schema that is no object', { name: 'a.b', schema: [] }, 422, 'invalid_value'],
    ['a schema with an unknown type', { name: 'a.b', schema: { type: 'objekt' } }, 422, 'invalid_schema'],
    ['a schema with an unknown keyword', { name: 'a.b', schema: { requires: ['a'] } }, 422, 'invalid_schema'],
    [
      'a schema of an unknown draft',
      { name: 'a.b', schema: { $schema: 'https://example.com' } },
      422,
      'invalid_schema',
    ],
    [
      'a schema that refers elsewhere',
      { name: 'a.b', schema: { $ref: 'https://example.com/x' } },
      422,
      'invalid_schema',
    ],
    ['a schema with a broken pattern', { name: 'a.b', schema: { pattern: '(' } }, 422, 'invalid_schema'],
    ['a schema that refers to itself', { name: 'a.b', schema: { $ref: '#' } }, 422, 'invalid_schema'],
    [
      'a schema that refers to nothing',
      { name: 'a.b', schema: { $dynamicRef: '#x' } },
      422,
      'invalid_schema',
    ],
    ['an asynchronous schema', { name: 'a.b', schema: { $async: true } }, 422, 'invalid_schema'],
  ])('refuses %s', async (_what, input, status, code) => {
    await register({ name: 'taken.name' });
    const answer = await register(input);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect((await api.operator('GET', '/v1/event-types/a.b')).status).toBe(404);
  });
});

describe('findSchemaProblems', () => {
  it('names a schema that leads in a circle on some data only', async () => {
    const $defs = { loop: { allOf: [{ $ref: '#/$defs/loop' }] } };
    await register({ name: 'circle.some', schema: { properties: { a: { $ref: '#/$defs/loop' } }, $defs } });
    expect((await publish('circle.some', {})).status).toBe(202);
    const { status, body } = await publish('circle.some', { a: 1 });
    expect([status, body.errors[0]]).toEqual([
      422,
      expect.objectContaining({ pointer: '#/data', code: 'schema_unusable' }),
    ]);
  });
});

describe('PATCH /v1/event-types/{name}', () => {
  it.each(['PATCH', 'DELETE'])('finds no type of an impossible name for %s', async (method) => {
    const answer = await api.operator(method, '/v1/event-types/a%00b', method === 'PATCH' ? {} : undefined);
    expect([answer.status, answer.body.code]).toEqual([404, 'not_found']);
  });

  it('changes description and schema, each on its own', async () => {
    await register({ name: 'change.me', description: 'old', schema: SCHEMA });
    const described = await api.operator('PATCH', '/v1/event-types/change.me', { description: 'new' });
    expect(described.body).toMatchObject({ description: 'new', schema: SCHEMA });
    expect((await publish('change.me', {})).status).toBe(422);
    const freed = await api.operator('PATCH', '/v1/event-types/change.me', { schema: null });
    expect(freed.body).toMatchObject({ description: 'new', schema: null });
    expect((await publish('change.me', {})).status).toBe(202);
  });

  it.each([
    ['a built-in type', 'job.failed', { description: 'x' }, 409, 'event_type_built_in'],
    ['an unknown type', 'no.such', { description: 'x' }, 404, 'not_found'],
    ['a new name', 'taken.name', { name: 'x.y' }, 422, 'unknown_member'],
    ['a broken schema', 'taken.name', { schema: { type: 1 } }, 422, 'invalid_schema'],
  ])('refuses %s', async (_what, name, input, status, code) => {
    const answer = await api.operator('PATCH', `/v1/event-types/${name}`, input);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });
});

describe('DELETE /v1/event-types/{name}', () => {
  it('deletes a type that no endpoint names', async () => {
    await register({ name: 'gone.soon' });
    const endpoint = { url: 'https://example.com', customer_id: 'acme', events: ['gone.soon'] };
    const { body } = await api.operator('POST', '/v1/endpoints', endpoint);
    const used = await api.operator('DELETE', '/v1/event-types/gone.soon');
    expect([used.status, used.body.code]).toEqual([409, 'event_type_in_use']);
    await api.operator('DELETE', `/v1/endpoints/${body.id}`);
    expect((await api.operator('DELETE', '/v1/event-types/gone.soon')).status).toBe(204);
    expect((await publish('gone.soon', {})).body.code).toBe('unknown_event_type');
    expect((await api.operator('DELETE', '/v1/event-types/gone.soon')).status).toBe(404);
  });

  it('leaves built-in types alone', async () => {
    const { status, body } = await api.operator('DELETE', '/v1/event-types/job.completed');
    expect([status, body.code]).toEqual([409, 'event_type_built_in']);
  });
});

async function register(input: object) {
  return await api.operator('POST', '/v1/event-types', input);
}

async function publish(event: string, data: object, customer_id = 'acme') {
  return await api.operator('POST', '/v1/events', { event, customer_id, data });
}
