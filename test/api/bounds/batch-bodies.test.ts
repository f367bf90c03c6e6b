import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ApiBody, type ApiUnderTest, startApi } from '../../support/api/api.ts';
import { insertKey } from '../../support/api/api-key.ts';

const EVENT = '{"event":"job.completed","data":{"job_id":"job_1"}}';
const CLOSE_TO_16_MIB = 16_777_216 - 100;

let api: ApiUnderTest;
let key: string;
beforeAll(async () => {
  api = await startApi();
  key = (await insertKey(api.database)).key;
});
afterAll(async () => await api.close());

describe('the body of a batch', () => {
  it.each([
    ['blanks and line breaks everywhere', ` {\n "events" :\t[ ${EVENT} , \n${EVENT} ] } `, 2],
    [
      'structure within texts',
      `{"events":[{"event":"job.completed","data":{"a":"]},{\\"\\\\"}},${EVENT}]}`,
      2,
    ],
    ['the same key further in', `{"events":[{"event":"job.completed","data":{"events":[1,[2]]}}]}`, 1],
  ])('is read item by item: %s', async (_what, body, count) => {
    const answer = await send(body);
    expect([answer.status, answer.body.events.length]).toEqual([202, count]);
  });

  it.each([
    ['nothing', '', 422, 'body_empty', '#'],
    ['no object', '[]', 422, 'invalid_type', '#'],
    ['no events', '{}', 422, 'required', '#/events'],
    ['an empty list', '{"events":[ ]}', 422, 'too_small', '#/events'],
    ['a list that is none', '{"events":{}}', 422, 'invalid_type', '#/events'],
    ['another member', `{"events":[${EVENT}],"more":1}`, 422, 'unknown_member', '#/more'],
    ['the list twice', `{"events":[${EVENT}],"events":[{}]}`, 422, 'duplicate_key', '#/events'],
    ['no value between commas', `{"events":[${EVENT},,${EVENT}]}`, 400, 'json_malformed', '#'],
    ['a comma at the end', `{"events":[${EVENT},]}`, 400, 'json_malformed', '#'],
    ['a comma only', '{"events":[,]}', 400, 'json_malformed', '#'],
    ['no comma', `{"events":[${EVENT} ${EVENT}]}`, 400, 'json_malformed', '#'],
    ['a list that does not end', `{"events":[${EVENT}`, 400, 'json_malformed', '#'],
    ['a list closed by a brace', `{"events":[${EVENT}}}`, 400, 'json_malformed', '#'],
    ['something behind it', `{"events":[${EVENT}]}]`, 400, 'json_malformed', '#'],
    ['a text that does not end', '{"events":["abc', 400, 'json_malformed', '#'],
    [
      'no UTF-8',
      Buffer.from([...Buffer.from('{"events":["'), 0xff, ...Buffer.from('"]}')]),
      400,
      'json_malformed',
      '#',
    ],
    ['numbers as items', '{"events":[1]}', 422, 'invalid_type', '#/events/0'],
    ['a level too many', `{"events":[${EVENT},${'['.repeat(66)}${']'.repeat(66)}]}`, 422, 'too_deep', null],
    [
      'NUL in an item',
      `{"events":[${EVENT},{"event":"\\u0000","data":{}}]}`,
      422,
      'nul_character',
      '#/events/1/event',
    ],
    ['1,001 events', `{"events":[${`${EVENT},`.repeat(1_000)}${EVENT}]}`, 422, 'too_big', '#/events'],
  ])('is refused with a pointer: %s', async (_what, body, status, code, pointer) => {
    const answer = await send(body);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    if (pointer !== null) expect(answer.body.errors[0]?.pointer).toBe(pointer);
  });

  it.each([
    ['brackets', '['.repeat(CLOSE_TO_16_MIB), 422],
    ['brackets within the list', `{"events":[${'['.repeat(CLOSE_TO_16_MIB - 20)}`, 422],
    ['braces with keys', '{"a":'.repeat(CLOSE_TO_16_MIB / 5), 422],
    ['one long text', `{"events":["${'x'.repeat(CLOSE_TO_16_MIB - 20)}"]}`, 413],
    ['escaped quotes', `{"events":["${'\\"'.repeat(CLOSE_TO_16_MIB / 2 - 20)}"]}`, 413],
    ['backslashes', `{"events":["${'\\\\'.repeat(CLOSE_TO_16_MIB / 2 - 20)}`, 400],
    ['quotes', '"'.repeat(CLOSE_TO_16_MIB), 413],
    ['colons', ':'.repeat(CLOSE_TO_16_MIB), 413],
    ['commas', `{"events":[${','.repeat(CLOSE_TO_16_MIB - 20)}`, 422],
    ['closing brackets', ']'.repeat(CLOSE_TO_16_MIB), 413],
    ['blanks', `{"events":[${' '.repeat(CLOSE_TO_16_MIB - 20)}]}`, 422],
    ['many numbers', `{"events":[${'1,'.repeat(CLOSE_TO_16_MIB / 2 - 20)}1]}`, 422],
    ['other members', `{${Array.from({ length: 1_000_000 }, (_, i) => `"m${i}":1`).join(',')}}`, 413],
    ['items of many members', `{"events":[${manyMembers(50)}]}`, 422],
    ['items of inexact numbers', `{"events":[${inexact(60)}]}`, 422],
  ])('of 16 MiB is refused by a short answer: %s', async (_what, body, status) => {
    const answer = await send(body);
    expect(answer.status).toBe(status);
    expect(Buffer.byteLength(JSON.stringify(answer.body))).toBeLessThan(1_048_576);
    expect(answer.body.errors.length).toBeLessThanOrEqual(100);
  });

  it('of many large events is accepted', async () => {
    const item = `{"event":"job.completed","data":{"rows":[${'{"id":123456,"name":"some text"},'.repeat(7_500)}{}]}}`;
    const count = 12;
    const answer = await send(`{"events":[${Array.from({ length: count }, () => item).join(',')}]}`);
    expect([answer.status, answer.body.code, answer.body.events?.length]).toEqual([202, undefined, count]);
  });
});

describe('the body of an import', () => {
  const ofPeer = '{"id":"ep_1","appUid":"acme","url":"https://example.com/"}';

  it.each([
    ['1,001 endpoints', list(ofPeer, 1_001), 422, 'too_big', '#/endpoints'],
    ['an endpoint of many members', `${ofPeer},{${membersOf(20_000)}}`, 422, 'too_big', '#/endpoints/1'],
    [
      'headers of many members',
      `{"headers":{${membersOf(20_000)}}}`,
      422,
      'too_big',
      '#/endpoints/0/headers',
    ],
    [
      'many endpoints of many members',
      list(`{${membersOf(2_000)}}`, 150),
      422,
      'invalid_request',
      '#/endpoints/0',
    ],
    ['a large endpoint', `{"description":"${'x'.repeat(300_000)}"}`, 413, 'data_too_large', '#/endpoints/0'],
    ['NUL in an endpoint', `${ofPeer},{"id":"\\u0000"}`, 422, 'nul_character', '#/endpoints/1/id'],
    ['a number as an endpoint', `${ofPeer},1`, 422, 'invalid_type', '#/endpoints/1'],
  ])('is refused with a pointer: %s', async (_what, endpoints, status, code, pointer) => {
    const answer = await api.operator('POST', '/v1/imports', `{"from":"svix","endpoints":[${endpoints}]}`);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect(answer.body.errors[0]?.pointer).toBe(pointer);
  });
});

function list(item: string, count: number): string {
  return Array.from({ length: count }, () => item).join(',');
}

function membersOf(count: number): string {
  return Array.from({ length: count }, (_, index) => `"m${index}":1`).join(',');
}

async function send(body: string | Buffer): Promise<{ readonly status: number; readonly body: ApiBody }> {
  const headers = { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' };
  const answer = await fetch(`${api.url}/v1/events/batch`, {
    method: 'POST',
    headers,
    body: new Uint8Array(Buffer.from(body)),
  });
  return { status: answer.status, body: (await answer.json()) as ApiBody };
}

function manyMembers(items: number): string {
  return list(`{${membersOf(20_000)}}`, items);
}

function inexact(items: number): string {
  return list(`{"a":[${'1e999,'.repeat(40_000)}1]}`, items);
}
