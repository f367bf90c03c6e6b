import { describe, expect, it } from '@jest/globals';
import { compare } from '../../bench/against.ts';
import type { BenchReport, Row } from '../../bench/benchmark.ts';

describe('compare', () => {
  it('tells the median ratio of the pairs, not the ratio of the medians', () => {
    const ours = [100, 300, 90].map((rate) => reportOf([{ run: 'only', rate }]));
    const theirs = [50, 100, 100].map((rate) => reportOf([{ run: 'only', rate }]));
    expect(compare({ ours, theirs })).toEqual([
      { figure: 'speed: only, rate', this: 100, other: 100, ratio: 2, pairs: '2.00 3.00 0.90' },
    ]);
  });

  it('takes the median of a run instead of its repeats, and leaves out what one side has not', () => {
    const rows = [
      { run: '1', rate: 1 },
      { run: 'median', rate: 2, wal: 5 },
    ];
    const found = compare({ ours: [reportOf(rows)], theirs: [reportOf([{ run: 'median', rate: 4 }])] });
    expect(found.map(({ figure, ratio }) => [figure, ratio])).toEqual([['speed: median, rate', 0.5]]);
  });
});

function reportOf(rows: readonly Row[]): BenchReport {
  return { conditions: {}, tables: { speed: rows }, flaws: [] };
}
