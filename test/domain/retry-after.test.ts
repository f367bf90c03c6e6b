import { describe, expect, it } from '@jest/globals';
import { MAX_RETRY_AFTER_MS, retryAfterMs } from '../../src/domain/retry-after.ts';

const NOW = Date.parse('2026-01-01T00:00:00Z');

describe('retryAfterMs', () => {
  const cases: readonly [header: string | null, expected: number | null][] = [
    [null, null],
    ['', null],
    ['0', 0],
    ['120', 120_000],
    [' 7 ', 7_000],
    ['-5', null],
    ['1.5', null],
    ['soon', null],
    ['1e3', null],
    ['99999999999999999999', MAX_RETRY_AFTER_MS],
    ['Thu, 01 Jan 2026 00:00:30 GMT', 30_000],
    ['Wed, 31 Dec 2025 23:00:00 GMT', 0],
    ['Fri, 01 Jan 2100 00:00:00 GMT', MAX_RETRY_AFTER_MS],
    ['Thu, 99 Jan 2026 00:00:30 GMT', null],
    ['2026-01-01T00:00:30Z', null],
  ];
  it.each(cases)('reads %j as %j', (header, expected) => {
    expect(retryAfterMs(header, NOW)).toBe(expected);
  });
});
