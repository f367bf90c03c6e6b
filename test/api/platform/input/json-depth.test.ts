import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { findTooDeep, findTooDeepInTurns } from '../../../../src/api/platform/input/json-depth.ts';

describe('findTooDeep', () => {
  it('counts the levels of every JSON value as they are', () => {
    const value = fc.jsonValue({ maxDepth: 6 });
    fc.assert(
      fc.property(value, fc.integer({ min: 0, max: 4 }), (original, indent) => {
        const bytes = Buffer.from(JSON.stringify(original, null, indent));
        const depth = depthOf(original);
        expect(findTooDeep(bytes, depth)).toBeNull();
        if (depth > 0) expect(findTooDeep(bytes, depth - 1)).not.toBeNull();
      }),
    );
  });

  it.each([
    ['{"a":[1,{"b":{}}]}', '/a/1/b'],
    ['[[],[],[[[[', '/2/0/0'],
    ['{"x":"{[[[[","a/b":{"\\u0061":[{"c":1}]}}', '/a~1b/a/0'],
    ['{"a\\"{":{"b":{"c":{}}}}', '/a"{/b/c'],
    ['{"bad \\x escape":[[[', '/bad \\x escape/0/0'],
  ])('points to the first level too many in %s', (text, pointer) => {
    expect(findTooDeep(Buffer.from(text), 3)).toBe(pointer);
  });

  it('looks at no byte behind the first level too many', () => {
    const bytes = new Proxy(Buffer.from('['.repeat(1_000)), {
      get: (target, name) => {
        if (Number(name) > 64) throw new Error(`looked at byte ${String(name)}`);
        return Reflect.get(target, name);
      },
    });
    expect(findTooDeep(bytes, 64)).toBe('/0'.repeat(64));
  });

  it.each(['"', '"\\', ']]]]', ',:,:', '}{}{', ''])('ends on the broken text %j', (text) => {
    expect(findTooDeep(Buffer.from(text), 3)).toBeNull();
  });
});

describe('findTooDeepInTurns', () => {
  it.each([
    ['commas before it', `[${'1,'.repeat(500_000)}[[[`, '/500000/0'],
    ['a text before it', `["${'\\\\"'.repeat(300_000)}",{"a":{"b":[`, '/1/a'],
    ['nothing too deep', `{"a":"${'x'.repeat(1_000_000)}"}`, null],
  ])('finds what findTooDeep finds, and rests on the way: %s', async (_what, text, pointer) => {
    const bytes = Buffer.from(text);
    let rests = 0;
    const rest = async () => {
      rests += 1;
    };
    expect(await findTooDeepInTurns(bytes, { maxDepth: 2, pace: { rest } })).toBe(pointer);
    expect(findTooDeep(bytes, 2)).toBe(pointer);
    expect(rests).toBe(Math.floor(bytes.length / 65_536));
  });
});

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Object.values(value).reduce((most: number, one) => Math.max(most, depthOf(one)), 0);
}
