import { appendFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Io } from '../io.ts';
import { paintState, printable, type Style, styleOf } from './text.ts';

/** A column of a table: its head, and what stands in it. */
export type Column<Item> = readonly [head: string, cell: (item: Item) => string | number | null | undefined];

/** How data is written. */
export interface OutputOptions {
  readonly json?: boolean;
  readonly plain?: boolean;
  /** False by `--no-color`. */
  readonly color?: boolean;
  readonly quiet?: boolean;
  readonly outputFile?: string;
}

const EMPTY = '-';

/** Writes data to standard output, or a file, and everything else to standard error. */
export class Output {
  readonly isJson: boolean;
  /** Columns for people; else the same columns between tabs, without a head. */
  readonly isTable: boolean;
  readonly style: Style;
  readonly #io: Io;
  readonly #isQuiet: boolean;
  readonly #file: string | null;
  #hasFile = false;

  constructor(
    io: Io,
    { json = false, plain = false, color = true, quiet = false, outputFile }: OutputOptions,
  ) {
    this.#io = io;
    this.#isQuiet = quiet;
    this.#file = outputFile === undefined ? null : resolve(io.directory, outputFile);
    this.isJson = json;
    this.isTable = io.isTerminal && !plain && this.#file === null;
    this.style = styleOf(this.isTable && color && !io.environment.NO_COLOR && io.environment.TERM !== 'dumb');
  }

  /** Data, as it is; in a file, too, as soon as it is there. */
  write(text: string): void {
    if (this.#file === null) this.#io.out(text);
    else if (this.#hasFile) appendFileSync(this.#file, text);
    else writeFileSync(this.#file, text);
    this.#hasFile = true;
  }

  /** A line that is no data; kept back by `--quiet`. */
  note(line: string): void {
    if (!this.#isQuiet) this.#io.err(`${line}\n`);
  }

  /** Leaves an empty file where one was named and there was nothing to write. */
  finish(): void {
    if (!this.#hasFile) this.write('');
  }

  /** Rows of a table. */
  table<Item>(items: readonly Item[], columns: readonly Column<Item>[]): void {
    const rows = items.map((item) => columns.map(([, cell]) => printable(String(cell(item) ?? EMPTY))));
    if (!this.isTable) {
      for (const row of rows) this.write(`${row.join('\t')}\n`);
      return;
    }
    const heads = columns.map(([head]) => head);
    const widths = heads.map((head, at) =>
      Math.max(head.length, ...rows.map((row) => (row[at] ?? '').length)),
    );
    this.write(`${this.style.dim(layOut(heads, widths))}\n`);
    for (const row of rows) this.write(`${this.#paint(layOut(row, widths), row)}\n`);
  }

  /** One thing, a line a member: its columns from above to below. */
  details<Item>(item: Item, columns: readonly Column<Item>[]): void {
    const width = Math.max(...columns.map(([head]) => head.length));
    for (const [head, cell] of columns) {
      const text = printable(String(cell(item) ?? EMPTY));
      const value = this.isTable ? paintState(this.style, text) : text;
      this.write(this.isTable ? `${this.style.dim(head.padEnd(width))}  ${value}\n` : `${head}\t${value}\n`);
    }
  }

  #paint(line: string, row: readonly string[]): string {
    return row.reduce((painted, cell) => {
      const state = paintState(this.style, cell);
      return state === cell ? painted : painted.replace(new RegExp(`(?<= |^)${cell}(?= |$)`), state);
    }, line);
  }
}

function layOut(row: readonly string[], widths: readonly number[]): string {
  return row
    .map((cell, at) => cell.padEnd(widths[at] ?? 0))
    .join('  ')
    .trimEnd();
}
