import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { AnswerHead } from '../../../src/transport/http/answer-head.ts';
import { AnswerReader, FramingFlood } from '../../../src/transport/http/answer-reader.ts';
import { TransportFault } from '../../../src/transport/transport-fault.ts';

const OK = 'HTTP/1.1 200 OK\r\n';

/** What a reader makes of these pieces and, where it is asked for, of the end of the connection. */
function readAll(pieces: readonly Buffer[], ends = true) {
  let head: AnswerHead | null = null;
  const body: Buffer[] = [];
  let isComplete = false;
  let isHeadWhole: boolean | null = null;
  const reader = new AnswerReader({
    onHead: (read, isWhole) => {
      head = read;
      isHeadWhole = isWhole;
    },
    onBody: (data) => void body.push(Buffer.from(data)),
    onComplete: () => {
      isComplete = true;
    },
  });
  let fault: string | null = null;
  try {
    for (const piece of pieces) reader.read(piece);
    if (ends) reader.end();
  } catch (error) {
    if (error instanceof FramingFlood) fault = 'flood';
    else if (error instanceof TransportFault) fault = error.code;
    else throw error;
  }
  const read = head as AnswerHead | null;
  return {
    status: read?.statusCode ?? null,
    headers: read?.headers ?? null,
    keepAliveMs: read?.keepAliveMs() ?? null,
    body: Buffer.concat(body).toString('latin1'),
    isComplete,
    isHeadWhole,
    fault,
    hasSurplus: reader.hasSurplus,
  };
}

const read = (text: string, ends = true) => readAll([Buffer.from(text, 'latin1')], ends);

function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const sorted = [0, ...places.map((place) => place % (bytes.length + 1)), bytes.length].sort(
    (a, b) => a - b,
  );
  return sorted.slice(1).map((place, index) => bytes.subarray(sorted[index], place));
}

const line = fc.constantFrom(
  'HTTP/1.1 200 OK',
  'HTTP/1.0 503 Busy',
  'HTTP/1.1 102 Wait',
  'content-length: 3',
  'content-length: 2, 2',
  'transfer-encoding: chunked',
  'connection: close',
  ' folded',
  'x: 1',
  '3;a=b',
  'abc',
  '0',
  '',
  '',
);
const answer = fc
  .array(
    fc.tuple(
      fc.oneof({ weight: 12, arbitrary: line }, fc.string({ maxLength: 9 })),
      fc.constantFrom('\r\n', '\n'),
    ),
    {
      maxLength: 14,
    },
  )
  .map((lines) => Buffer.from(`${OK}${lines.flat().join('')}`, 'latin1'));

describe('AnswerReader', () => {
  it('makes the same of an answer in whatever pieces it comes', () => {
    fc.assert(
      fc.property(answer, fc.array(fc.nat(), { maxLength: 6 }), fc.boolean(), (bytes, places, ends) => {
        expect(readAll(cut(bytes, places), ends)).toEqual(readAll([bytes], ends));
      }),
      { numRuns: 1_000 },
    );
  });

  it('makes the same of an answer that comes byte by byte', () => {
    fc.assert(
      fc.property(answer, (bytes) => {
        const single = Array.from(bytes, (_, at) => bytes.subarray(at, at + 1));
        expect(readAll(single)).toEqual(readAll([bytes]));
      }),
    );
  });

  it.each([
    ['no length', `${OK}\r\nab`, 'ab'],
    ['an unknown coding', `${OK}transfer-encoding: gzip\r\n\r\nab`, 'ab'],
    ['chunks in another coding', `${OK}transfer-encoding: gzip, chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n`, 'ab'],
    [
      'the coding said twice',
      `${OK}transfer-encoding: chunked\r\nTransfer-Encoding: Chunked\r\n\r\n0\r\n\r\n`,
      '',
    ],
    [
      'sizes with zeros, blanks, letters and extensions',
      `${OK}transfer-encoding: chunked\r\n\r\n00A;x="1" \r\n0123456789\r\n1 \t\r\na\r\n000\r\nt: 1\r\n\r\n`,
      '0123456789a',
    ],
    ['blank lines before it', `\r\n\n${OK}content-length: 2\r\n\r\nab`, 'ab'],
    ['a length beyond all bodies, broken off', `${OK}content-length: 99999999999999999999\r\n\r\nab`, 'ab'],
  ])('reads %s', (_what, text, body) => {
    expect(read(text)).toMatchObject({ status: 200, body, fault: null });
  });

  it.each([
    ['101', 'HTTP/1.1 101 Go\r\n\r\n', 'response_malformed'],
    [
      'both lengths and chunks',
      `${OK}content-length: 5\r\ntransfer-encoding: gzip\r\n\r\n`,
      'response_malformed',
    ],
    ['lengths that differ in one header', `${OK}content-length: 1, 2\r\n\r\n`, 'response_malformed'],
    ['a length folded in two', `${OK}content-length: 1\r\n 2\r\n\r\n`, null],
    ['an empty length', `${OK}content-length:\r\n\r\n`, 'response_malformed'],
    ['a thousand lengths', `${OK}${'content-length: 1\r\n'.repeat(1_000)}\r\n`, 'response_malformed'],
    ['NUL in a status line', 'HTTP/1.1 200 O\0K\r\n\r\n', 'response_malformed'],
    ['NUL in a fold', `${OK}x: a\r\n \0\r\n\r\n`, 'response_malformed'],
    ['another protocol, before its line ends', 'SSH-2.0', 'response_malformed'],
    ['no size', `${OK}transfer-encoding: chunked\r\n\r\n\r\n`, 'response_incomplete'],
    ['a negative size', `${OK}transfer-encoding: chunked\r\n\r\n-1\r\n`, 'response_incomplete'],
    ['a hexadecimal prefix', `${OK}transfer-encoding: chunked\r\n\r\n0x1\r\na\r\n`, 'response_incomplete'],
    [
      'a size of 14 digits',
      `${OK}transfer-encoding: chunked\r\n\r\n${'f'.repeat(14)}\r\n`,
      'response_incomplete',
    ],
    [
      'a chunk longer than its size',
      `${OK}transfer-encoding: chunked\r\n\r\n1\r\nab\r\n`,
      'response_incomplete',
    ],
    ['interim answers without end', 'HTTP/1.1 102 P\r\n\r\n'.repeat(70_000), 'flood'],
    ['a status line without end', `HTTP/1.1 200 ${'a'.repeat(1_100_000)}`, 'flood'],
    [
      'chunk extensions without end',
      `${OK}transfer-encoding: chunked\r\n\r\n1;${'a'.repeat(1_100_000)}`,
      'flood',
    ],
    [
      'trailers without end',
      `${OK}transfer-encoding: chunked\r\n\r\n0\r\n${'a: 1\r\n'.repeat(200_000)}`,
      'flood',
    ],
  ])('judges %s', (_what, text, fault) => {
    expect(read(text)).toMatchObject({ fault, isComplete: false });
  });

  it('tells what comes after the answer', () => {
    expect(read(`${OK}content-length: 1\r\n\r\nab`)).toMatchObject({
      body: 'a',
      isComplete: true,
      hasSurplus: true,
    });
    expect(read(`${OK}content-length: 1\r\n\r\na`)).toMatchObject({ isComplete: true, hasSurplus: false });
    expect(read(`HTTP/1.1 204 N\r\ncontent-length: 4\r\n\r\nbody`)).toMatchObject({
      body: '',
      hasSurplus: true,
    });
  });

  it.each([
    [`${OK}content-length: 0\r\n\r\n`, null],
    [`${OK}Connection: keep-alive\r\nKeep-Alive: max=5, timeout=7\r\ncontent-length: 0\r\n\r\n`, 7_000],
    [`${OK}Connection: x, Close\r\ncontent-length: 0\r\n\r\n`, 0],
    ['HTTP/1.0 200 OK\r\ncontent-length: 0\r\n\r\n', 0],
    ['HTTP/1.0 200 OK\r\nconnection: Keep-Alive\r\ncontent-length: 0\r\n\r\n', null],
  ])('tells how long the receiver keeps the connection: %j', (text, keepAliveMs) => {
    expect(read(text, false)).toMatchObject({ isComplete: true, keepAliveMs });
  });

  it('takes a time that grows with the bytes only, whatever they are', () => {
    const megabyte = 1_000_000;
    for (const text of [
      `${OK}x: ${' '.repeat(megabyte)}y\r\n\r\n`,
      `${OK}connection: ${','.repeat(megabyte)}\r\n\r\n`,
      `${OK}${'a:\n'.repeat(megabyte / 3)}\r\n`,
      `HTTP/1.1 200${' '.repeat(megabyte)}\r\n\r\n`,
    ])
      expect(read(text)).toMatchObject({ status: 200 });
    const dribbled = Buffer.from(`${OK}x: ${'y'.repeat(megabyte)}\r\n\r\n`);
    const single = Array.from(dribbled, (_, at) => dribbled.subarray(at, at + 1));
    expect(readAll(single)).toMatchObject({ status: 200, isComplete: true });
  });
});
