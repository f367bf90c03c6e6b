import { describe, expect, it } from '@jest/globals';
import { allOf } from '../../../src/storage/postgres/conditions.ts';

describe('allOf', () => {
  it('numbers the parameters of what restricts, and leaves the rest out', () => {
    const conditions = [
      'NOT is_test',
      ['a = $', 1],
      ['b = $', undefined],
      ['c BETWEEN $ AND $ + 1', 2],
    ] as const;
    expect(allOf(conditions)).toEqual({
      text: 'NOT is_test AND a = $1 AND c BETWEEN $2 AND $2 + 1',
      values: [1, 2],
    });
    expect(allOf(conditions, 5).text).toBe('NOT is_test AND a = $5 AND c BETWEEN $6 AND $6 + 1');
  });

  it('restricts by false and null too, for only undefined leaves out', () => {
    expect(
      allOf([
        ['a = $', false],
        ['b IS NOT DISTINCT FROM $', null],
      ]),
    ).toEqual({
      text: 'a = $1 AND b IS NOT DISTINCT FROM $2',
      values: [false, null],
    });
  });

  it('holds for everything where nothing restricts', () => {
    expect(allOf([['a = $', undefined]])).toEqual({ text: 'true', values: [] });
  });
});
