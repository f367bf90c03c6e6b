import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { type ApiDocument, readsOf } from '../../../../bench/load/history/reads.ts';

const DOCUMENT = JSON.parse(readFileSync('clients/openapi.json', 'utf8')) as ApiDocument;
/** Something for every name, so that only what routes take decides what is asked. */
const ANYTHING = new Proxy({}, { get: () => ['a', 'b'] });

const OK = { '200': { content: { 'application/json': {} } } };
const TEXT = { type: 'string' };
const SMALL: ApiDocument = {
  paths: {
    '/v1/things': {
      get: {
        parameters: [
          { name: 'limit', in: 'query', schema: TEXT },
          { name: 'cursor', in: 'query', schema: TEXT },
          { name: 'colour', in: 'query', schema: { $ref: '#/components/schemas/Colour' } },
          { name: 'customer_id', in: 'query', schema: TEXT },
          { name: 'data', in: 'query', schema: { type: 'object' } },
        ],
        responses: OK,
      },
    },
    '/v1/things/{id}/parts': {
      get: {
        parameters: [
          { name: 'id', in: 'path', schema: TEXT },
          { name: 'limit', in: 'query', schema: TEXT },
        ],
        responses: OK,
      },
    },
    '/v1/things/{id}': { get: { parameters: [{ name: 'id', in: 'path', schema: TEXT }], responses: OK } },
    '/v1/things/stream': {
      get: {
        parameters: [{ name: 'colour', in: 'query', schema: TEXT }],
        responses: { '200': { content: { 'text/event-stream': {} } } },
      },
    },
  },
  components: { schemas: { Colour: { type: 'string', enum: ['red', 'green'] } } },
};
const VALUES = { customer_id: ['acme', 'globex'], data: ['job_id=J-1'], thing_id: ['t1', 't2'] };

describe('readsOf', () => {
  it('asks for each list whole, by every filter and by every pair of them', () => {
    const reads = readsOf(SMALL, VALUES);
    expect(reads.map(({ route, filters }) => [route, ...filters].join(' '))).toEqual([
      '/v1/things',
      '/v1/things colour',
      '/v1/things customer_id',
      '/v1/things data',
      '/v1/things colour customer_id',
      '/v1/things colour data',
      '/v1/things customer_id data',
      '/v1/things/{id}/parts',
    ]);
    expect(reads.map((read) => read.path(1))).toEqual([
      '/v1/things',
      '/v1/things?colour=green',
      '/v1/things?customer_id=globex',
      '/v1/things?data%5Bjob_id%5D=J-1',
      '/v1/things?colour=green&customer_id=globex',
      '/v1/things?colour=green&data%5Bjob_id%5D=J-1',
      '/v1/things?customer_id=globex&data%5Bjob_id%5D=J-1',
      '/v1/things/t2/parts',
    ]);
  });

  it('comes to every combination of two filters', () => {
    const pair = readsOf(SMALL, VALUES).find(({ filters }) => filters.join() === 'colour,customer_id');
    expect(new Set([0, 1, 2, 3].map((index) => pair?.path(index))).size).toBe(4);
  });

  it('says which filter it has no values for', () => {
    expect(() => readsOf(SMALL, { ...VALUES, customer_id: [] })).toThrow(
      'there are no values to ask for by "customer_id"',
    );
  });

  it('asks of the API all that is listed, counted and told in figures', () => {
    const routes = new Set(readsOf(DOCUMENT, ANYTHING).map(({ route }) => route));
    expect([...routes]).toEqual(
      expect.arrayContaining([
        '/v1/events',
        '/v1/events/{id}/explain',
        '/v1/endpoints',
        '/v1/endpoints/{id}/stats',
        '/v1/customers',
        '/v1/deliveries',
        '/v1/deliveries/count',
        '/v1/deliveries/{id}/attempts',
        '/v1/dead-letters',
        '/v1/replays',
        '/v1/stats',
        '/v1/stats/now',
        '/v1/stats/series',
        '/v1/stats/top',
        '/v1/audit',
      ]),
    );
    expect([...routes].filter((route) => /stream|echo/.test(route))).toEqual([]);
  });
});
