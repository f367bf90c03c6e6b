import type { BenchContext, Benchmark } from './benchmark.ts';
import { BENCHMARKS } from './benchmarks.ts';
import { runInterruptible } from './measure/interruption.ts';
import {
  type BenchOption,
  choiceOption,
  numberOption,
  parseOptions,
  UsageError,
  withUsage,
} from './options.ts';
import { reportJson, reportText } from './report-text.ts';

const USAGE = `usage: npm run bench -- <subcommand> [options]

${BENCHMARKS.map(({ name, summary }) => `  ${name.padEnd(12)}${summary}\n`).join('')}
  --json      print the report as JSON and nothing else on standard output
              (npm prints lines of its own unless called as: npm run --silent bench -- …)
  --help      tell the options of a subcommand

Each runs a Posthorn of its own on loopback, in a temporary directory that is removed at the end.
Exit code: 0, or 1 where an acknowledged event was lost, an event came twice, or another promise was broken.
`;

const COMMON = { json: { type: 'boolean' }, help: { type: 'boolean' } } as const;

const [first, ...further] = process.argv.slice(2);
const benchmark = BENCHMARKS.find(({ name }) => name === first);

await runInterruptible(async (signal) => {
  if (benchmark !== undefined) {
    return await withUsage(usageOf(benchmark), async () => await main(benchmark, { args: further, signal }));
  }
  return await withUsage(USAGE, async () => withoutSubcommand());
});

function withoutSubcommand(): number {
  if (first !== undefined && !first.startsWith('-'))
    throw new UsageError(`there is no subcommand "${first}"`);
  parseOptions(process.argv.slice(2), COMMON);
  process.stdout.write(USAGE);
  return 0;
}

async function main(
  { name, options, run }: Benchmark,
  { args, signal }: { readonly args: readonly string[]; readonly signal: AbortSignal },
): Promise<number> {
  const own = Object.keys(options).map((option) => [option, { type: 'string' }] as const);
  const { values, rest } = parseOptions(args, { ...Object.fromEntries(own), ...COMMON });
  if (values.help === true) {
    process.stdout.write(usageOf({ name, options, summary: '', run }));
    return 0;
  }
  if (rest.length > 0) throw new UsageError(`"${rest.join(' ')}" is too much`);
  const report = await run(contextOf(options, { values, signal }));
  process.stdout.write(values.json === true ? reportJson(name, report) : reportText(name, report));
  return report.flaws.length === 0 ? 0 : 1;
}

type Values = Readonly<Record<string, string | boolean | undefined>>;

/** Reads all options at once, so that a wrong one is told before anything is started. */
function contextOf(
  options: Benchmark['options'],
  { values, signal }: { readonly values: Values; readonly signal: AbortSignal },
): BenchContext {
  const read = new Map(
    Object.entries(options).map(([name, option]) => [name, readOption(values[name], { name, option })]),
  );
  return {
    number: (name) => Number(read.get(name)),
    choice: (name) => String(read.get(name)),
    given: (name) => values[name] !== undefined,
    signal,
    onProgress: (line) => void process.stderr.write(`${line} …\n`),
  };
}

function readOption(
  given: string | boolean | undefined,
  { name, option }: { readonly name: string; readonly option: BenchOption },
): number | string {
  if (option.kind === 'choice') return choiceOption(given, { name, choices: option.choices });
  return numberOption(given, { name, ...option });
}

function usageOf({ name, options }: Benchmark): string {
  const summary = BENCHMARKS.find((candidate) => candidate.name === name)?.summary ?? '';
  const lines = Object.entries(options).map(([option, description]) => {
    const usual = description.kind === 'choice' ? description.choices[0] : description.fallback;
    return `  --${option.padEnd(14)}${description.summary} (${usual})\n`;
  });
  return `usage: npm run bench -- ${name} [options]\n\n  ${summary}\n\n${lines.join('')}\n  --json          print JSON\n`;
}
