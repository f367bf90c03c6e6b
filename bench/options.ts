import { parseArgs } from 'node:util';

/** The command line makes no sense; the message says which part of it. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export interface OptionTypes {
  readonly [name: string]: { readonly type: 'boolean' | 'string' };
}

/** An option of a subcommand: a number in a range, or one of some words. */
export type BenchOption = NumberOption | ChoiceOption;

interface NumberOption {
  readonly kind: 'number';
  readonly summary: string;
  readonly fallback: number;
  readonly least: number;
  readonly most: number;
}

interface ChoiceOption {
  readonly kind: 'choice';
  readonly summary: string;
  /** The first one is the fallback. */
  readonly choices: readonly string[];
}

/** Splits arguments into options and the rest. @throws UsageError for options that are not in the list */
export function parseOptions(
  args: readonly string[],
  options: OptionTypes,
): {
  readonly values: Readonly<Record<string, string | boolean | undefined>>;
  readonly rest: readonly string[];
} {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { ...options },
      allowPositionals: true,
    });
    return { values: values as Record<string, string | boolean | undefined>, rest: positionals };
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/**
 * Reads an option that is a number in a range.
 * @throws UsageError naming the option, what was given and what is wanted
 */
export function numberOption(
  given: string | boolean | undefined,
  { name, fallback, least, most }: { name: string; fallback: number; least: number; most: number },
): number {
  if (given === undefined) return fallback;
  const value = Number(given);
  if (given === '' || !(value >= least && value <= most)) {
    throw new UsageError(`--${name}=${String(given)} must be a number from ${least} to ${most}`);
  }
  return value;
}

/** Reads an option that is one of some words, the first by default. @throws UsageError as `numberOption` does */
export function choiceOption(
  given: string | boolean | undefined,
  { name, choices }: { readonly name: string; readonly choices: readonly string[] },
): string {
  const value = String(given ?? choices[0]);
  if (!choices.includes(value)) throw new UsageError(`--${name}=${value} must be ${choices.join(' or ')}`);
  return value;
}

/** Runs a command line program; where its arguments make no sense it tells how they would, and the exit code is 2. */
export async function withUsage(usage: string, program: () => Promise<number>): Promise<number> {
  try {
    return await program();
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\n\n${usage}`);
    return 2;
  }
}
