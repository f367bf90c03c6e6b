import { describe, expect, it } from '@jest/globals';
import {
  type Fault,
  invalidInput,
  invalidParameter,
  notFound,
} from '../../../../src/api/platform/answers/problem.ts';

const ORIGIN = { requestId: 'r1', basePath: '' };

describe('Problem', () => {
  it('leads to the page of its code and has the title of its code', () => {
    expect(notFound('event').toBody(ORIGIN)).toEqual({
      type: '/docs/problems/not_found',
      title: 'There is no such thing',
      status: 404,
      detail: 'There is no such event.',
      code: 'not_found',
      errors: [],
      request_id: 'r1',
    });
  });

  it.each([
    ['', '#'],
    ['/data/amount', '#/data/amount'],
    ['/headers/bad name', '#/headers/bad%20name'],
    ['/a~1b/c%d', '#/a~1b/c%25d'],
    ['/x#y/[0]', '#/x%23y/%5B0%5D'],
    ['/\u{1f600}', '#/%F0%9F%98%80'],
    ['/\ud800', '#/%EF%BF%BD'],
  ])('shows the pointer %j as a fragment', (pointer, shown) => {
    const fault: Fault = { pointer, code: 'required', message: 'Missing.' };
    expect(invalidInput([fault]).toBody(ORIGIN).errors).toEqual([
      { detail: 'Missing.', pointer: shown, code: 'required' },
    ]);
  });

  it('leads to the page below the path that the instance is mounted at', () => {
    const { type } = notFound('event').toBody({ requestId: 'r1', basePath: '/hooks' });
    expect(type).toBe('/hooks/docs/problems/not_found');
  });

  it('names the parameter where that is wrong', () => {
    expect(invalidParameter('after', 'invalid_time', 'No time.').toBody(ORIGIN).errors).toEqual([
      { detail: 'No time.', parameter: 'after', code: 'invalid_time' },
    ]);
  });
});
