import { runInterruptible } from './interruption.ts';
import { type LatencyOptions, type LatencyReport, measureLatency } from './latency.ts';
import { latencyText } from './latency-text.ts';
import { numberOption, parseOptions, UsageError, withUsage } from './options.ts';

const USAGE = `usage: npm run bench -- latency [options]

  latency   publishes 1 KB events for one endpoint at fixed times and measures publish → receipt

  --rate <n>         events a second (5)
  --seconds <n>      how long to publish (30)
  --warm-up <n>      events before the measurement (100)
  --dispatch <mode>  POSTHORN_DISPATCH: auto or each (auto)
  --json             print the report as JSON and nothing else on standard output
                     (npm prints lines of its own unless called as: npm run --silent bench -- …)

It runs a Posthorn of its own on loopback, in a temporary directory that is removed at the end.
Exit code: 0, or 1 where an acknowledged event was lost or an event came twice.
`;

const OPTIONS = {
  rate: { type: 'string' },
  seconds: { type: 'string' },
  'warm-up': { type: 'string' },
  dispatch: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

await runInterruptible(async (signal) => await withUsage(USAGE, async () => await main(signal)));

async function main(signal: AbortSignal): Promise<number> {
  const { values, rest } = parseOptions(process.argv.slice(2), OPTIONS);
  if (values.help === true) {
    process.stdout.write(USAGE);
    return 0;
  }
  const [subcommand, ...surplus] = rest;
  if (subcommand !== 'latency') throw new UsageError(`there is no subcommand "${subcommand ?? ''}"`);
  if (surplus.length > 0) throw new UsageError(`"${surplus.join(' ')}" is too much`);
  const report = await measureLatency(latencyOptions(values, signal));
  process.stdout.write(
    values.json === true ? `${JSON.stringify(report, roundedNumbers, 2)}\n` : latencyText(report),
  );
  return isFlawless(report) ? 0 : 1;
}

function latencyOptions(
  values: Readonly<Record<string, string | boolean | undefined>>,
  signal: AbortSignal,
): LatencyOptions {
  const { dispatch = 'auto' } = values;
  if (dispatch !== 'auto' && dispatch !== 'each') {
    throw new UsageError(`--dispatch=${String(dispatch)} must be auto or each`);
  }
  return {
    ratePerSecond: numberOption(values.rate, { name: 'rate', fallback: 5, least: 0.1, most: 10_000 }),
    seconds: numberOption(values.seconds, { name: 'seconds', fallback: 30, least: 1, most: 86_400 }),
    warmUpEvents: Math.round(
      numberOption(values['warm-up'], { name: 'warm-up', fallback: 100, least: 0, most: 100_000 }),
    ),
    dispatch,
    signal,
    onProgress: (line) => void process.stderr.write(`${line} …\n`),
  };
}

/** Microseconds are the last digits that mean anything. */
function roundedNumbers(_key: string, value: unknown): unknown {
  return typeof value === 'number' ? Number(value.toFixed(3)) : value;
}

function isFlawless({ counts }: LatencyReport): boolean {
  return counts.lost === 0 && counts.duplicates === 0 && counts.acknowledged === counts.sent;
}
