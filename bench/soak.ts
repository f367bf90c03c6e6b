import { runInterruptible } from './measure/interruption.ts';
import { numberOption, parseOptions, UsageError, withUsage } from './options.ts';
import { alerts } from './soaks/soak-alerts.ts';
import { deadWorker } from './soaks/soak-dead-worker.ts';
import { deliveries } from './soaks/soak-deliveries.ts';
import { elsewhere } from './soaks/soak-elsewhere.ts';
import { held } from './soaks/soak-held.ts';
import { hostileRequests } from './soaks/soak-hostile-requests.ts';
import { killLoop } from './soaks/soak-kill-loop.ts';
import { malformedRequests } from './soaks/soak-malformed-requests.ts';
import { oneAlert } from './soaks/soak-one-alert.ts';
import { ordered } from './soaks/soak-ordered.ts';
import { receivers } from './soaks/soak-receivers.ts';
import { replay } from './soaks/soak-replay.ts';
import type { Check, SoakContext, SoakScenario } from './soaks/soak-scenario.ts';
import { temporalOutage } from './soaks/soak-temporal-outage.ts';
import { transportFailures } from './soaks/soak-transport-failures.ts';
import { versions } from './soaks/soak-versions.ts';
import { POSTGRES_CHOICES } from './stage/provide-postgres.ts';
import { readStage } from './stage/stage.ts';
import { tableOf } from './table.ts';

const SCENARIOS: readonly SoakScenario[] = [
  transportFailures,
  malformedRequests,
  hostileRequests,
  killLoop,
  deadWorker,
  temporalOutage,
  deliveries,
  held,
  ordered,
  replay,
  elsewhere,
  receivers,
  versions,
  alerts,
  oneAlert,
];

const OPTIONS = {
  count: { type: 'string' },
  rate: { type: 'string' },
  kills: { type: 'string' },
  outage: { type: 'string' },
  postgres: { type: 'string' },
  from: { type: 'string' },
  only: { type: 'string' },
  help: { type: 'boolean' },
} as const;
const OUTAGE_SECONDS = 60;

const USAGE = `usage: npm run soak -- [scenario…] [options]

${SCENARIOS.map(({ name, summary, defaultCount }) => `  ${name.padEnd(20)}${summary} (${defaultCount})\n`).join('')}
  --count <n>         instead of the number in brackets
  --rate <n>          events a second, where they are published at a rate (200)
  --kills <n>         SIGKILLs of kill-loop, which then publishes for as long as that takes
  --outage <seconds>  how long Temporal stays away (${OUTAGE_SECONDS})
  --from <revision>   the version that versions replaces: the last tag, or where there is none, the commit itself
  --only <alerts>     the alerts, parted by commas, whose drills are run
  --postgres <which>  ${POSTGRES_CHOICES.join(', ')} (embedded), as for npm run bench

Without a name all of them run, one after another.
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
  const common = {
    rate:
      values.rate === undefined
        ? null
        : numberOption(values.rate, { name: 'rate', fallback: 0, least: 0.1, most: 10_000 }),
    kills:
      values.kills === undefined
        ? null
        : numberOption(values.kills, { name: 'kills', fallback: 0, least: 1, most: 10_000 }),
    outageSeconds: numberOption(values.outage, {
      name: 'outage',
      fallback: OUTAGE_SECONDS,
      least: 1,
      most: 86_400,
    }),
    from: typeof values.from === 'string' ? values.from : null,
    only: typeof values.only === 'string' ? values.only.split(',') : null,
    stage: readStage(values),
    signal,
  };
  const runs = scenarios.map((scenario) => ({ scenario, count: countOf(scenario, values.count) }));
  const checks: Check[] = [];
  for (const { scenario, count } of runs) checks.push(...(await runOne(scenario, { ...common, count })));
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
  settings: Omit<SoakContext, 'onProgress'>,
): Promise<readonly Check[]> {
  const startedAt = performance.now();
  const seconds = (): string => `${((performance.now() - startedAt) / 1_000).toFixed(0)} s`;
  const onProgress = (line: string): void => void process.stderr.write(`${name}, ${seconds()}: ${line}\n`);
  const checks = await run({ ...settings, onProgress });
  const rows = checks.map(({ promise, measured, kept }) => [
    `  ${kept ? 'kept  ' : 'BROKEN'} ${promise}`,
    measured,
  ]);
  process.stdout.write(`${name} (${settings.count}) took ${seconds()}\n${tableOf(rows)}\n`);
  return checks;
}
