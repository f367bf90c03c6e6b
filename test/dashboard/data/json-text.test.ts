import { describe, expect, it } from '@jest/globals';
import { jsonTokens, laidOut, memberText } from '../../../src/dashboard/data/json-text.ts';

const EXACT = '{"a":9223372036854775807,"b":1.0,"c":-0.0,"d":1E5,"e":"\\u0041\\"","f":[true,null,{}]}';

describe('jsonTokens', () => {
  it('leaves every byte as it is', () => {
    const tokens = jsonTokens(EXACT) ?? [];
    expect(tokens.map(({ text }) => text).join('')).toBe(EXACT);
  });

  it.each([
    ['text', 'upstream connect error'],
    ['what was cut off in a string', '{"a":"b'],
    ['a bare number', '12'],
    ['nothing', ''],
  ])('reads no tokens of %s', (_what, text) => {
    expect(jsonTokens(text)).toBeNull();
  });
});

describe('laidOut', () => {
  it('sets out members in lines, and changes nothing but the space between tokens', () => {
    const out = laidOut(jsonTokens('{ "a":[1,{"b":2.0}],"c":{} }') ?? []);
    expect(out.map(({ text }) => text).join('')).toBe(
      '{\n  "a": [\n    1,\n    {\n      "b": 2.0\n    }\n  ],\n  "c": {}\n}',
    );
  });

  it('does not run out of the page where levels are many', () => {
    const text = `${'['.repeat(500)}${']'.repeat(500)}`;
    const longest = laidOut(jsonTokens(text) ?? []).map((token) => token.text.length);
    expect(Math.max(...longest)).toBe(65);
  });
});

describe('memberText', () => {
  it.each([
    ['a', '9223372036854775807'],
    ['b', '1.0'],
    ['f', '[true,null,{}]'],
    ['missing', null],
  ])('gives the text of member %s as it stands', (name, text) => {
    expect(memberText(EXACT, name)).toBe(text);
  });

  it('takes no member of an inner object for one of the outer', () => {
    expect(memberText('{"a":{"b":1},"b":2}', 'b')).toBe('2');
  });
});
