import { FAULTS } from './evidence/faults.ts';
import { MUTANTS } from './evidence/mutants.ts';
import { type EvidencePlan, tryAll } from './evidence/try-all.ts';
import { writeReport } from './evidence/write-report.ts';
import { runInterruptible } from './measure/interruption.ts';
import { numberOption, parseOptions, UsageError, withUsage } from './options.ts';

const OPTIONS = {
  seed: { type: 'string' },
  faults: { type: 'string' },
  mutants: { type: 'string' },
  seconds: { type: 'string' },
  rate: { type: 'string' },
  keep: { type: 'boolean' },
  ledgers: { type: 'string' },
  help: { type: 'boolean' },
} as const;
const NONE = 'none';

const USAGE = `usage: npm run evidence -- --seed <n> [options]

faults
${FAULTS.map(({ name, summary }) => `  ${name.padEnd(24)}${summary}\n`).join('')}
mutants
${MUTANTS.map(({ name, summary }) => `  ${name.padEnd(24)}${summary}\n`).join('')}
options
  --seed <n>          decides what is hit and when (1)
  --faults <a,b>      only these; "none"
  --mutants <a,b>     only these; "none"
  --seconds <n>       how long each fault lasts (60)
  --rate <n>          events a second (40)
  --keep              writes the report to docs/evidence
  --ledgers <dir>     keeps the ledgers of each run there

Publishes events while things go wrong, has everything written down by independent processes, and has the ledgers judged
by a program that knows nothing of Posthorn. Then it breaks Posthorn on purpose, once a mutant, and expects to be told.
Exit code: 0, or 1 where an acknowledged event was lost, something came unasked, or a mutant was not caught.
`;

await runInterruptible(async (signal) => await withUsage(USAGE, async () => await main(signal)));

async function main(signal: AbortSignal): Promise<number> {
  const { values, rest } = parseOptions(process.argv.slice(2), OPTIONS);
  if (values.help === true) {
    process.stdout.write(USAGE);
    return 0;
  }
  if (rest.length > 0) throw new UsageError(`"${rest.join(' ')}" is too much`);
  const plan: EvidencePlan = {
    seed: numberOption(values.seed, { name: 'seed', fallback: 1, least: 0, most: 2 ** 31 - 1 }),
    faults: chosen(FAULTS, { names: values.faults, what: 'fault' }),
    mutants: chosen(MUTANTS, { names: values.mutants, what: 'mutant' }),
    seconds: numberOption(values.seconds, { name: 'seconds', fallback: 60, least: 4, most: 3_600 }),
    ratePerSecond: numberOption(values.rate, { name: 'rate', fallback: 40, least: 1, most: 1_000 }),
    ledgerDir: typeof values.ledgers === 'string' ? values.ledgers : null,
  };
  const startedAt = performance.now();
  const onProgress = (line: string): void => {
    const seconds = ((performance.now() - startedAt) / 1_000).toFixed(0);
    process.stderr.write(`${seconds.padStart(5)} s  ${line}\n`);
  };
  const evidence = await tryAll(plan, { signal, onProgress });
  const { text, file } = writeReport(evidence, { keeps: values.keep === true });
  process.stdout.write(text);
  if (file !== null) process.stderr.write(`kept as ${file}\n`);
  return evidence.isConvincing ? 0 : 1;
}

function chosen<T extends { readonly name: string }>(
  all: readonly T[],
  { names, what }: { readonly names: string | boolean | undefined; readonly what: string },
): readonly T[] {
  if (names === undefined) return all;
  if (names === NONE) return [];
  return String(names)
    .split(',')
    .map((name) => {
      const found = all.find((candidate) => candidate.name === name);
      if (found === undefined) throw new UsageError(`there is no ${what} "${name}"`);
      return found;
    });
}
