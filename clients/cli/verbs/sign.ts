import type { AddCommands } from '../call.ts';
import { readJsonText, readSecret } from '../input/values.ts';
import { UsageError } from '../usage-error.ts';

interface SignOptions {
  readonly data: string;
  readonly secretFile?: string;
  readonly event: string;
  readonly deliveryId: string;
  readonly now?: string;
}

/** `posthorn sign`: the body and headers that Posthorn would send. Asks no server. */
export const addSign: AddCommands = (program, handle) => {
  const sign = program
    .command('sign')
    .description(
      'makes the body and the headers that Posthorn would send, to test a receiver with; asks no server',
    )
    .requiredOption('--data <json>', 'the event’s data: JSON, @file, or - for standard input')
    .option('--secret-file <file>', 'the endpoint’s secret; else POSTHORN_WEBHOOK_SECRET')
    .option('--event <type>', 'the type', 'job.completed')
    .option('--delivery-id <id>', 'the delivery’s id', 'del_00000000000000000000000000')
    .option('--now <time>', 'signed at this time, RFC 3339');
  handle<SignOptions>(sign, async ({ session, options }) => {
    const { io, output } = session;
    const timestamp = options.now === undefined ? new Date() : new Date(options.now);
    if (Number.isNaN(timestamp.getTime())) throw new UsageError('--now must be an RFC 3339 time');
    const { text } = await readJsonText(io, options.data, '--data');
    const { signDelivery } = await import('../../../src/signature/sign.ts');
    const { body, headers } = signDelivery({
      event: options.event,
      deliveryId: options.deliveryId,
      attempt: 1,
      dataText: text,
      timestamp,
      secrets: { primary: readSecret(io, options.secretFile), additional: [] },
    });
    if (output.isJson) output.write(`${JSON.stringify({ headers, body: body.toString() })}\n`);
    else {
      for (const [name, value] of Object.entries(headers)) output.note(`${name}: ${value}`);
      output.write(body.toString());
    }
  });
};
