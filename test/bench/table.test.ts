import { describe, expect, it } from '@jest/globals';
import { cellText, rowsAsTable } from '../../bench/table.ts';

describe('rowsAsTable', () => {
  it('lines columns up under the names of the first row', () => {
    const rows = [
      { process: 'api', us_per_delivery: 123.4 },
      { process: 'temporal', us_per_delivery: null },
    ];
    expect(rowsAsTable(rows)).toBe(
      'process   us per delivery\napi                   123\ntemporal          unknown\n',
    );
  });
});

describe('cellText', () => {
  it('keeps the digits that mean something', () => {
    expect([1_234.56, 98.76, 3.456, 0.333, 20_000].map(cellText)).toEqual([
      '1235',
      '98.8',
      '3.46',
      '0.33',
      '20000',
    ]);
  });
});
