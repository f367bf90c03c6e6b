import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLogger } from '../../../../src/logger.ts';
import { type ApiUnderTest, startApi } from '../../../support/api/api.ts';
import { golden } from '../../../support/receivers/golden.ts';
import { withConstraint } from '../../../support/rows/tables.ts';

const lines: string[] = [];
let api: ApiUnderTest;
beforeAll(async () => {
  const destination = { write: (line: string) => void lines.push(line) };
  api = await startApi({ instead: { logger: createLogger('trace', destination) } });
});
afterAll(async () => await api.close());

describe('logRequests', () => {
  it('writes one line a request, with its route, outcome and caller', async () => {
    const { headers } = await api.operator('GET', '/v1/events/evt_01ARZ3NDEKTSV4RRFFQ69G5FAV?x=secret');
    const [line, ...more] = linesOf(headers);
    expect(more).toEqual([]);
    expect(line).toEqual({
      level: 30,
      time: expect.any(String),
      msg: 'request',
      request_id: headers.get('x-request-id'),
      method: 'GET',
      route: '/v1/events/:id',
      path: '/v1/events/evt_01ARZ3NDEKTSV4RRFFQ69G5FAV',
      status: 404,
      duration_ms: expect.any(Number),
      caller: 'operator',
      code: 'not_found',
      detail: expect.stringContaining('event'),
    });
  });

  it('names the faults of an input without what was given', async () => {
    const { headers } = await api.operator('GET', '/v1/events?after=hidden-time&limit=hidden-limit');
    const [line] = linesOf(headers);
    expect(line).toMatchObject({ status: 422, code: 'invalid_request', faults: expect.any(Array) });
    expect(JSON.stringify(line)).not.toContain('hidden');
  });

  it("names a customer's key by its id", async () => {
    const acme = await api.customer('acme');
    const { headers } = await acme('GET', '/v1/events');
    expect(linesOf(headers)[0]).toMatchObject({ status: 200, caller: expect.stringMatching(/^key_/) });
  });

  it('never shows keys, secrets or bodies', async () => {
    const created = await api.operator('POST', '/v1/api-keys', { customer_id: 'acme' });
    const { secret } = golden;
    await api.operator('POST', '/v1/tools/sign', {
      secret,
      event: 'job.failed',
      data: { private: 'hidden' },
    });
    await api.operator('POST', '/v1/tools/sign', { secret: `${secret}x`, event: 'a', data: 'hidden' });
    await api.operator('POST', '/v1/events', `{"secret":"${secret}`);
    const log = lines.join('');
    expect(log).toContain('/v1/tools/sign');
    for (const hidden of [api.adminKey, created.body.key, secret, 'hidden'])
      expect(log).not.toContain(hidden);
  });
});

describe('ProblemFilter', () => {
  it('logs what failed inside without the values that were asked with', async () => {
    const { pool } = api.database;
    const endpoint = {
      customer_id: 'acme',
      url: 'https://127.0.0.1/',
      description: 'hidden-text',
      events: ['*'],
    };
    const answer = await withConstraint(
      pool,
      { table: 'endpoints', check: 'length(description) < 3' },
      async () => await api.operator('POST', '/v1/endpoints', endpoint),
    );
    expect([answer.status, answer.body.code]).toEqual([500, 'internal_error']);
    expect(JSON.stringify(answer.body)).not.toContain('constraint');
    const [failure] = linesOf(answer.headers);
    expect(failure).toMatchObject({
      level: 50,
      err: {
        message: expect.stringContaining('violates check constraint "odd"'),
        stack: expect.any(String),
        code: '23514',
        table: 'endpoints',
        constraint: 'odd',
      },
    });
    expect(lines.join('')).not.toContain('hidden-text');
  });
});

function linesOf(headers: Headers): object[] {
  const id = headers.get('x-request-id') ?? 'none';
  return lines.filter((line) => line.includes(id)).map((line) => JSON.parse(line) as object);
}
