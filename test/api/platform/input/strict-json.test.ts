import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { Problem } from '../../../../src/api/platform/answers/problem.ts';
import { JsonText } from '../../../../src/api/platform/input/json-text.ts';
import { parseStrictJson, parseStrictJsonInTurns } from '../../../../src/api/platform/input/strict-json.ts';

const MAX_DEPTH = 64;

describe('parseStrictJson', () => {
  it('reads every value that JSON writes, as it was', () => {
    const value = fc.jsonValue({ maxDepth: 5 }).filter(hasNothingForbidden);
    fc.assert(
      fc.property(value, fc.integer({ min: 0, max: 4 }), (original, indent) => {
        const text = JSON.stringify(original, null, indent);
        expect(JSON.stringify(read(text))).toBe(JSON.stringify(original));
      }),
    );
  });

  it('answers any bytes at all with a value or a problem', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        try {
          parseStrictJson(bytes, { maxDepth: MAX_DEPTH });
        } catch (error) {
          expect(error).toBeInstanceOf(Problem);
        }
      }),
    );
  });

  it.each([
    ['a key given twice', '{"a":{"b":1,"b":2}}', 'duplicate_key', '/a/b'],
    ['a key given twice, once escaped', '{"ab":1,"\\u0061b":2}', 'duplicate_key', '/ab'],
    ['a key given twice in an array', '[0,{"x":[1],"x":[2]}]', 'duplicate_key', '/1/x'],
    ['an infinite number', '{"data":{"n":1e999}}', 'number_not_exact', '/data/n'],
    ['an integer beyond 2^53', '{"data":[1,9007199254740993]}', 'number_not_exact', '/data/1'],
    ['too many digits', '[0.1000000000000000055]', 'number_not_exact', '/0'],
    ['NUL in a text', '{"a":"x\\u0000y"}', 'nul_character', '/a'],
    ['NUL in a key', '{"\\u0000":1}', 'nul_character', '/\0'],
    ['a lone high surrogate', '{"a":"\\ud800"}', 'lone_surrogate', '/a'],
    ['a lone low surrogate', '["\\udc00\\ud800"]', 'lone_surrogate', '/0'],
    ['a prototype as key', '{"a":{"__proto__":{}}}', 'forbidden_key', '/a/__proto__'],
    ['a prototype as key, escaped', '{"\\u005f_proto__":1}', 'forbidden_key', '/__proto__'],
    ['a number of 1,001 characters', `[0.${'0'.repeat(999)}]`, 'number_too_long', '/0'],
    ['-0 beside 0', '{"a":-0.0,"a":0}', 'duplicate_key', '/a'],
    ['a pointer that needs escaping', '{"a/b~":{"c":1e999}}', 'number_not_exact', '/a~1b~0/c'],
  ])('refuses %s with a pointer to it', (_what, text, code, pointer) => {
    expect(problemOf(text)).toMatchObject({ status: 422, code, errors: [{ code, pointer }] });
  });

  it.each([
    ['a key repeated with the same value', '{"a":{"x":1},"a":{ "x" : 1.0 }}'],
    ['a surrogate pair', '["\\ud83d\\ude00"]'],
    ['members named like those of every object', '{"constructor":1,"prototype":2,"toString":3}'],
    ['escaped quotes and backslashes', '{"a\\\\":"\\\\\\"","b":"\\\\"}'],
    ['structure inside texts', '{"a":"{[,:\\"1e999"}'],
    ['blanks everywhere', ' { "a" : [ 1 , { } , [ ] ] } \r\n\t'],
  ])('accepts %s', (_what, text) => {
    expect(read(text)).toEqual(JSON.parse(text));
  });

  it('names every fault at once', () => {
    const { errors, code } = problemOf('{"a":1e999,"b":"\\u0000","a":2,"c":[{"__proto__":1}]}');
    expect(code).toBe('invalid_request');
    expect(errors.map((error) => error.code)).toEqual([
      'number_not_exact',
      'nul_character',
      'duplicate_key',
      'forbidden_key',
    ]);
  });

  it.each([
    ['nothing', '', 422, 'body_empty'],
    ['blanks only', '  ', 400, 'json_malformed'],
    ['truncated JSON', '{"event":"job.comp', 400, 'json_malformed'],
    ['two values', '{}{}', 400, 'json_malformed'],
    ['a comma too much', '{"a":1,}', 400, 'json_malformed'],
    ['a raw control character', '{"a":"\u0001"}', 400, 'json_malformed'],
    ['a byte order mark', '\uFEFF{}', 400, 'json_malformed'],
    ['opening brackets only', '['.repeat(262_144), 422, 'too_deep'],
  ])('refuses %s', (_what, text, status, code) => {
    expect(problemOf(text)).toMatchObject({ status, code });
  });

  it('refuses bytes that are no UTF-8', () => {
    for (const bytes of [
      [0x22, 0xff, 0x22],
      [0x22, 0xed, 0xa0, 0x80, 0x22],
      [0x22, 0xc0, 0xaf, 0x22],
    ]) {
      expect(problemOf(Buffer.from(bytes))).toMatchObject({ status: 400, code: 'json_malformed' });
    }
  });

  it('accepts the deepest nesting allowed and refuses one more', () => {
    expect(read(nested(MAX_DEPTH))).toBeDefined();
    expect(problemOf(nested(MAX_DEPTH + 1))).toMatchObject({
      code: 'too_deep',
      errors: [{ pointer: '/0'.repeat(MAX_DEPTH) }],
    });
  });

  it.each([5_000, 131_072])('refuses nesting of %d without running out of stack', (depth) => {
    expect(problemOf(nested(depth))).toMatchObject({ status: 422, code: 'too_deep' });
    const doubled = `{"a":${nested(depth)},"a":${nested(depth)}}`;
    expect(problemOf(doubled).errors[0]).toMatchObject({ code: 'too_deep' });
  });

  it('reads little more than the text itself, however deep it gives keys twice', () => {
    let deep = JSON.stringify({ big: 'x'.repeat(100_000) });
    for (let level = 2; level < MAX_DEPTH; level += 1) deep = `{"a":1,"a":${deep}}`;
    const parse = jest.spyOn(JSON, 'parse');
    const { errors } = problemOf(deep);
    const charactersRead = parse.mock.calls.reduce((sum, [text]) => sum + text.length, 0);
    parse.mockRestore();
    expect(errors).toHaveLength(MAX_DEPTH - 2);
    expect(charactersRead).toBeLessThan(2 * deep.length);
  });

  it('takes long values for the same where they are spelled alike only', () => {
    const long = JSON.stringify(Array.from({ length: 1_000 }, (_, index) => index));
    expect(read(`{"a":${long},"a": ${long} }`)).toEqual({ a: JSON.parse(long) });
    expect(problemOf(`{"a":${long},"a":${long.replace(',', ', ')}}`).code).toBe('duplicate_key');
  });

  it('stops after a hundred faults', () => {
    expect(problemOf(`[${'1e999,'.repeat(100_000)}1]`).errors).toHaveLength(100);
  });

  it('refuses an object of more than a thousand members by their count, and looks no further', () => {
    expect(read(`{"a":${objectOf(1_000)}}`)).toBeDefined();
    expect(problemOf(`{"a":[${objectOf(1_001)},"\\u0000"]}`).errors).toEqual([
      { pointer: '/a/0', code: 'too_big', message: 'An object may have at most 1000 members.' },
    ]);
  });
});

describe('parseStrictJsonInTurns', () => {
  it.each([
    ['many members', `{"data":${objectOf(20_000)}}`],
    ['many items', `{"data":{"a":[${'1,'.repeat(100_000)}1]}}`],
    ['a fault at its end', `{"data":{"a":[${'"",'.repeat(60_000)}"\\u0000"]}}`],
    ['too many members elsewhere', `{"a":${objectOf(20_000)}}`],
  ])('reads a long body of %s as in one go, and rests on the way', async (_what, text) => {
    const [body, options] = [Buffer.from(text), { maxDepth: MAX_DEPTH, verbatim: ['data'] }];
    const rests: null[] = [];
    const pace = { rest: async () => void rests.push(null) };
    const outcome = outcomeOf(() => parseStrictJsonInTurns(body, { ...options, pace }));
    expect(await outcome).toEqual(await outcomeOf(() => parseStrictJson(body, options)));
    const isReadToItsEnd = text.includes('"data"');
    expect(rests.length).toBeGreaterThanOrEqual(isReadToItsEnd ? text.length / 5_000 : 1);
    if (!isReadToItsEnd) expect(rests.length).toBeLessThan(10);
  });

  it('reads a short one at once', () => {
    const rest = () => Promise.reject(new Error('it rested'));
    const body = Buffer.from('{"data":{"a":1.0}}');
    const options = { maxDepth: MAX_DEPTH, verbatim: ['data'], pace: { rest } };
    expect(parseStrictJsonInTurns(body, options)).toEqual({ data: new JsonText('{"a":1.0}', { a: 1 }) });
  });
});

describe('parseStrictJson with verbatim objects', () => {
  const options = { maxDepth: MAX_DEPTH, verbatim: ['items', null, 'data'] };
  const textOf = (text: string): string => {
    const body = parseStrictJson(Buffer.from(`{"items":[{"data":${text}}]}`), options) as {
      readonly items: readonly [{ readonly data: unknown }];
    };
    const { data } = body.items[0];
    if (!(data instanceof JsonText)) throw new Error('it is no JsonText');
    expect(data.value).toEqual(JSON.parse(text));
    return data.text;
  };

  it('keeps every token, and drops the blanks between them only', () => {
    fc.assert(
      fc.property(jsonObject, (pieces) => {
        expect(textOf(pieces.join(''))).toBe(pieces.filter((piece) => !/^[ \t\r\n]*$/.test(piece)).join(''));
      }),
    );
  });

  it.each([
    '{"id":9223372036854775807,"f":1.0,"e":1E5,"z":-0.0,"10":1,"9":2,"s":"\\u00e9"}',
    `{"n":[1e999,-1E-999,0.${'1'.repeat(998)}]}`,
    '{"a":1,"\\u0061":1.0}',
    '{}',
  ])('passes on %.60s', (text) => {
    expect(textOf(text)).toBe(text);
  });

  it.each([
    ['a number of 1,001 characters', `{"n":1${'0'.repeat(1_000)}}`, 'number_too_long'],
    [
      'a key given twice, different beyond 64 bits',
      '{"n":9007199254740993,"n":9007199254740992}',
      'duplicate_key',
    ],
    ['a key given twice, different beyond any float', '{"n":1e998,"n":1e999}', 'duplicate_key'],
    [
      'a key given twice, different in an endless exponent',
      `{"n":1e1${'0'.repeat(400)},"n":1e2${'0'.repeat(400)}}`,
      'duplicate_key',
    ],
    ['NUL', '{"n":"\\u0000"}', 'nul_character'],
    ['half a surrogate pair', '{"n":"\\ud83d"}', 'lone_surrogate'],
  ])('refuses %s', (_what, text, code) => {
    expect(() => textOf(text)).toThrow(expect.objectContaining({ code }));
  });

  it('judges numbers elsewhere as ever', () => {
    const text = '{"items":[{"data":{"n":1e999},"n":1e999}],"data":{"n":1e999}}';
    const read = () => parseStrictJson(Buffer.from(text), options);
    expect(read).toThrow(
      expect.objectContaining({
        errors: [
          expect.objectContaining({ pointer: '/items/0/n' }),
          expect.objectContaining({ pointer: '/data/n' }),
        ],
      }),
    );
  });

  it('leaves what is no object to its schema', () => {
    expect(parseStrictJson(Buffer.from('{"items":[{"data":[1]},{"data":2},7]}'), options)).toEqual({
      items: [{ data: [1] }, { data: 2 }, 7],
    });
  });
});

const blank = fc.stringMatching(/^[ \t\r\n]{0,3}$/);
const letters = fc.stringMatching(/^(?:[a-z0-9é✓ ]|\\[nrtbf/\\"]|\\u00[a-f][0-9A-Fa-f]){0,6}$/);
const scalar = fc.oneof(
  fc.stringMatching(/^-?(?:0|[1-9]\d{0,24})(?:\.\d{1,24})?(?:[eE][+-]?\d{1,4})?$/),
  letters.map((text) => `"${text}"`),
  fc.constantFrom('true', 'false', 'null'),
);

/** JSON texts in pieces: tokens and blanks, each by itself. Keys are told apart by their places. */
const { jsonObject } = fc.letrec<{ value: string[]; jsonObject: string[] }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    scalar.map((token) => [token]),
    tie('jsonObject'),
    fc.array(tie('value'), { maxLength: 4 }).map((items) => ['[', ...joined(items), ']']),
  ),
  jsonObject: fc
    .array(fc.tuple(letters, blank, blank, tie('value')), { maxLength: 5 })
    .map((members) => [
      '{',
      ...joined(
        members.map(([key, before, after, value], at) => [`"${at}${key}"`, before, ':', after, ...value]),
      ),
      ' ',
      '}',
    ]),
}));

function joined(items: readonly (readonly string[])[]): string[] {
  return items.flatMap((item, at) => (at === 0 ? item : ['\t', ',', '\n', ...item]));
}

/** An object of so many members. */
function objectOf(count: number): string {
  return `{${Array.from({ length: count }, (_, index) => `"m${index}":1`).join(',')}}`;
}

/** What a reading gives, or what it throws. */
async function outcomeOf(read: () => unknown): Promise<unknown> {
  try {
    return await read();
  } catch (error) {
    return error instanceof Problem ? error.errors : error;
  }
}

function read(text: string): unknown {
  return parseStrictJson(Buffer.from(text), { maxDepth: MAX_DEPTH });
}

function problemOf(body: string | Buffer): Problem {
  try {
    parseStrictJson(Buffer.from(body), { maxDepth: MAX_DEPTH });
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error('the body was accepted');
}

function nested(depth: number): string {
  return '['.repeat(depth) + ']'.repeat(depth);
}

function hasNothingForbidden(value: unknown): boolean {
  return !/\\u0000|__proto__|\\ud[89a-f]/i.test(JSON.stringify(value));
}
