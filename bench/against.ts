import type { BenchReport, Row } from './benchmark.ts';
import { medianOf } from './measure/distribution.ts';

export interface Pairs {
  /** Runs of this checkout and of the other in turn: the first with the first, and so on. */
  readonly ours: readonly BenchReport[];
  readonly theirs: readonly BenchReport[];
}

/** Compares every figure that both sides have: their medians, and the ratio of ours to theirs, pair by pair. */
export function compare({ ours, theirs }: Pairs): readonly Row[] {
  const [mine, others] = [ours.map(figuresOf), theirs.map(figuresOf)];
  return [...(mine[0] ?? new Map<string, number>()).keys()].flatMap((figure) => {
    const [these, those] = [mine, others].map((side) =>
      side.map((figures) => figures.get(figure) ?? Number.NaN),
    );
    if (these === undefined || those === undefined) return [];
    const ratios = these.map((value, pair) => value / (those[pair] ?? Number.NaN));
    if (!ratios.every(Number.isFinite)) return [];
    return [
      {
        figure,
        this: medianOf(these),
        other: medianOf(those),
        ratio: medianOf(ratios),
        pairs: ratios.map((ratio) => ratio.toFixed(2)).join(' '),
      },
    ];
  });
}

/** Every number of a report by its table, its row's first cell and its column; single runs yield to their median. */
function figuresOf({ tables }: BenchReport): ReadonlyMap<string, number> {
  const figures = new Map<string, number>();
  for (const [table, rows] of Object.entries(tables)) {
    const median = rows.filter((row) => nameOf(row) === 'median');
    for (const row of median.length > 0 ? median : rows) {
      for (const [column, cell] of Object.entries(row)) {
        if (typeof cell === 'number') figures.set(`${table}: ${nameOf(row)}, ${column}`, cell);
      }
    }
  }
  return figures;
}

function nameOf(row: Row): string {
  return String(Object.values(row)[0] ?? '');
}
