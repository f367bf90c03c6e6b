import type { Cell, Row } from './benchmark.ts';

const GAP = '  ';
const UNKNOWN = 'unknown';

/** Rows of text as columns that line up; the first column to the left, the others to the right. */
export function tableOf(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join(GAP)
      .trimEnd();
  return `${rows.map(line).join('\n')}\n`;
}

/** A table with its column names, which the first row decides. */
export function rowsAsTable(rows: readonly Row[]): string {
  const columns = Object.keys(rows[0] ?? {});
  const head = columns.map(asWords);
  return tableOf([head, ...rows.map((row) => columns.map((column) => cellText(row[column] ?? null)))]);
}

/** A value for people: three digits that mean something, and whole numbers as they are. */
export function cellText(cell: Cell): string {
  if (cell === null) return UNKNOWN;
  if (typeof cell === 'string' || Number.isInteger(cell)) return String(cell);
  const size = Math.abs(cell);
  return cell.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : 2);
}

/** A name in code as words. */
export function asWords(name: string): string {
  return name.replaceAll('_', ' ');
}
