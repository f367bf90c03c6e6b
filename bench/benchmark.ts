import type { BenchOption } from './options.ts';
import type { Stage } from './stage/stage.ts';

/** One value of a table: null where it could not be measured. */
export type Cell = string | number | null;

/** One line of a table by its columns; names say units and read as words with `_` for spaces. */
export type Row = Readonly<Record<string, Cell>>;

/** What a benchmark found out; printed as tables for people and as they are for programs. */
export interface BenchReport {
  /** On what it was measured, and with what settings. */
  readonly conditions: Row;
  readonly tables: Readonly<Record<string, readonly Row[]>>;
  /** Promises that were broken, such as a lost event; none where all is well. */
  readonly flaws: readonly string[];
}

/** What every benchmark gets. */
export interface BenchContext {
  /** The value of a declared option that is a number. */
  number(name: string): number;
  /** The value of a declared option that is a word. */
  choice(name: string): string;
  /** Whether the option stood on the command line. */
  given(name: string): boolean;
  readonly stage: Stage;
  readonly signal: AbortSignal;
  readonly onProgress: (line: string) => void;
}

/** A subcommand of `npm run bench`. */
export interface Benchmark {
  readonly name: string;
  readonly summary: string;
  readonly options: Readonly<Record<string, BenchOption>>;
  run(context: BenchContext): Promise<BenchReport>;
}
