import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { readExceptions } from '../../tools/supply/audit-exceptions.ts';

const SOUND = {
  advisory: 'GHSA-jf85-cpcp-j695',
  package: 'lodash',
  reason: 'Only defaultsDeep is concerned, which is never called.',
  until: '2027-01-31',
};

describe('readExceptions', () => {
  it('reads our own list', () => {
    expect(() => readExceptions(readFileSync('.ci/audit-exceptions.json', 'utf8'))).not.toThrow();
  });

  it('reads an entry', () => {
    expect(readExceptions(JSON.stringify([SOUND]))).toEqual([SOUND]);
  });

  it.each([
    ['of no advisory', { advisory: 'all' }],
    ['of no package', { package: '' }],
    ['without a reason worth the name', { reason: 'later' }],
    ['without an end', { until: undefined }],
    ['with an end that is no day', { until: '2027-02-30' }],
    ['with a member that means nothing', { severity: 'low' }],
  ])('refuses an entry %s', (_how, change) => {
    expect(() => readExceptions(JSON.stringify([{ ...SOUND, ...change }]))).toThrow(/not well written/);
  });
});
