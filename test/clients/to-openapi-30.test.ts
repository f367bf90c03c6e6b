import { describe, expect, it } from '@jest/globals';
import { toOpenApi30 } from '../../tools/openapi/to-openapi-30.ts';

describe('toOpenApi30', () => {
  it.each([
    [{ type: ['string', 'null'] }, { type: 'string', nullable: true }],
    [{ anyOf: [{ type: 'integer' }, { type: 'null' }] }, { type: 'integer', nullable: true }],
    [
      { type: 'string', const: 'ok' },
      { type: 'string', enum: ['ok'] },
    ],
    [
      { type: 'number', enum: [202] },
      { type: 'integer', enum: [202] },
    ],
    [
      { type: 'number', const: 0.5 },
      { type: 'number', enum: [0.5] },
    ],
    [
      { type: 'string', examples: ['a', 'b'] },
      { type: 'string', example: 'a' },
    ],
    [
      { type: 'number', exclusiveMinimum: 0 },
      { type: 'number', minimum: 0, exclusiveMinimum: true },
    ],
    [
      { type: 'object', propertyNames: { type: 'string' }, additionalProperties: {} },
      { type: 'object', additionalProperties: {} },
    ],
    [
      { anyOf: [{ $ref: '#/components/schemas/Thing' }, { type: 'null' }] },
      { type: 'object', allOf: [{ $ref: '#/components/schemas/Thing' }], nullable: true },
    ],
    [
      { anyOf: [{ type: 'array', items: { type: 'string' } }, { type: 'string' }] },
      { type: 'array', items: { type: 'string' } },
    ],
    [
      { anyOf: [{ type: 'array', items: { type: 'string' } }, { type: 'integer' }] },
      { anyOf: [{ type: 'array', items: { type: 'string' } }, { type: 'integer' }] },
    ],
    [
      {
        anyOf: [
          { type: 'string', enum: ['a'] },
          { type: 'string', pattern: '^b' },
        ],
        description: 'Open.',
      },
      { type: 'string', 'x-extensible-enum': ['a'], description: 'Open.' },
    ],
  ])('writes %j as 3.0 has it', (schema, expected) => {
    const Thing = { type: 'object', properties: { type: { type: 'string' } } };
    const made = toOpenApi30({ openapi: '3.1.0', components: { schemas: { Thing, Other: schema } } });
    expect(made).toEqual({ openapi: '3.0.3', components: { schemas: { Thing, Other: expected } } });
  });

  it('leaves webhooks out, and the scopes that only 3.1 can name', () => {
    const paths = { '/a': { get: { security: [{ key: ['view'] }] } } };
    const made = toOpenApi30({ openapi: '3.1.0', webhooks: {}, paths, components: { schemas: {} } });
    expect(made).toEqual({
      openapi: '3.0.3',
      paths: { '/a': { get: { security: [{ key: [] }] } } },
      components: { schemas: {} },
    });
  });
});
