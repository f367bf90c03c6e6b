import { describe, expect, it } from '@jest/globals';
import { subjectOf } from '../../../bench/measure/statement-costs.ts';

describe('subjectOf', () => {
  it.each([
    ['INSERT INTO events (id) VALUES ($1)', 'writes events'],
    [
      'WITH gone AS ( DELETE FROM open_deliveries d RETURNING d.* ), kept AS ' +
        '(INSERT INTO ended_deliveries SELECT * FROM gone) SELECT 1',
      'writes open_deliveries, ended_deliveries',
    ],
    ['INSERT INTO gates (id) VALUES ($1) ON CONFLICT (id) DO UPDATE SET epoch = $2', 'writes gates'],
    ['SELECT FROM waves w FOR UPDATE OF w SKIP LOCKED', 'reads waves'],
    ['UPDATE ONLY waves SET lane = $1', 'writes waves'],
    [
      'WITH input AS ( SELECT * FROM unnest($1::text[]) AS i(id)) ' +
        'SELECT * FROM input i JOIN endpoints e ON e.id = i.id',
      'reads endpoints',
    ],
    ['COMMIT', 'COMMIT'],
  ])('tells what %s is about', (query, subject) => {
    expect(subjectOf(query)).toBe(subject);
  });
});
