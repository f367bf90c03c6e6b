import type { AddCommands } from '../call.ts';
import { EXIT } from '../exit-codes.ts';

/** `posthorn doctor`: what is wrong with an installation, and what to do about it. */
export const addDoctor: AddCommands = (program, handle) => {
  const doctor = program
    .command('doctor')
    .description(
      'looks at name, API, version, clock, Postgres, Temporal, workers and key, and sends one signed event round',
    );
  handle(doctor, async ({ session }) => {
    const { examineAll, showFindings } = await import('./examine.ts');
    const findings = await examineAll(session);
    showFindings(session, findings);
    return findings.some(({ outcome }) => outcome === 'failed') ? EXIT.failed : EXIT.done;
  });
};
