import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type ApiUnderTest, startApi } from '../../support/api/api.ts';
import { countRowsOf } from '../../support/rows/tables.ts';

const YEAR_MS = 365 * 86_400_000;

let api: ApiUnderTest;
beforeAll(async () => {
  api = await startApi();
  await api.operator('POST', '/v1/endpoints', { url: 'https://example.com/hook', customer_id: 'acme' });
});
afterAll(async () => await api.close());

describe('POST /v1/events with a bad input', () => {
  afterEach(async () => {
    expect(await countRowsOf(api.database.pool, ['events', 'deliveries', 'idempotency_keys'])).toEqual({
      events: 0,
      deliveries: 0,
      idempotency_keys: 0,
    });
  });

  it.each([
    [
      'nesting of 5,000',
      withData(`${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`),
      422,
      'too_deep',
      `/data${'/a'.repeat(64)}`,
    ],
    [
      'nesting of 65',
      withData(`${'{"a":'.repeat(64)}{}${'}'.repeat(64)}`),
      422,
      'too_deep',
      `/data${'/a'.repeat(64)}`,
    ],
    ['a number of 10,000 digits', withData(`{"n":1${'0'.repeat(9_999)}}`), 422, 'number_too_long', '/data/n'],
    ['null as data', withData('null'), 422, 'invalid_type', '/data'],
    ['an array as data', withData('[]'), 422, 'invalid_type', '/data'],
    ['a text as data', withData('"{}"'), 422, 'invalid_type', '/data'],
    ['NUL', withData('{"a":"\\u0000"}'), 422, 'nul_character', '/data/a'],
    ['a lone surrogate', withData('{"a":"\\udfff"}'), 422, 'lone_surrogate', '/data/a'],
    ['a key given twice', withData('{"a":1,"a":2}'), 422, 'duplicate_key', '/data/a'],
    [
      'data given twice',
      '{"event":"job.completed","customer_id":"acme","data":{},"data":{"a":1}}',
      422,
      'duplicate_key',
      '/data',
    ],
    [
      '__proto__ as a key',
      withData('{"a":{"__proto__":{"b":1}}}'),
      422,
      'forbidden_key',
      '/data/a/__proto__',
    ],
    [
      '__proto__ beside data',
      '{"event":"job.completed","customer_id":"acme","data":{},"__proto__":{}}',
      422,
      'forbidden_key',
      '/__proto__',
    ],
    ['300 KiB', withData(`{"a":"${'x'.repeat(300 * 1024)}"}`), 413, 'body_too_large', null],
    ['300 KiB of blanks', withData(`{${' '.repeat(300 * 1024)}}`), 413, 'body_too_large', null],
    ['truncated JSON', withData('{"a":1}').slice(0, -3), 400, 'json_malformed', ''],
    ['no JSON at all', 'event=job.completed', 400, 'json_malformed', ''],
    ['an empty body', '', 422, 'body_empty', ''],
    ['null', 'null', 422, 'invalid_type', ''],
    ['an array', '[]', 422, 'invalid_type', ''],
    ['a text', '"x"', 422, 'invalid_type', ''],
    ['an unknown event', event({ event: 'job.paused' }), 422, 'unknown_event_type', '/event'],
    ['a reserved event', event({ event: 'endpoint.disabled' }), 422, 'reserved_event_type', '/event'],
    ['batch as event', event({ event: 'batch' }), 422, 'reserved_event_type', '/event'],
    ['an event in upper case', event({ event: 'Job.Completed' }), 422, 'unknown_event_type', '/event'],
    ['an event with a blank', event({ event: 'job completed' }), 422, 'invalid_event_type', '/event'],
    ['a wildcard as event', event({ event: 'job.*' }), 422, 'invalid_event_type', '/event'],
    ['a number as event', event({ event: 7 }), 422, 'invalid_type', '/event'],
    ['no event', event({ event: undefined }), 422, 'required', '/event'],
    ['no data', event({ data: undefined }), 422, 'required', '/data'],
    ['no customer', event({ customer_id: undefined }), 422, 'required', '/customer_id'],
    [
      'everybody for a type that is no broadcast',
      event({ customer_id: undefined, broadcast: true }),
      422,
      'broadcast_not_allowed',
      '/broadcast',
    ],
    [
      'nobody, which could be meant for everybody',
      event({ event: 'system.maintenance', customer_id: null }),
      422,
      'broadcast_not_explicit',
      '/customer_id',
    ],
    [
      'nobody and no broadcast',
      event({ event: 'system.maintenance', customer_id: null, broadcast: false }),
      422,
      'broadcast_not_explicit',
      '/customer_id',
    ],
    [
      'everybody and somebody',
      event({ event: 'system.maintenance', broadcast: true }),
      422,
      'broadcast_with_customer',
      '/customer_id',
    ],
    ['a text as broadcast', event({ broadcast: 'true' }), 422, 'invalid_type', '/broadcast'],
    ['an empty customer', event({ customer_id: '' }), 422, 'too_small', '/customer_id'],
    ['a number as customer', event({ customer_id: 7 }), 422, 'invalid_type', '/customer_id'],
    ['an endless customer', event({ customer_id: 'x'.repeat(129) }), 422, 'too_big', '/customer_id'],
    [
      'a line break in the customer',
      event({ customer_id: 'a\nb' }),
      422,
      'invalid_customer_id',
      '/customer_id',
    ],
    [
      'a time in the past',
      event({ deliver_at: '2020-01-01T00:00:00Z' }),
      422,
      'deliver_at_past',
      '/deliver_at',
    ],
    [
      'a time in ten years',
      event({ deliver_at: inMs(10 * YEAR_MS) }),
      422,
      'deliver_at_too_far',
      '/deliver_at',
    ],
    [
      'a day that does not exist',
      event({ deliver_at: '2031-02-30T00:00:00Z' }),
      422,
      'invalid_time',
      '/deliver_at',
    ],
    [
      'a time without offset',
      event({ deliver_at: '2031-02-20T00:00:00' }),
      422,
      'invalid_time',
      '/deliver_at',
    ],
    ['a number as time', event({ deliver_at: 1_900_000_000 }), 422, 'invalid_type', '/deliver_at'],
    ['an unknown member', event({ priority: 1 }), 422, 'unknown_member', '/priority'],
    [
      'an idempotency key in the body',
      event({ idempotency_key: 'a' }),
      422,
      'unknown_member',
      '/idempotency_key',
    ],
  ])('refuses %s', async (_what, input, status, code, pointer) => {
    const answer = await api.operator('POST', '/v1/events', input);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    const errors = pointer === null ? [] : [{ pointer: `#${pointer}`, code, detail: expect.any(String) }];
    expect(answer.body.errors).toEqual(errors);
  });

  it.each([
    ['300 characters', 'k'.repeat(300)],
    ['256 characters', 'k'.repeat(256)],
    ['nothing', ''],
    ['a blank inside', 'a b'],
    ['a letter beyond ASCII', 'caf\u00e9'],
  ])('refuses an idempotency key of %s', async (_what, key) => {
    const answer = await publishWithKey(key);
    expect(answer.status).toBe(422);
    expect(await answer.json()).toMatchObject({
      code: 'idempotency_key_invalid',
      errors: [{ parameter: 'Idempotency-Key' }],
    });
  });

  it('names every fault at once', async () => {
    const input = { event: 'no.such', data: [], deliver_at: '2020-01-01T00:00:00Z', more: true };
    const { status, body } = await api.operator('POST', '/v1/events', input);
    expect(status).toBe(422);
    expect(body.code).toBe('invalid_request');
    const found = body.errors.map((one) => `${one.pointer} ${one.code}`);
    expect(found.sort()).toEqual([
      '#/customer_id required',
      '#/data invalid_type',
      '#/deliver_at deliver_at_past',
      '#/event unknown_event_type',
      '#/more unknown_member',
    ]);
  });
});

async function publishWithKey(key: string): Promise<Response> {
  return await fetch(`${api.url}/v1/events`, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${api.adminKey}`,
      'Content-Type': 'application/json',
      'Idempotency-Key': key,
    },
    body: event({}),
  });
}

function event(changes: Record<string, unknown>): string {
  return JSON.stringify({ event: 'job.completed', customer_id: 'acme', data: {}, ...changes });
}

function withData(data: string): string {
  return `{"event":"job.completed","customer_id":"acme","data":${data}}`;
}

function inMs(ms: number): string {
  return new Date(Date.now() + ms).toISOString();
}
