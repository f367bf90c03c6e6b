import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ApiUnderTest, startApi } from '../../support/api/api.ts';

const MAX_ANSWER_BYTES = 1_048_576;

interface RefusedItem {
  readonly problem: { readonly code: string; readonly errors: readonly unknown[] };
}

let api: ApiUnderTest;
beforeAll(async () => {
  api = await startApi({ echo: true });
});
afterAll(async () => await api.close());

describe('the answer to faults without number', () => {
  const long = 'k'.repeat(200_000);
  const controls = '\\u0001'.repeat(30_000);
  const ofEvent = [
    ['numbers below a long key', `{"${long}":[${list('1e999', 110)}]}`],
    ['NUL below a key of controls', `{"${controls}":[${list('"\\u0000"', 1_000)}]}`],
    ['keys given twice, long ones', `{${list(`"${'k'.repeat(500)}":1,"${'k'.repeat(500)}":2`, 100)}}`],
    ['unknown members', `{${members(20_000)}}`],
    ['unknown members below data', `{"event":"job.completed","data":{},${members(15_000)}}`],
    ['one unknown member of a long name', `{"${long}":1}`],
    ['a long event type', `{"event":"${long}","data":{}}`],
    ['a long customer', `{"event":"job.completed","customer_id":"${long}","data":{}}`],
  ] as const;

  it.each(ofEvent)('of an event is short: %s', async (_what, body) => await expectShort('/v1/events', body));

  it.each(ofEvent)('of a batch is short: %s', async (_what, body) => {
    await expectShort('/v1/events/batch', `{"events":[${body},${body}]}`);
    await expectShort('/v1/events/batch', body);
  });

  it.each([
    ['headers', `{"url":"https://example.com/","headers":{${members(20_000)}}}`],
    ['header of a long name', `{"url":"https://example.com/","headers":{"${long}":"x"}}`],
    ['events', `{"url":"https://example.com/","events":[${list('1', 60_000)}]}`],
    [
      'events of long names',
      `{"url":"https://example.com/","events":[${list(`"${'A'.repeat(2_000)}"`, 100)}]}`,
    ],
    [
      'delays',
      `{"url":"https://example.com/","retry":{"strategy":"schedule","delays_ms":[${list('-1', 60_000)}]}}`,
    ],
    ['url', `{"url":"https://${long}"}`],
    ['retry members', `{"url":"https://example.com/","retry":{${members(20_000)}}}`],
  ])('of an endpoint is short: %s', async (_what, body) => await expectShort('/v1/endpoints', body));

  it('names a hundred faults of each kind at most', async () => {
    const { body } = await api.operator('POST', '/v1/events', `{${members(900)}}`);
    expect(body.errors).toHaveLength(100);
    expect(body.detail).toBe('The request has 100 faults or more; see "errors".');
  });

  it.each([
    ['/v1/events', (many: string) => many],
    [
      '/v1/endpoints',
      (many: string) => `{"url":"https://example.com/","customer_id":"acme","headers":${many}}`,
    ],
    [
      '/v1/endpoints',
      (many: string) => `{"url":"https://example.com/","customer_id":"acme","filter":${many}}`,
    ],
    ['/v1/event-types', (many: string) => `{"name":"many.members","schema":{"properties":${many}}}`],
    ['/v1/tools/verify', (many: string) => `{"secret":"whsec_","body":"","headers":${many}}`],
    ['/v1/imports', (many: string) => `{"from":"svix","endpoints":[${many}]}`],
  ])('names one fault of too many members, whatever each of them is: %s', async (path, around) => {
    const { status, body } = await api.operator('POST', path, around(`{${members(20_000)}}`));
    expect(status).toBe(422);
    expect(body.errors).toEqual([expect.objectContaining({ code: 'too_big' })]);
  });

  it('of a thousand events of a partial batch is short, and says of each that it is refused', async () => {
    const metadata = `{${list('"":7', 1)},${members(49)}}`;
    const one = `{"event":"job.completed","customer_id":"${'\u200b'.repeat(60)}","metadata":${metadata}}`;
    const body = `{"partial":true,"events":[${list(one, 1_000)}]}`;
    const answer = await api.operator('POST', '/v1/events/batch', body);
    expect(Buffer.byteLength(JSON.stringify(answer.body))).toBeLessThan(MAX_ANSWER_BYTES);
    const items = answer.body.events as unknown as readonly RefusedItem[];
    expect(items.map(({ problem }) => problem.code)).toEqual(Array(1_000).fill('invalid_request'));
    expect(items[0]?.problem.errors.length).toBeGreaterThan(50);
    expect(items[999]?.problem.errors).toEqual([]);
  });

  it('of a thousand endpoints to import is short, whatever of them has no counterpart', async () => {
    const one = `{"id":"${'i'.repeat(3_000)}","appUid":"acme",${members(100)}}`;
    const answer = await api.operator(
      'POST',
      '/v1/imports',
      `{"from":"svix","endpoints":[${list(one, 900)}]}`,
    );
    expect([answer.status, answer.body.refused]).toEqual([200, 900]);
    expect(Buffer.byteLength(JSON.stringify(answer.body))).toBeLessThan(MAX_ANSWER_BYTES);
  });

  async function expectShort(path: string, body: string): Promise<void> {
    const answer = await api.operator('POST', path, body);
    expect([400, 413, 422]).toContain(answer.status);
    expect(Buffer.byteLength(JSON.stringify(answer.body))).toBeLessThan(MAX_ANSWER_BYTES);
    for (const { pointer, detail } of answer.body.errors)
      expect(decodeURI(pointer ?? '').length + detail.length).toBeLessThanOrEqual(1_024);
  }
});

describe('a list of large items', () => {
  it('ends before it is long, and goes on by its cursor', async () => {
    const schema = { description: 'x'.repeat(250_000) };
    for (const name of ['a.large', 'b.large', 'c.large', 'd.large', 'e.large'])
      expect((await api.operator('POST', '/v1/event-types', { name, schema })).status).toBe(201);
    const names: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const { body } = await api.operator(
        'GET',
        `/v1/event-types${cursor === '' ? '' : `?cursor=${cursor}`}`,
      );
      expect(Buffer.byteLength(JSON.stringify(body))).toBeLessThan(MAX_ANSWER_BYTES);
      names.push(...body.items.map((item) => item.name));
      cursor = body.next_cursor;
    }
    expect(names.filter((name) => name.endsWith('.large'))).toHaveLength(5);
    expect(new Set(names).size).toBe(names.length);
  });
});

function list(item: string, count: number): string {
  return Array.from({ length: count }, () => item).join(',');
}

function members(count: number): string {
  return Array.from({ length: count }, (_, index) => `"m${index}":1`).join(',');
}
