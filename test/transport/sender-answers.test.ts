import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import type { AttemptOutcome } from '../../src/domain/attempt.ts';
import { DestinationRules } from '../../src/transport/destinations/destination-rules.ts';
import { createSender } from '../../src/transport/sender.ts';
import {
  answerAndHangUp,
  answerWith,
  dribble,
  flood,
  type MisbehavingReceiver,
  type Misbehaviour,
  startReceiver,
} from '../support/receivers/misbehaving-receiver.ts';

const CAP = 1_000;
const sender = createSender({ rules: new DestinationRules({ allowed: ['127.0.0.1'] }), maxBodyBytes: CAP });
let receiver: MisbehavingReceiver;

async function send(path: string, timeoutMs = 20_000): Promise<AttemptOutcome> {
  return await sender.send(
    { url: receiver.url + path, headers: { 'x-test': '1' }, body: '{}' },
    { timeoutMs },
  );
}

/** Meets the misbehaviour, and makes sure that the next request to the same receiver is none the worse for it. */
async function meet(
  misbehave: Misbehaviour,
  options: { readonly timeoutMs?: number; readonly hangsUp?: boolean } = {},
): Promise<AttemptOutcome> {
  receiver = await startReceiver(misbehave);
  const outcome = await send('/bad', options.timeoutMs);
  if (options.hangsUp === true) await receiver.allClosed();
  expect(await send('/good')).toMatchObject({ statusCode: 200, errorCode: null });
  return outcome;
}

afterEach(() => receiver.close());
afterAll(() => sender.close());

const OK = 'HTTP/1.1 200 OK\r\n';
const manyHeaders = (count: number): string =>
  Array.from({ length: count }, (_, index) => `x-${index}: 1\r\n`).join('');

describe('createSender with answers that break the rules', () => {
  it.each<[string, string | Buffer, string, number | null]>([
    ['is not HTTP at all', '220 mail.example ESMTP\r\n', 'response_malformed', null],
    ['is binary noise', Buffer.from([0, 255, 1, 254, 13, 10, 13, 10]), 'response_malformed', null],
    ['has status 99', 'HTTP/1.1 99 Odd\r\n\r\n', 'response_malformed', null],
    ['has status 099', 'HTTP/1.1 099 Odd\r\ncontent-length: 0\r\n\r\n', 'response_malformed', null],
    ['has status 600', 'HTTP/1.1 600 Odd\r\ncontent-length: 0\r\n\r\n', 'http_600', 600],
    ['has status 1000', 'HTTP/1.1 1000 Odd\r\n\r\n', 'response_malformed', null],
    ['has no status', 'HTTP/1.1\r\n\r\n', 'response_malformed', null],
    ['speaks HTTP/3.7', 'HTTP/3.7 200 OK\r\n\r\n', 'response_malformed', null],
    ['asks to continue and goes', 'HTTP/1.1 100 Continue\r\n\r\n', 'connection_reset', null],
    ['speaks of a length that is no number', `${OK}content-length: abc\r\n\r\n`, 'response_malformed', null],
    ['has a header without a colon', `${OK}junk\r\ncontent-length: 0\r\n\r\n`, 'response_malformed', null],
    ['is 503 with headers without end', `HTTP/1.1 503 Busy\r\n${manyHeaders(100_000)}\r\n`, 'http_503', 503],
    [
      'is 410 with 80 KB of headers',
      `HTTP/1.1 410 Gone\r\nx: ${'a'.repeat(80_000)}\r\n\r\n`,
      'http_410',
      410,
    ],
    [
      'switches protocols',
      'HTTP/1.1 101 Go\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n',
      'response_malformed',
      null,
    ],
    [
      'has content-length and chunks',
      `${OK}content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
      'response_malformed',
      null,
    ],
    ['has two lengths', `${OK}content-length: 1\r\ncontent-length: 2\r\n\r\nab`, 'response_malformed', null],
    ['has a negative length', `${OK}content-length: -1\r\n\r\n`, 'response_malformed', null],
    ['has NUL in a header', `${OK}x: a\0b\r\n\r\n`, 'response_malformed', null],
    ['has broken chunks', `${OK}transfer-encoding: chunked\r\n\r\nzz\r\n`, 'response_incomplete', 200],
    [
      'redirects',
      'HTTP/1.1 302 Found\r\nlocation: /bad\r\ncontent-length: 0\r\n\r\n',
      'redirect_not_followed',
      302,
    ],
    [
      'redirects inside',
      'HTTP/1.1 307 T\r\nlocation: http://10.0.0.1/\r\n\r\n',
      'redirect_not_followed',
      307,
    ],
    ['is 304 with a length', 'HTTP/1.1 304 Same\r\ncontent-length: 5\r\n\r\n', 'redirect_not_followed', 304],
    ['is 410', 'HTTP/1.1 410 Gone\r\ncontent-length: 0\r\n\r\n', 'http_410', 410],
    ['is 503 that breaks off', 'HTTP/1.1 503 Busy\r\ncontent-length: 9\r\n\r\nshort', 'http_503', 503],
    ['breaks off in its body', `${OK}content-length: 9\r\n\r\nshort`, 'response_incomplete', 200],
    [
      'breaks off in its chunks',
      `${OK}transfer-encoding: chunked\r\n\r\n5\r\nab`,
      'response_incomplete',
      200,
    ],
    ['breaks off in its headers', `${OK}content-le`, 'connection_reset', null],
  ])('records an answer that %s', async (_, bytes, errorCode, statusCode) => {
    const outcome = await meet(answerAndHangUp(bytes), { hangsUp: true });

    expect(outcome).toMatchObject({ errorCode, statusCode, remoteAddress: '127.0.0.1' });
    expect(outcome.errorDetail).toEqual(expect.stringMatching(/^[ -~]+$/));
  });

  it.each<[string, string | Buffer, string]>([
    ['204 with a body', 'HTTP/1.1 204 None\r\ncontent-length: 4\r\n\r\nbody', ''],
    ['204 with an unannounced body', 'HTTP/1.1 204 None\r\n\r\nbody', ''],
    ['a content-length that is too small', `${OK}content-length: 2\r\n\r\nfour`, 'fo'],
    ['a body that ends with the connection', `${OK}connection: close\r\n\r\nabc`, 'abc'],
    ['bare chunks', `${OK}transfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n`, 'abc'],
    ['trailers', `${OK}transfer-encoding: chunked\r\n\r\n1\r\na\r\n0\r\nx-sum: 1\r\n\r\n`, 'a'],
    ['an interim answer first', `HTTP/1.1 103 Hints\r\nlink: a\r\n\r\n${OK}content-length: 1\r\n\r\na`, 'a'],
    ['a 100 that nobody asked for', `HTTP/1.1 100 Continue\r\n\r\n${OK}content-length: 1\r\n\r\na`, 'a'],
    [
      '30,000 interim answers of all kinds',
      `${['100 C', '102 P', '103 H', '199 X']
        .map((line) => `HTTP/1.1 ${line}\r\nx: 1\r\n\r\n`)
        .join('')
        .repeat(7_500)}${OK}\r\na`,
      'a',
    ],
    ['1,000 headers', `${OK}${manyHeaders(1_000)}content-length: 1\r\n\r\na`, 'a'],
    ['20 KB of headers', `${OK}x: ${'a'.repeat(20_000)}\r\ncontent-length: 1\r\n\r\na`, 'a'],
    ['lines that end with LF alone', 'HTTP/1.1 200 OK\ncontent-length: 1\n\na', 'a'],
    [
      'chunks whose lines end with LF alone',
      'HTTP/1.1 200 OK\ntransfer-encoding: chunked\n\n1\na\n0\n\n',
      'a',
    ],
    ['no reason', 'HTTP/1.1 200\r\ncontent-length: 1\r\n\r\na', 'a'],
    ['a status line in lower case', 'http/1.1 200 ok\r\ncontent-length: 1\r\n\r\na', 'a'],
    ['another version', 'HTTP/2 200\r\ncontent-length: 1\r\n\r\na', 'a'],
    ['HTTP/1.0', 'HTTP/1.0 200 OK\r\n\r\na', 'a'],
    ['a blank before a colon', `${OK}content-length : 1\r\n\r\na`, 'a'],
    ['a folded header', `${OK}x: a\r\n b\r\ncontent-length: 1\r\n\r\na`, 'a'],
    ['names that are none', `${OK}x y("): 1\r\n: 2\r\ncontent-length: 1\r\n\r\na`, 'a'],
    ['the same length twice', `${OK}content-length: 1, 1\r\ncontent-length: 01\r\n\r\na`, 'a'],
    ['no end of its headers', `${OK}x: 1\r\n`, ''],
  ])('counts a 2xx with %s as delivered', async (_, bytes, body) => {
    const outcome = await meet(answerAndHangUp(bytes), { hangsUp: true });

    expect(outcome).toMatchObject({ errorCode: null, errorDetail: null });
    expect(Buffer.from(outcome.response?.body ?? '').toString()).toBe(body);
  });

  it('counts a 2xx with headers without end as delivered, with a note, and keeps 64 KiB of them', async () => {
    const outcome = await meet(flood(OK, manyHeaders(1_000)));

    expect(outcome).toMatchObject({ statusCode: 200, errorCode: null, response: { truncated: true } });
    expect(outcome.errorDetail).toContain('1 MiB of headers');
    expect(JSON.stringify(outcome.response?.headers).length).toBeLessThan(2 * 65_536);
  });

  it('keeps the first 64 KiB of headers, and reads on behind them', async () => {
    const big = 'a'.repeat(80_000);
    const outcome = await meet(
      answerWith(`HTTP/1.1 429 Slow\r\nx: ${big}\r\nretry-after: 7\r\ncontent-length: 1\r\n\r\na`),
    );
    const [[name, value] = [], ...others] = outcome.response?.headers ?? [];
    expect(outcome).toMatchObject({ errorCode: 'http_429', retryAfter: '7', response: { truncated: false } });
    expect([name, others]).toEqual(['x', []]);
    expect(value?.length).toBeGreaterThan(65_000);
    expect(value?.length).toBeLessThan(65_537);
    expect((await meet(answerWith(`${OK}x: ${big}\r\ncontent-length: 0\r\n\r\n`))).errorDetail).toContain(
      '64 KiB',
    );
  });

  it('keeps latin-1 headers, repeated headers and odd names as they came', async () => {
    const outcome = await meet(
      answerWith(
        `${OK}X-Name: caf\xe9\r\n__proto__: a\r\n__proto__: b\r\nconstructor: c\r\ncontent-length: 0\r\n\r\n`,
      ),
    );

    expect(outcome.response?.headers).toEqual([
      ['X-Name', 'café'],
      ['__proto__', 'a'],
      ['__proto__', 'b'],
      ['constructor', 'c'],
      ['content-length', '0'],
    ]);
  });

  it('keeps a body of NULs and broken UTF-8 byte by byte', async () => {
    const body = Buffer.from([0, 0xff, 0xc3, 0x28, 0, 0xed, 0xa0, 0x80]);

    const outcome = await meet(answerWith(`${OK}content-length: ${body.length}\r\n\r\n`, body));

    expect(Buffer.from(outcome.response?.body ?? '')).toEqual(body);
  });

  it('never decodes a compressed body', async () => {
    const bomb = gzipSync(Buffer.alloc(400_000));
    const outcome = await meet(
      answerWith(`${OK}content-encoding: gzip\r\ncontent-length: ${bomb.length}\r\n\r\n`, bomb),
    );

    expect(outcome).toMatchObject({ errorCode: null, response: { truncated: false } });
    expect(Buffer.from(outcome.response?.body ?? '')).toEqual(bomb);
  });

  it('keeps a body of exactly the cap whole', async () => {
    const body = randomBytes(CAP);

    const outcome = await meet(answerWith(`${OK}content-length: ${CAP}\r\n\r\n`, body));

    expect(outcome).toMatchObject({ errorCode: null, response: { truncated: false } });
    expect(Buffer.from(outcome.response?.body ?? '')).toEqual(body);
  });

  it.each<[string, string, string | null]>([
    ['50 MB', `${OK}content-length: 52428800\r\n\r\n`, null],
    ['endless', `${OK}\r\n`, null],
    ['endless 500', 'HTTP/1.1 500 Oops\r\n\r\n', 'http_500'],
  ])('stops reading a body that is %s', async (_, head, errorCode) => {
    const outcome = await meet(flood(head, Buffer.alloc(16_384, 'x')));

    expect(outcome).toMatchObject({ errorCode, response: { truncated: true } });
    expect(outcome.response?.body.length).toBe(CAP);
  });

  it.each<[string, Misbehaviour, number | null]>([
    ['never answers', () => {}, null],
    ['dribbles headers', dribble(OK, 'x: 1\r\n'), null],
    ['dribbles a body', dribble(`${OK}content-length: 900\r\n\r\n`, 'x'), 200],
    ['dribbles trailers', dribble(`${OK}transfer-encoding: chunked\r\n\r\n0\r\n`, 'x: 1\r\n'), 200],
    ['sends interim answers now and then', dribble('', 'HTTP/1.1 102 Processing\r\n\r\n'), null],
    ['floods interim answers', flood('', 'HTTP/1.1 102 Processing\r\n\r\n'.repeat(500)), null],
    ['floods chunk extensions', flood(`${OK}transfer-encoding: chunked\r\n\r\n1;`, 'a'.repeat(9_000)), 200],
  ])('cuts a receiver at the deadline that %s', async (_, misbehave, statusCode) => {
    const outcome = await meet(misbehave, { timeoutMs: 250 });

    expect(outcome).toMatchObject({ errorCode: 'timeout', statusCode });
    expect(outcome.timings.totalMs).toBeGreaterThan(240);
    expect(outcome.errorDetail).toContain('250 ms');
  });

  it.each([
    ['seconds', 'Retry-After: 120', '120'],
    ['a date', 'retry-after:   Wed, 21 Oct 2015 07:28:00 GMT ', 'Wed, 21 Oct 2015 07:28:00 GMT'],
    ['nonsense', 'Retry-After: -5', '-5'],
    ['two of them, the first', 'Retry-After: 1\r\nRetry-After: 2', '1'],
    ['a long one, cut', `Retry-After: ${'9'.repeat(5_000)}`, '9'.repeat(64)],
  ])('hands on Retry-After with %s', async (_, header, retryAfter) => {
    const outcome = await meet(answerWith(`HTTP/1.1 429 Slow\r\n${header}\r\ncontent-length: 0\r\n\r\n`));

    expect(outcome).toMatchObject({ errorCode: 'http_429', retryAfter });
  });
});
