import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FAULTS } from './faults.ts';
import { MUTANTS } from './mutants.ts';
import { type Evidence, type EvidencePlan, isCaught } from './try-all.ts';

/** A busy machine is some seconds late. */
const NOTABLE_SKEW_SECONDS = 60;
const DIRECTORY = join('docs', 'evidence');

/**
 * The report for people, and with `keeps` also as files of the run's moment, Markdown and JSON.
 * @returns its text and file
 */
export function writeReport(
  evidence: Evidence,
  { keeps, now = new Date() }: { readonly keeps: boolean; readonly now?: Date },
): { readonly text: string; readonly file: string | null } {
  const text = reportOf(evidence, now);
  if (!keeps) return { text, file: null };
  mkdirSync(DIRECTORY, { recursive: true });
  const name = `${now.toISOString().slice(0, 16).replace(/[-:]/g, '')}-seed-${evidence.plan.seed}`;
  const file = join(DIRECTORY, `${name}.md`);
  writeFileSync(file, text);
  writeFileSync(join(DIRECTORY, `${name}.json`), `${JSON.stringify(plainOf(evidence), null, 2)}\n`);
  return { text, file };
}

function plainOf({ plan, conditions, faults, mutants, seconds, isConvincing }: Evidence): object {
  const { seed, ratePerSecond } = plan;
  return {
    is_convincing: isConvincing,
    seed,
    seconds_a_fault: plan.seconds,
    events_a_second: ratePerSecond,
    seconds,
    conditions,
    faults: faults.map(({ fault, verdict, missing, brokeOff, seconds: took }) => ({
      name: fault.name,
      ...verdict,
      ...(missing !== null && { missing }),
      ...(brokeOff !== null && { broke_off: brokeOff }),
      seconds: took,
    })),
    mutants: mutants.map(({ mutant, verdict, unmutated }) => ({
      name: mutant.name,
      fault: mutant.fault.name,
      is_caught: isCaught({ mutant, verdict }),
      verdict,
      unmutated,
    })),
  };
}

/** What has the same done again: faults and mutants are named where some were chosen. */
function commandOf({ seed, seconds, ratePerSecond, faults, mutants }: EvidencePlan): string {
  const choices = [
    choiceOf('faults', { chosen: faults, all: FAULTS }),
    choiceOf('mutants', { chosen: mutants, all: MUTANTS }),
  ].join('');
  return `npm run evidence -- --seed ${seed} --seconds ${seconds} --rate ${ratePerSecond}${choices}`;
}

interface Named {
  readonly name: string;
}

function choiceOf(
  option: string,
  { chosen, all }: { readonly chosen: readonly Named[]; readonly all: readonly Named[] },
): string {
  const names = chosen.map(({ name }) => name).join(',');
  if (names === all.map(({ name }) => name).join(',')) return '';
  return ` --${option} ${names === '' ? 'none' : names}`;
}

const FAULT_COLUMNS = [
  'fault',
  'attempted',
  'acknowledged',
  'delivered',
  'lost',
  'unexpected',
  'duplicated',
  'came although not acknowledged',
  'worst delay',
  'recovery',
];

function reportOf(evidence: Evidence, now: Date): string {
  const { plan, conditions, faults, mutants, seconds } = evidence;
  return `# Evidence of ${now.toISOString().slice(0, 10)}, seed ${plan.seed}

${outcomeOf(evidence)}
[How to read this](README.md).

Run again: \`${commandOf(plan)}\`.
It took ${Math.ceil(seconds / 60)} minutes.

## Faults

| ${FAULT_COLUMNS.join(' | ')} |
| --- | ---: | ---: | ---: | ---: | ---: | --- | --- | ---: | ---: |
${faults.map(faultLine).join('')}
${faults.map(summaryLine).join('')}
## Delays

Milliseconds from publish to the first arrival, by when it was published and to which endpoints.

| fault | endpoints, when | events | p50 | p99 | worst |
| --- | --- | ---: | ---: | ---: | ---: |
${faults.map(delayLines).join('')}
## Mutants

Each is Posthorn with one line broken on purpose, under one fault. It is caught where the ledgers show it. Posthorn as
it is, under the same fault with the same seed, must lose nothing.

| mutant | fault | caught | lost | unexpected | unexplained duplicates | unmutated: lost |
| --- | --- | --- | ---: | ---: | ---: | ---: |
${mutants.map(mutantLine).join('')}
${mutants.map(({ mutant }) => `- \`${mutant.name}\`: ${mutant.summary}.\n`).join('')}
## Conditions

${Object.entries(conditions)
  .map(([name, value]) => `- ${name.replaceAll('_', ' ')}: ${String(value)}\n`)
  .join('')}
## Limits

One machine, one run, one seed. No power was cut and no disk lied: a stopped Postgres recovers from what the operating
system kept. Every process shares one clock, except where a fault moves it. Temporal is its development server. The rate
is low on purpose, so that the machine is not the fault. What is not in the list of faults was not tried.
`;
}

function outcomeOf({ faults, mutants, isConvincing }: Evidence): string {
  const tried = faults.flatMap(({ verdict }) => verdict ?? []);
  const sum = (count: (verdict: (typeof tried)[number]) => number): number =>
    tried.reduce((total, verdict) => total + count(verdict), 0);
  const acknowledged = sum((verdict) => verdict.acknowledged);
  const lost = `${sum((verdict) => verdict.lost)} of ${acknowledged} acknowledged events lost`;
  const unexpected = `${sum((verdict) => verdict.unexpected)} unexpected`;
  const caught = `${mutants.filter(isCaught).length} of ${mutants.length} mutants caught`;
  return `${isConvincing ? 'Every promise held' : '**Something was broken**'}: ${lost},
${unexpected}, over ${tried.length} faults; ${caught}.`;
}

function summaryLine({ fault, verdict }: Evidence['faults'][number]): string {
  const { worst_clock_skew_s: skew = 0, gone = 0 } = verdict ?? {};
  const offNote = skew < NOTABLE_SKEW_SECONDS ? '' : ` Signed times were up to ${skew} s off.`;
  const goneNote = gone === 0 ? '' : ` ${gone} were answered with 410, after which nothing more is owed.`;
  return `- \`${fault.name}\`: ${fault.summary}.${offNote}${goneNote}\n`;
}

function faultLine({ fault, verdict, missing, brokeOff }: Evidence['faults'][number]): string {
  const why = missing === null ? `broke off: ${brokeOff}` : `not tried: ${missing}`;
  if (verdict === null) return `| ${fault.name} | ${why} | | | | | | | | |\n`;
  const delays = Object.values(verdict.delays).map(({ worst_ms: worst }) => worst);
  const cells = [
    fault.name,
    verdict.attempted,
    verdict.acknowledged,
    verdict.delivered,
    verdict.lost,
    verdict.unexpected,
    countsText(verdict.duplicated),
    countsText(verdict.recovered),
    secondsText(Math.max(0, ...delays)),
    verdict.recovery_ms === null ? 'never' : secondsText(verdict.recovery_ms),
  ];
  return `| ${cells.join(' | ')} |\n`;
}

function delayLines({ fault, verdict }: Evidence['faults'][number]): string {
  return Object.entries(verdict?.delays ?? {})
    .sort(([one], [other]) => one.localeCompare(other))
    .map(
      ([when, { count, p50_ms: p50, p99_ms: p99, worst_ms: worst }]) =>
        `| ${[fault.name, when, count, p50, p99, worst].join(' | ')} |\n`,
    )
    .join('');
}

function mutantLine({ mutant, verdict, unmutated }: Evidence['mutants'][number]): string {
  const cells = [
    mutant.name,
    mutant.fault.name,
    isCaught({ mutant, verdict }) ? 'yes' : '**no**',
    verdict.lost,
    verdict.unexpected,
    verdict.duplicated.unexplained ?? 0,
    unmutated.lost,
  ];
  return `| ${cells.join(' | ')} |\n`;
}

function countsText(counts: Readonly<Record<string, number>>): string {
  const parts = Object.entries(counts).map(([name, count]) => `${count} ${name}`);
  return parts.length === 0 ? '0' : parts.join(', ');
}

function secondsText(milliseconds: number): string {
  return `${(milliseconds / 1_000).toFixed(1)} s`;
}
