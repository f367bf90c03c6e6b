import { compare } from './against.ts';
import type { BenchContext, Benchmark, BenchReport } from './benchmark.ts';
import { BENCHMARKS } from './benchmarks.ts';
import { keepReport } from './keep-report.ts';
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
import { readOther, readStage, STAGE_USAGE, type Stage } from './stage/stage.ts';

const COMMON_USAGE = `
${STAGE_USAGE}\
  --keep                  keeps the figures as JSON in docs/performance/history
`;

const USAGE = `usage: npm run bench -- <subcommand> [options]

${BENCHMARKS.map(({ name, summary }) => `  ${name.padEnd(12)}${summary}\n`).join('')}
  --json      print the report as JSON and nothing else on standard output
              (npm prints lines of its own unless called as: npm run --silent bench -- …)
  --help      tell the options of a subcommand
${COMMON_USAGE}
Each runs a Posthorn of its own on loopback, in a temporary directory that is removed at the end.
Exit code: 0, or 1 where an acknowledged event was lost, an event came twice, or another promise was broken.
`;

const COMMON = {
  json: { type: 'boolean' },
  help: { type: 'boolean' },
  keep: { type: 'boolean' },
  against: { type: 'string' },
  'against-postgres': { type: 'string' },
  pairs: { type: 'string' },
  postgres: { type: 'string' },
  processes: { type: 'string' },
} as const;
const PAIRS = { name: 'pairs', fallback: 2, least: 1, most: 100 };

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
  const context = contextOf(options, { values, signal });
  const other = readOther(context.stage, values);
  const report =
    other === null
      ? await run(context)
      : await runAgainst(other, { run, context, pairs: numberOption(values.pairs, PAIRS) });
  const json = reportJson(name, {
    ...report,
    conditions: { ...report.conditions, arguments: args.join(' ') },
  });
  process.stdout.write(values.json === true ? json : reportText(name, report));
  if (values.keep === true) process.stderr.write(`kept as ${keepReport(name, json)}\n`);
  return report.flaws.length === 0 ? 0 : 1;
}

/** Runs both stages in turn, so that what slows the machine down meets both. */
async function runAgainst(
  other: Stage,
  { run, context, pairs }: { run: Benchmark['run']; context: BenchContext; pairs: number },
): Promise<BenchReport> {
  const sides = { ours: [] as BenchReport[], theirs: [] as BenchReport[] };
  for (let pair = 1; pair <= pairs; pair += 1) {
    context.onProgress(`pair ${pair}: this`);
    sides.ours.push(await run(context));
    context.onProgress(`pair ${pair}: the other`);
    sides.theirs.push(await run({ ...context, stage: other }));
  }
  const reports = [...sides.ours, ...sides.theirs];
  const { commit = null, stage = null } = sides.theirs[0]?.conditions ?? {};
  return {
    conditions: { ...sides.ours[0]?.conditions, other: `${commit}, ${stage}`, pairs },
    tables: { this_against_other: compare(sides), ...sides.ours.at(-1)?.tables },
    flaws: reports.flatMap(({ flaws }) => flaws),
  };
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
    stage: readStage(values),
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
  return (
    `usage: npm run bench -- ${name} [options]\n\n  ${summary}\n\n${lines.join('')}\n  ` +
    `--json          print JSON\n${COMMON_USAGE}`
  );
}
