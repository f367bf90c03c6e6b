import { describe, expect, it } from '@jest/globals';
import { passesFilter } from '../../src/domain/data-filter.ts';
import { searchTokensOf } from '../../src/domain/searchable.ts';

const data = '{"project_id":"p1","region":"eu-west","n":7,"order":{"id":"o-1"},"list":["p1"]}';
const tokens = searchTokensOf(data, ['project_id', 'region', 'n', '/order/id', 'list']);

describe('passesFilter', () => {
  it.each([
    [null, true],
    [{ project_id: ['p1'] }, true],
    [{ project_id: ['p2', 'p1'] }, true],
    [{ project_id: ['p2'] }, false],
    [{ project_id: ['p'] }, false],
    [{ project_id: ['p*'] }, true],
    [{ region: ['eu-*'], project_id: ['p1'] }, true],
    [{ region: ['us-*'], project_id: ['p1'] }, false],
    [{ n: ['7'] }, true],
    [{ '/order/id': ['o-1'] }, true],
    [{ list: ['p1'] }, false],
    [{ missing: ['*'] }, false],
    [{ project_id: ['*'] }, true],
  ])('of %j is %s', (filter, expected) => {
    expect(passesFilter(filter, tokens)).toBe(expected);
  });
});
