import { describe, expect, it } from '@jest/globals';
import { isProblemCode, PROBLEM_CODES, problemText } from '../../../src/domain/problems/problem-code.ts';

describe('problemText', () => {
  it.each([...PROBLEM_CODES])('has a title and sentences for %s', (code) => {
    const { title = '', meaning = '', advice = '' } = problemText(code) ?? {};
    expect(code).toMatch(/^[a-z][a-z0-9_]*$/);
    expect(title).toMatch(/^[A-Z][^.]*[^.]$/);
    for (const sentences of [meaning, advice]) expect(sentences).toMatch(/^\S.*\.$/s);
  });

  it('gives each code a title of its own', () => {
    const titles = PROBLEM_CODES.map((code) => problemText(code)?.title);
    expect(new Set(titles).size).toBe(titles.length);
  });

  it('explains what breaks a schema, whatever the keyword', () => {
    expect(problemText('schema_minLength')?.title).toContain('JSON Schema');
    expect(problemText('schema_falseschema')).toEqual(problemText('schema_type'));
  });

  it.each(['', 'nothing', 'toString', '__proto__', 'schema_', 'schema_a b'])('knows no code %j', (text) => {
    expect([isProblemCode(text), problemText(text)]).toEqual([false, null]);
  });
});
