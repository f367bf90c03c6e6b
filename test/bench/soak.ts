import { runInterruptible } from './interruption.ts';
import { numberOption, parseOptions, UsageError, withUsage } from './options.ts';
import { deliveries } from './soak-deliveries.ts';
import { killLoop } from './soak-kill-loop.ts';
import type { Check, SoakScenario } from './soak-scenario.ts';
import { transportFailures } from './soak-transport-failures.ts';
import { tableOf } from './table.ts';

const SCENARIOS: readonly SoakScenario[] = [transportFailures, killLoop, deliveries];

const OPTIONS = { count: { type: 'string' }, help: { type: 'boolean' } } as const;

const USAGE = `usage: npm run soak -- [scenario…] [--count <n>]

${SCENARIOS.map(({ name, summary, defaultCount }) => `  ${name.padEnd(20)}${summary} (${defaultCount})\n`).join('')}
Without a name all of them run, one after another. --count replaces the number in brackets.
Each runs a Posthorn of its own on loopback, in a temporary directory that is removed at the end.
Exit code: 0, or 1 where a promise was broken.
`;

await runInterruptible(async (signal) => await withUsage(USAGE, async () => await main(signal)));

async function main(signal: AbortSignal): Promise<number> {
  const { values, rest } = parseOptions(process.argv.slice(2), OPTIONS);
  if (values.help === true) {
    process.stdout.write(USAGE);
    return 0;
  }
  const scenarios = rest.length === 0 ? SCENARIOS : rest.map(scenarioNamed);
  const runs = scenarios.map((scenario) => ({ scenario, count: countOf(scenario, values.count) }));
  const checks: Check[] = [];
  for (const { scenario, count } of runs) checks.push(...(await runOne(scenario, { count, signal })));
  return checks.every(({ kept }) => kept) ? 0 : 1;
}

function scenarioNamed(name: string): SoakScenario {
  const scenario = SCENARIOS.find((candidate) => candidate.name === name);
  if (scenario === undefined) throw new UsageError(`there is no scenario "${name}"`);
  return scenario;
}

function countOf({ defaultCount, leastCount }: SoakScenario, given: string | boolean | undefined): number {
  return Math.round(
    numberOption(given, { name: 'count', fallback: defaultCount, least: leastCount, most: 10_000_000 }),
  );
}

async function runOne(
  { name, run }: SoakScenario,
  { count, signal }: { readonly count: number; readonly signal: AbortSignal },
): Promise<readonly Check[]> {
  const startedAt = performance.now();
  const seconds = (): string => `${((performance.now() - startedAt) / 1_000).toFixed(0)} s`;
  const onProgress = (line: string): void => void process.stderr.write(`${name}, ${seconds()}: ${line}\n`);
  const checks = await run({ count, signal, onProgress });
  const rows = checks.map(({ promise, measured, kept }) => [
    `  ${kept ? 'kept  ' : 'BROKEN'} ${promise}`,
    measured,
  ]);
  process.stdout.write(`${name} (${count}) took ${seconds()}\n${tableOf(rows)}\n`);
  return checks;
}
