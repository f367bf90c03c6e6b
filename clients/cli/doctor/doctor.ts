import type { AddCommands } from '../call.ts';
import { EXIT } from '../exit-codes.ts';
import type { Session } from '../session.ts';
import type { Finding } from './check.ts';
import { lookAtApi, lookAtName } from './look-at-api.ts';
import { lookAtKey } from './look-at-key.ts';
import { lookAtRoundTrip } from './look-at-round-trip.ts';

/** `posthorn doctor`: what is wrong with an installation, and what to do about it. */
export const addDoctor: AddCommands = (program, handle) => {
  const doctor = program
    .command('doctor')
    .description(
      'looks at name, API, clock, Postgres, Temporal, workers and key, and sends one signed event round',
    );
  handle(doctor, async ({ session }) => {
    const findings = await examine(session);
    const { output } = session;
    if (output.isJson) output.write(`${JSON.stringify({ findings })}\n`);
    else
      output.table(findings, [
        ['check', (one) => one.check],
        ['', (one) => one.outcome],
        ['what', (one) => one.detail],
      ]);
    for (const { check, remedy } of findings) if (remedy !== null) output.note(`${check}: ${remedy}`);
    return findings.some(({ outcome }) => outcome === 'failed') ? EXIT.failed : EXIT.done;
  });
};

/** One after another; what needs an earlier one is left out where that failed. */
async function examine(session: Session): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const look of [lookAtName, lookAtApi, lookAtKey, lookAtRoundTrip]) {
    const found = await look(session);
    findings.push(...found);
    if (found.some(({ check, outcome }) => outcome === 'failed' && ['dns', 'api', 'key'].includes(check)))
      break;
  }
  return findings;
}
