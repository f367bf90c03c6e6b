import { readFileSync } from 'node:fs';
import { parseOptions, withUsage } from '../../bench/options.ts';
import { readExceptions } from './audit-exceptions.ts';
import { judgeAudit } from './judge-audit.ts';
import { runNpm } from './run-npm.ts';

const EXCEPTIONS_FILE = '.ci/audit-exceptions.json';

const USAGE = `usage: npm run audit -- [options]

Asks the registry for advisories on what production installs, and fails on each of severity low or above that
${EXCEPTIONS_FILE} does not except; also on exceptions that are over or not needed.

  --strict   fails, too, where the registry offers no advisories, so that nothing could be audited

Exit code: 0, or 1 where it fails.
`;

const OPTIONS = { strict: { type: 'boolean' }, help: { type: 'boolean' } } as const;

process.exitCode = await withUsage(USAGE, main);

async function main(): Promise<number> {
  const { values } = parseOptions(process.argv.slice(2), OPTIONS);
  if (values.help === true) {
    process.stdout.write(USAGE);
    return 0;
  }
  const exceptions = readExceptions(readFileSync(EXCEPTIONS_FILE, 'utf8'));
  const { output, errors } = await runNpm(['audit', '--omit=dev', '--json']);
  const today = new Date().toISOString().slice(0, 10);
  const { isAudited, notes, problems } = judgeAudit(parse(output, errors), { exceptions, today });
  for (const line of notes) process.stdout.write(`audit: ${line}\n`);
  for (const line of problems) process.stderr.write(`audit: ${line}\n`);
  if (problems.length > 0 || (values.strict === true && !isAudited)) return 1;
  if (isAudited) process.stdout.write('audit: no other advisory concerns what production installs\n');
  return 0;
}

/** What npm wrote, as text where it is no JSON; `judgeAudit` makes nothing good of that. */
function parse(output: string, errors: string): unknown {
  try {
    return JSON.parse(output);
  } catch {
    return output + errors;
  }
}
