import { describe, expect, it } from '@jest/globals';
import {
  compareMigrations,
  describeMismatch,
  type SchemaState,
} from '../../../src/storage/postgres/schema-state.ts';

const KNOWN = ['0001_a', '0002_b'];

describe('compareMigrations', () => {
  const cases: readonly (readonly [applied: readonly string[], SchemaState])[] = [
    [[], { kind: 'missing' }],
    [['0001_a'], { kind: 'older', lacks: '0002_b' }],
    [['0001_a', '0002_b'], { kind: 'current' }],
    [['0001_a', '0002_b', '0003_c'], { kind: 'newer', has: '0003_c' }],
    [['0001_a', '0003_c'], { kind: 'newer', has: '0003_c' }],
  ];
  it.each(cases)('finds after %j what it is: %j', (applied, state) => {
    expect(compareMigrations(applied, KNOWN)).toEqual(state);
  });
});

describe('describeMismatch', () => {
  it('says what to do about an older schema, and nothing about the current one', () => {
    expect(describeMismatch({ kind: 'older', lacks: '0002_b' })).toMatch(
      /lacks 0002_b.*run "posthorn migrate"/,
    );
    expect(describeMismatch({ kind: 'current' })).toBeNull();
  });
});
