import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ApiCall, type ApiUnderTest, startApi } from '../../support/api/api.ts';

const HOSTILE = [
  [
    'a pattern that backtracks',
    { properties: { a: { pattern: '^(\\w+\\s?)+$' } } },
    { a: `${'a'.repeat(60)}!` },
  ],
  ['a pattern of alternatives', { properties: { a: { pattern: '^(a|aa)+$' } } }, { a: `${'a'.repeat(90)}!` }],
  ['a pattern for keys', { patternProperties: { '^(x+x+)+y$': true } }, { ['x'.repeat(60)]: 1 }],
  [
    'a pattern below references and alternatives',
    {
      $defs: { t: { anyOf: [{ type: 'null' }, { pattern: '(.*a){25}$' }] } },
      properties: { a: { $ref: '#/$defs/t' } },
    },
    { a: 'a'.repeat(24).padEnd(2_000, 'b') },
  ],
  ['items that must differ', { properties: { a: { uniqueItems: true } } }, { a: objects(18_000) }],
] as const;

let api: ApiUnderTest;
let acme: ApiCall;
let globex: ApiCall;
beforeAll(async () => {
  api = await startApi({ timing: { schemaCheckMs: 500 } });
  [acme, globex] = await Promise.all([api.customer('acme'), api.customer('globex')]);
  for (const [index, [, schema]] of HOSTILE.entries()) await register(`hostile.x${index}`, schema);
  await register('fine.pattern', { properties: { a: { pattern: '^[a-z]+$' } }, required: ['a'] });
  await register('fine.plain', { type: 'object', required: ['a'], properties: { a: { type: 'integer' } } });
});
afterAll(async () => await api.close());

describe('a schema that takes too long on some data', () => {
  it.each(HOSTILE.map(([what, , data], index) => [what, index, data] as const))(
    'is the event’s fault, not the API’s: %s',
    async (_what, index, data) => {
      const refused = await acme('POST', '/v1/events', { event: `hostile.x${index}`, data });
      expect([refused.status, refused.body.code]).toEqual([422, 'schema_check_timeout']);
      expect(refused.body.errors).toEqual([expect.objectContaining({ pointer: '#/data' })]);
      const accepted = await acme('POST', '/v1/events', { event: `hostile.x${index}`, data: {} });
      expect(accepted.status).toBe(202);
    },
  );

  it('keeps nobody else waiting: others’ events of every kind are accepted before it is given up', async () => {
    const order: string[] = [];
    const hostile = Array.from({ length: 5 }, async () => {
      const answer = await acme('POST', '/v1/events', { event: 'hostile.x0', data: HOSTILE[0][2] });
      order.push('hostile');
      return answer.body.code;
    });
    const others = ['fine.pattern', 'fine.plain'].map(async (event) => {
      const data = event === 'fine.pattern' ? { a: 'b' } : { a: 1 };
      const { status, body } = await globex('POST', '/v1/events', { event, data });
      order.push('other');
      return [status, body.code];
    });
    expect(await Promise.all(others)).toEqual([
      [202, undefined],
      [202, undefined],
    ]);
    expect(new Set(await Promise.all(hostile))).toEqual(new Set(['schema_check_timeout']));
    expect(order.slice(0, 4).filter((who) => who === 'other')).toHaveLength(2);
  });

  it('is waited for once in a batch', async () => {
    const events = Array.from({ length: 1_000 }, () => ({ event: 'hostile.x0', data: HOSTILE[0][2] }));
    const { status, body } = await acme('POST', '/v1/events/batch', { events });
    expect([status, body.errors.length]).toEqual([422, 100]);
    expect(new Set(body.errors.map(({ code }) => code))).toEqual(new Set(['schema_check_timeout']));
  });

  it('is held against data that a test of an endpoint is given, too', async () => {
    const endpoint = await acme('POST', '/v1/endpoints', { url: 'https://example.com/hook' });
    const body = { event: 'hostile.x0', data: HOSTILE[0][2] };
    const answer = await acme('POST', `/v1/endpoints/${endpoint.body.id}/test`, body);
    expect([answer.status, answer.body.code]).toEqual([422, 'schema_check_timeout']);
  });
});

describe('a check of data against a schema', () => {
  it.each([
    ['fine.pattern', { a: 'B' }, 'schema_pattern', '#/data/a'],
    ['fine.pattern', {}, 'schema_required', '#/data/a'],
    ['fine.plain', { a: 'x' }, 'schema_type', '#/data/a'],
    ['fine.plain', {}, 'schema_required', '#/data/a'],
  ])('names what is wrong with %s %j', async (event, data, code, pointer) => {
    const { body } = await acme('POST', '/v1/events', { event, data });
    expect(body.errors).toEqual([expect.objectContaining({ code, pointer })]);
  });

  it('accepts a batch of events whose schemas have patterns', async () => {
    const events = Array.from({ length: 200 }, () => ({ event: 'fine.pattern', data: { a: 'b' } }));
    expect((await acme('POST', '/v1/events/batch', { events })).status).toBe(202);
  });

  it('names a hundred faults at most, however many there are', async () => {
    await register('fine.items', { properties: { a: { items: { type: 'string', pattern: '^x' } } } });
    const data = { a: Array.from({ length: 50_000 }, () => 1) };
    const { status, body } = await acme('POST', '/v1/events', { event: 'fine.items', data });
    expect([status, body.errors.length]).toEqual([422, 100]);
  });
});

async function register(name: string, schema: object): Promise<void> {
  expect((await api.operator('POST', '/v1/event-types', { name, schema })).status).toBe(201);
}

function objects(count: number): object[] {
  return Array.from({ length: count }, (_, index) => ({ i: index }));
}
