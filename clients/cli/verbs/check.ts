import { KEY_SCOPES, type KeyScope } from '../../typescript/key-scopes.ts';
import type { AddCommands } from '../call.ts';
import type { Finding } from '../doctor/finding.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { listedOf } from '../input/values.ts';

interface CheckOptions {
  readonly scopes?: readonly KeyScope[];
}

/** How it ends where this fails; all else is `failed`. */
const EXITS: Readonly<Record<string, ExitCode>> = {
  dns: EXIT.unreachable,
  api: EXIT.unreachable,
  key: EXIT.keyRefused,
};

/** `posthorn check`: whether what is configured here can be used, for CI; the server has its own for its roles. */
export const addCheck: AddCommands = (program, handle) => {
  const check = program
    .command('check')
    .description(
      'looks at instance, version, key and its scopes, for CI; changes nothing (roles of the server have their own)',
    )
    .option('--scopes <scopes>', 'fails unless the key has all of these', listedOf(KEY_SCOPES));
  handle<CheckOptions>(check, async ({ session, options }) => {
    const { examineSettings, showFindings } = await import('../doctor/examine.ts');
    const findings = await examineSettings(session, options.scopes ?? []);
    showFindings(session, findings);
    return exitCodeOf(findings);
  });
};

function exitCodeOf(findings: readonly Finding[]): ExitCode {
  const failure = findings.find(({ outcome }) => outcome === 'failed');
  if (failure === undefined) return EXIT.done;
  return EXITS[failure.check] ?? EXIT.failed;
}
