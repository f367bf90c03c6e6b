import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AddCommands, Call } from '../call.ts';
import { DELIVERY_COLUMNS } from '../columns.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { durationMs } from '../input/times.ts';
import { readJson, readSecret, repeated, wholeFrom } from '../input/values.ts';
import { ACCEPTED_COLUMNS } from '../nouns/events.ts';
import { present } from '../present.ts';
import type { Session } from '../session.ts';
import { UsageError } from '../usage-error.ts';
import { sampleOf, setAt, unsetAt } from './sample.ts';

interface TriggerOptions {
  readonly customer?: string;
  readonly data?: string;
  readonly set?: readonly string[];
  readonly unset?: readonly string[];
  readonly to?: string;
  readonly secretFile?: string;
  readonly count: number;
  readonly idempotencyKey?: string;
  readonly wait?: boolean;
  readonly waitFor: number;
}

type Data = Record<string, unknown>;

const LOOK_FOR_END_EVERY_MS = 250;
const ENDED = ['delivered', 'dead', 'cancelled', 'skipped'];

/** `posthorn trigger`: publishes a sample of a type, or signs and sends one without any server. */
export const addTrigger: AddCommands = (program, handle) => {
  const trigger = program
    .command('trigger <type>')
    .description('publishes a sample of a type, made of its schema and changed as you like')
    .option('--customer <id>', 'whose event it is; needed with an operator’s key')
    .option('--data <json>', 'this instead of the sample: JSON, @file, or - for standard input')
    .option('--set <path=value>', 'changes a member, such as error.code=E7; repeatable', repeated)
    .option('--unset <path>', 'removes a member; repeatable', repeated)
    .option('--to <url>', 'signs it and sends it there, without any server; needs a secret')
    .option('--secret-file <file>', 'the secret for --to; else POSTHORN_WEBHOOK_SECRET')
    .option('--count <n>', 'so many of them', wholeFrom(1), 1)
    .option('--idempotency-key <key>', 'the same key makes the same event')
    .option('--wait', 'waits for each delivery’s end; fails where one ends dead')
    .option('--wait-for <duration>', 'the longest wait', durationMs, 60_000);
  handle<TriggerOptions>(trigger, async (call) =>
    call.options.to === undefined ? await publishSamples(call) : await sendSample(call, call.options.to),
  );
};

async function publishSamples(call: Call<TriggerOptions>): Promise<ExitCode> {
  const {
    session,
    args: [event = ''],
    options,
  } = call;
  const { customer, count, idempotencyKey } = options;
  if (idempotencyKey !== undefined && count > 1)
    throw new UsageError('one --idempotency-key makes one event: not with --count');
  const data = await dataOf(call, async () => await sampleFromCatalogue(session, event));
  let result: ExitCode = EXIT.done;
  for (let n = 0; n < count; n += 1) {
    const accepted = await session.posthorn.publish(
      { event, data, ...(customer !== undefined && { customer_id: customer }) },
      idempotencyKey === undefined ? {} : { idempotencyKey },
    );
    session.show(accepted, ACCEPTED_COLUMNS);
    if (options.wait === true)
      result = (await awaitDeliveries(session, accepted.id, options.waitFor)) || result;
  }
  return result;
}

async function sampleFromCatalogue({ posthorn }: Session, name: string): Promise<unknown> {
  const type = present(await posthorn.api.GET('/v1/event-types/{name}', { params: { path: { name } } }));
  return sampleOf(type.schema ?? {});
}

async function dataOf(
  { session, options }: Call<TriggerOptions>,
  sample: () => Promise<unknown>,
): Promise<Data> {
  const data =
    options.data === undefined ? await sample() : await readJson(session.io, options.data, '--data');
  if (typeof data !== 'object' || data === null || Array.isArray(data))
    throw new UsageError('the data must be a JSON object');
  for (const change of options.set ?? []) setAt(data as Data, change);
  for (const path of options.unset ?? []) unsetAt(data as Data, path);
  return data as Data;
}

/** Shows how each delivery of an event ends. */
async function awaitDeliveries(session: Session, eventId: string, waitForMs: number): Promise<ExitCode> {
  const { output, posthorn, io } = session;
  const until = Date.now() + waitForMs;
  for (;;) {
    const query = { event_id: eventId, limit: 100 };
    const { items } = present(await posthorn.api.GET('/v1/deliveries', { params: { query } }));
    if (items.every(({ status }) => ENDED.includes(status))) {
      output.table(items, DELIVERY_COLUMNS);
      return items.some(({ status }) => status === 'dead') ? EXIT.failed : EXIT.done;
    }
    if (Date.now() > until) {
      output.table(items, DELIVERY_COLUMNS);
      output.note(`Not all have ended within ${waitForMs / 1_000} s.`);
      return EXIT.failed;
    }
    await sleep(LOOK_FOR_END_EVERY_MS, undefined, { signal: io.signal });
  }
}

/** Signs as Posthorn does and sends it itself, for receivers that no instance reaches yet. */
async function sendSample(call: Call<TriggerOptions>, url: string): Promise<ExitCode> {
  const {
    session,
    args: [event = ''],
    options,
  } = call;
  if (!URL.canParse(url)) throw new UsageError('--to must be a URL');
  const secret = readSecret(session.io, options.secretFile);
  const data = await dataOf(call, async () => ({}));
  const { signDelivery } = await import('../../../src/signature/sign.ts');
  const { body, headers } = signDelivery({
    event,
    deliveryId: `del_${randomUUID().replaceAll('-', '').slice(0, 26).toUpperCase()}`,
    attempt: 1,
    dataText: JSON.stringify(data),
    timestamp: new Date(),
    secrets: { primary: secret, additional: [] },
  });
  const response = await fetch(url, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json; charset=utf-8', 'x-webhook-event': event },
    body: new Uint8Array(body),
    redirect: 'manual',
    signal: session.io.signal,
  });
  session.output.write(`${response.status}\n`);
  session.output.note((await response.text()).slice(0, 2_000));
  return response.ok ? EXIT.done : EXIT.failed;
}
