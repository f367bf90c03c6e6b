import { describe, expect, it } from '@jest/globals';
import { RawJson, toJson } from '../../../../src/api/platform/answers/raw-json.ts';

describe('toJson', () => {
  it('writes what JSON.stringify writes where nothing is raw', () => {
    const answer = { a: [1, 'x', null, { b: new Date(0), c: undefined }], d: '"' };
    expect(toJson(answer)).toBe(JSON.stringify(answer));
  });

  it('puts raw texts where they belong, in order and as they are', () => {
    const items = ['{"a":1.0}', '[1E5]', '"$&$1"'].map((text) => ({ raw: new RawJson(text), after: text }));
    expect(toJson({ items, end: true })).toBe(
      `{"items":[${items.map(({ raw, after }) => `{"raw":${raw.text},"after":${JSON.stringify(after)}}`)}],"end":true}`,
    );
    expect(toJson(new RawJson('-0.0'))).toBe('-0.0');
  });
});
