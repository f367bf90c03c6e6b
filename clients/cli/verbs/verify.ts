import type { AddCommands } from '../call.ts';
import { EXIT } from '../exit-codes.ts';
import { durationMs } from '../input/times.ts';
import { readBytes, readSecret } from '../input/values.ts';
import type { Io } from '../io.ts';
import { UsageError } from '../usage-error.ts';

interface VerifyOptions {
  readonly bodyFile: string;
  readonly headerFile?: string;
  readonly secretFile?: string;
  readonly tolerance: number;
  readonly now?: string;
}

/** `posthorn verify`: whether a receiver has to accept a request, and why not. Asks no server. */
export const addVerify: AddCommands = (program, handle) => {
  const verify = program
    .command('verify')
    .description(
      'says whether a request that was received is genuine, and which rule it breaks; asks no server',
    )
    .requiredOption('--body-file <file>', 'the body as it came, byte for byte; - for standard input')
    .option('--header-file <file>', 'its headers, a line each; without them the body’s own signature decides')
    .option('--secret-file <file>', 'the endpoint’s secret; else POSTHORN_WEBHOOK_SECRET')
    .option('--tolerance <duration>', 'how far its timestamp may be from now', durationMs, 300_000)
    .option('--now <time>', 'judge its age by this time, RFC 3339');
  handle<VerifyOptions>(verify, async ({ session, options }) => {
    const { io, output } = session;
    const { bodyFile, headerFile, secretFile, tolerance, now } = options;
    if (now !== undefined && Number.isNaN(Date.parse(now)))
      throw new UsageError('--now must be an RFC 3339 time');
    const { diagnose } = await import('../../../src/signature/diagnosis/diagnose.ts');
    const { verified, checks } = diagnose({
      secret: readSecret(io, secretFile),
      rawBody: bodyFile === '-' ? await io.readInput() : readBytes(io, bodyFile),
      headers: headerFile === undefined ? undefined : readHeaders(io, headerFile),
      toleranceSeconds: tolerance / 1_000,
      ...(now !== undefined && { now: new Date(now) }),
    });
    if (output.isJson) output.write(`${JSON.stringify({ valid: verified, checks })}\n`);
    else
      output.table(checks, [
        ['rule', (one) => one.rule],
        ['', (one) => (one.passed ? 'ok' : 'FAILED')],
        ['what', (one) => one.message],
      ]);
    return verified ? EXIT.done : EXIT.failed;
  });
};

/** Lines of `Name: value`, as curl and browsers show them; a request line before them is passed over. */
function readHeaders(io: Io, file: string): Readonly<Record<string, readonly string[]>> {
  const headers: Record<string, string[]> = {};
  for (const line of readBytes(io, file).toString().split(/\r?\n/)) {
    const [, name = '', value = ''] = /^([\w-]+):\s*(.*)$/.exec(line) ?? [];
    if (name !== '') headers[name.toLowerCase()] = [...(headers[name.toLowerCase()] ?? []), value.trim()];
  }
  return headers;
}
