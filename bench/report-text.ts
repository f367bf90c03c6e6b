import type { BenchReport } from './benchmark.ts';
import { asWords, cellText, rowsAsTable } from './table.ts';

/** A report for people: tables, then conditions, then what was broken. */
export function reportText(name: string, { tables, conditions, flaws }: BenchReport): string {
  const parts = Object.entries(tables)
    .filter(([, rows]) => rows.length > 0)
    .map(([title, rows]) => `${asWords(title)}\n${rowsAsTable(rows)}`);
  const lines = Object.entries(conditions).map(([key, value]) => `${asWords(key)}: ${cellText(value)}`);
  const verdict = flaws.length === 0 ? [] : ['', ...flaws.map((flaw) => `BROKEN: ${flaw}`)];
  return [name, '', ...parts, ...lines, ...verdict, ''].join('\n');
}

/** A report for programs, as JSON. */
export function reportJson(name: string, { tables, conditions, flaws }: BenchReport): string {
  return `${JSON.stringify({ benchmark: name, conditions, ...tables, flaws }, roundedNumbers, 2)}\n`;
}

/** Microseconds are the last digits that mean anything. */
function roundedNumbers(_key: string, value: unknown): unknown {
  return typeof value === 'number' ? Number(value.toFixed(3)) : value;
}
