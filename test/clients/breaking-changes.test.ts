import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { breakingChanges } from '../../tools/openapi/breaking-changes.ts';
import type { Json } from '../../tools/openapi/narrowings.ts';

const OURS: Json = JSON.parse(readFileSync('clients/openapi.json', 'utf8'));

/** A document with one route that takes and answers a thing. */
function documentOf({
  thing = THING,
  more = {},
  paths = {},
}: {
  thing?: Json;
  more?: Json;
  paths?: Json;
} = {}): Json {
  const content = { 'application/json': { schema: { $ref: '#/components/schemas/Thing' } } };
  const post = {
    operationId: 'things_create',
    'x-scope': 'write',
    requestBody: { content },
    responses: { 201: { content } },
    parameters: [{ name: 'dry_run', schema: { type: 'boolean' } }],
    ...more,
  };
  return { paths: { '/v1/things': { post }, ...paths }, components: { schemas: { Thing: thing } } };
}

const NAME = { type: 'string', maxLength: 10 };
const THING = {
  type: 'object',
  additionalProperties: false,
  required: ['name'],
  properties: {
    name: NAME,
    kind: { type: 'string', enum: ['big', 'small'] },
    tags: { type: 'array', items: { type: 'string' } },
  },
};

function thingWith(properties: Json, rest: Json = {}): Json {
  return documentOf({ thing: { ...THING, properties: { ...THING.properties, ...properties }, ...rest } });
}

describe('breakingChanges', () => {
  it('finds none between a document and itself, or one with more routes', () => {
    expect(breakingChanges(OURS, OURS)).toEqual([]);
    expect(breakingChanges(documentOf(), documentOf({ paths: { '/v1/more': { get: {} } } }))).toEqual([]);
  });

  it.each<[string, Json, readonly string[]]>([
    ['a route that is gone', { paths: {} }, ['POST /v1/things: is gone']],
    ['another name', documentOf({ more: { operationId: 'x' } }), ['is called x, not things_create']],
    ['another scope', documentOf({ more: { 'x-scope': 'admin' } }), ['needs admin, not write']],
    ['a parameter less', documentOf({ more: { parameters: [] } }), ['no longer takes the parameter dry_run']],
    [
      'a parameter that is needed',
      documentOf({
        more: { parameters: [{ name: 'dry_run', required: true, schema: { type: 'boolean' } }] },
      }),
      ['needs the parameter dry_run'],
    ],
    [
      'a parameter of another type',
      documentOf({ more: { parameters: [{ name: 'dry_run', schema: { type: 'integer' } }] } }),
      ['parameter dry_run may no longer be boolean'],
    ],
    ['another status', documentOf({ more: { responses: {} } }), ['no longer answers 201']],
    ['a shorter text', thingWith({ name: { ...NAME, maxLength: 5 } }), ['body.name has the maxLength 5']],
    ['a pattern', thingWith({ name: { ...NAME, pattern: '^a' } }), ['body.name has the pattern ^a']],
    [
      'a value less, which only those who write it miss',
      thingWith({ kind: { type: 'string', enum: ['big'] } }),
      ['body.kind may no longer be small'],
    ],
    [
      'a value more, which only those who read it do not know',
      thingWith({ kind: { type: 'string', enum: ['big', 'small', 'huge'] } }),
      ['answer 201.kind may be huge'],
    ],
    [
      'a type more',
      thingWith({ name: { ...NAME, type: ['string', 'null'] } }),
      ['answer 201.name may be null'],
    ],
    [
      'other items',
      thingWith({ tags: { type: 'array', items: { type: 'number' } } }),
      ['body.tags[] may no longer be string', 'answer 201.tags[] may be number'],
    ],
    ['a member that is needed', thingWith({}, { required: ['name', 'kind'] }), ['body.kind is needed']],
    ['a member that may be missing', thingWith({}, { required: [] }), ['answer 201.name may be missing']],
    [
      'a member less',
      documentOf({ thing: { ...THING, properties: { name: NAME } } }),
      ['body.kind is gone', 'body.tags is gone', 'answer 201.kind is gone', 'answer 201.tags is gone'],
    ],
  ])('finds %s', (_what, now, told) => {
    const found = breakingChanges(documentOf(), now);
    expect(
      found.map((line) => (told[0]?.startsWith('POST') ? line : line.replace('POST /v1/things: ', ''))),
    ).toEqual(told);
  });

  it.each<[string, Json]>([
    ['a member more', thingWith({ color: { type: 'string' } })],
    ['a longer text', thingWith({ name: { ...NAME, maxLength: 20 } })],
    [
      'a parameter more',
      documentOf({ more: { parameters: [{ name: 'dry_run', schema: { type: 'boolean' } }, { name: 'x' }] } }),
    ],
  ])('lets %s be', (_what, now) => {
    expect(breakingChanges(documentOf(), now)).toEqual([]);
  });

  it('reads what receivers get as something that they read', () => {
    const hook = (schema: Json): Json => ({
      webhooks: { 'job.failed': { post: { requestBody: { content: { 'application/json': { schema } } } } } },
    });
    const before = hook({ type: 'object', required: ['id'], properties: { id: { type: 'string' } } });
    const after = hook({ type: 'object', properties: { id: { type: 'string' } } });
    expect(breakingChanges(before, after)).toEqual(['webhook job.failed: body.id may be missing']);
    expect(breakingChanges(after, before)).toEqual([]);
  });
});
