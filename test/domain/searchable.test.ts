import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isSearchableMember, searchTokensOf } from '../../src/domain/searchable.ts';

describe('searchTokensOf', () => {
  it.each([
    ['{"job_id":"job_7","n":1}', 'job_id', 'job_7'],
    ['{"n":9223372036854775807}', 'n', '9223372036854775807'],
    ['{"n":1.0,"m":2}', 'n', '1.0'],
    ['{"a":true,"b":null}', 'b', 'null'],
    ['{"order":{"items":[1,{"id":"no"}],"id":"o\\"1,}"},"z":1}', '/order/id', 'o"1,}'],
    ['{"a/b":{"m~n":"deep"}}', '/a~1b/m~0n', 'deep'],
    ['{"\\u006aob_id":"escaped"}', 'job_id', 'escaped'],
    ['{"x":[[1,2],"]"],"y":"after"}', 'y', 'after'],
  ])('finds in %s by %s', (text, member, token) => {
    expect(searchTokensOf(text, [member])).toEqual([{ member, token }]);
  });

  it.each([
    ['{}', 'job_id'],
    ['{"job_id":{"a":1}}', 'job_id'],
    ['{"job_id":["a"]}', 'job_id'],
    ['{"a":{"b":1}}', '/a/b/c'],
    ['{"a":"x"}', '/a/b'],
    [`{"a":"${'x'.repeat(1_025)}"}`, 'a'],
  ])('finds nothing in %s by %s', (text, member) => {
    expect(searchTokensOf(text, [member])).toEqual([]);
  });

  it('finds every text at the top of any object', () => {
    const anyObject = fc.dictionary(fc.string({ minLength: 1 }), fc.jsonValue());
    fc.assert(
      fc.property(anyObject, (object) => {
        for (const [name, value] of Object.entries(JSON.parse(JSON.stringify(object)))) {
          if (typeof value !== 'string' || name.startsWith('/')) continue;
          expect(searchTokensOf(JSON.stringify(object), [name])).toEqual([{ member: name, token: value }]);
        }
      }),
    );
  });
});

describe('isSearchableMember', () => {
  it.each(['job_id', '/order/id', 'größe', 'a.b'])('takes %s', (text) =>
    expect(isSearchableMember(text)).toBe(true),
  );
  it.each(['', 'a\nb', 'a[0]', '/a~2', 'x'.repeat(129)])('refuses %j', (text) =>
    expect(isSearchableMember(text)).toBe(false),
  );
});
