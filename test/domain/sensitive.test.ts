import { describe, expect, it } from '@jest/globals';
import { hideMembers } from '../../src/domain/sensitive.ts';

describe('hideMembers', () => {
  it.each<[string, readonly string[], string]>([
    ['{"a":"x","b":1.0}', ['a'], '{"a":"***","b":1.0}'],
    ['{"a":"x","b":1.0}', ['a', 'b'], '{"a":"***","b":"***"}'],
    ['{"a":{"b":[1,2]},"c":"}"}', ['a'], '{"a":"***","c":"}"}'],
    ['{"a":{"b":"x","c":"y"}}', ['/a/b'], '{"a":{"b":"***","c":"y"}}'],
    ['{"a":[{"b":1},[{"b":"2"}],{"c":3},4]}', ['/a/b'], '{"a":[{"b":"***"},[{"b":"***"}],{"c":3},4]}'],
    ['{"a":1,"a":2}', ['a'], '{"a":"***","a":"***"}'],
    ['{"\\u0061":"\\"","b":null}', ['a'], '{"\\u0061":"***","b":null}'],
    ['{"a/b":{"~":true}}', ['/a~1b/~0'], '{"a/b":{"~":"***"}}'],
    ['{"a":[]}', ['/a/b', 'c'], '{"a":[]}'],
    ['{}', ['a'], '{}'],
  ])('hides in %s what %j names', (text, members, hidden) => {
    expect(hideMembers(text, members)).toBe(hidden);
  });
});
