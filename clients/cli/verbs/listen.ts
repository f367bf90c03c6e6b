import { chmodSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { AddCommands } from '../call.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { pastTime } from '../input/times.ts';
import { listed, repeated, wholeFrom } from '../input/values.ts';
import type { Listener, ListenerEvents, ListenerSettings } from '../listen/listener.ts';
import { clock, showForwarded } from '../listen/show-forwarded.ts';
import { type Target, targetsOf } from '../listen/target.ts';
import { present } from '../present.ts';
import type { Session } from '../session.ts';
import { UsageError } from '../usage-error.ts';

interface ListenOptions {
  readonly events?: readonly string[];
  readonly customer?: string;
  readonly allCustomers?: boolean;
  readonly path?: string;
  readonly header?: readonly string[];
  readonly forward?: readonly string[];
  readonly skipTlsVerify?: boolean;
  readonly exitAfter?: number;
  readonly endpoint?: string;
  readonly since?: string;
  readonly printSecret?: boolean;
  readonly secretFile?: string;
}

const TIMEOUT_MS = 30_000;

/** `posthorn listen`: events as they come, forwarded to a program on this machine. */
export const addListen: AddCommands = (program, handle) => {
  const listen = program
    .command('listen [target]')
    .description('forwards events to a program on this machine, signed as an endpoint gets them')
    .option('--events <types>', 'types between commas, such as job.*; all without it', listed)
    .option('--customer <id>', 'the events of this customer')
    .option('--all-customers', 'the events of all customers')
    .option('--endpoint <id>', 'the events that this endpoint gets: of its customer and its types')
    .option('--since <time>', 'also what was accepted then or later: RFC 3339, or 10m', pastTime)
    .option('--path <path>', 'behind the target')
    .option('--header <name:value>', 'sent besides; repeatable', repeated)
    .option('--forward <name=url>', 'another target, which gets every event too; repeatable', repeated)
    .option('--skip-tls-verify', 'takes any certificate of the target')
    .option('--secret-file <file>', 'writes the secret of this session there, for its owner’s eyes')
    .option('--print-secret', 'prints the secret that the same command will sign with, and ends')
    .option('--exit-after <n>', 'ends after so many answers', wholeFrom(1))
    .addHelpText('after', HELP);
  handle<ListenOptions>(listen, async ({ args: [target], session, options }) => {
    const targets = targetsOf(target, options);
    await checkOptions(session, options, targets.length);
    const audience = await audienceOf(session, options);
    const settings: ListenerSettings = {
      ...audience,
      headers: headersOf(options.header ?? []),
      skipTlsVerify: options.skipTlsVerify === true,
      timeoutMs: session.options.timeout ?? TIMEOUT_MS,
    };
    const { Listener } = await import('../listen/listener.ts');
    const make: Make = (target, events) => new Listener(session, { target, settings, events });
    if (options.printSecret === true) return await printSecrets(session, targets, make);
    return await listenUntilDone(session, { targets, make, settings, options });
  });
};

type Make = (target: Target, events: ListenerEvents) => Listener;

async function checkOptions(session: Session, options: ListenOptions, targets: number): Promise<void> {
  const { allCustomers, customer, endpoint, events, secretFile } = options;
  if (allCustomers === true && customer !== undefined)
    throw new UsageError('--customer and --all-customers exclude each other.');
  if (endpoint !== undefined && (customer ?? allCustomers ?? events) !== undefined)
    throw new UsageError(
      '--endpoint says whose events and which: leave out --customer, --all-customers and --events.',
    );
  if (secretFile !== undefined && targets > 1)
    throw new UsageError('--secret-file is for one target: each has a secret of its own.');
  if (allCustomers === true && !isLocal(session.access.url))
    await session.confirm(`Take the events of all customers of ${session.access.url}?`);
}

async function audienceOf(
  session: Session,
  { endpoint: id, allCustomers, customer, events }: ListenOptions,
): Promise<Pick<ListenerSettings, 'customerId' | 'events'>> {
  if (id === undefined)
    return { customerId: allCustomers === true ? null : customer, events: events ?? ['*'] };
  const endpoint = present(
    await session.posthorn.api.GET('/v1/endpoints/{id}', { params: { path: { id } } }),
  );
  return { customerId: endpoint.customer_id, events: endpoint.events };
}

const HELP = `
The target is a port (3000), a port with a path (3000/hook), or a URL. What comes while nobody listens is held for 15 minutes
and delivered when the same command runs again in the same directory; after that it is counted, and said to be missed.
Ctrl-C removes the endpoint.`;

async function printSecrets(session: Session, targets: readonly Target[], make: Make): Promise<ExitCode> {
  for (const target of targets) {
    const { secret } = await make(target, toldTo(session)).put();
    session.output.write(`${secret}\n`);
  }
  return EXIT.done;
}

async function listenUntilDone(
  session: Session,
  {
    targets,
    make,
    settings,
    options: { exitAfter = Number.POSITIVE_INFINITY, since, secretFile },
  }: {
    readonly targets: readonly Target[];
    readonly make: Make;
    readonly settings: ListenerSettings;
    readonly options: ListenOptions;
  },
): Promise<ExitCode> {
  const told = toldTo(session);
  const onReady: ListenerEvents['onReady'] = async (target, listener) => {
    if (secretFile !== undefined) keepSecret(session, secretFile, listener.secret);
    await told.onReady(target, listener);
    if (since !== undefined && !listener.resumed) await catchUp(session, { since, settings, listener });
  };
  let forwarded = 0;
  return await new Promise<ExitCode>((resolve, reject) => {
    const onForwarded: ListenerEvents['onForwarded'] = (one) => {
      told.onForwarded(one);
      forwarded += 1;
      if (forwarded === exitAfter) end(() => resolve(EXIT.done));
    };
    const listeners = targets.map((target) => make(target, { ...told, onReady, onForwarded }));
    let isEnding = false;
    const end = (settle: () => void): void => {
      if (isEnding) return;
      isEnding = true;
      void Promise.all(listeners.map(async (listener) => await listener.remove())).then(settle);
    };
    for (const listener of listeners) listener.run().catch((error: unknown) => end(() => reject(error)));
  });
}

async function catchUp(
  session: Session,
  {
    since,
    settings: { customerId, events },
    listener,
  }: {
    readonly since: string;
    readonly settings: ListenerSettings;
    readonly listener: { readonly id: string };
  },
): Promise<void> {
  const { sendEarlier } = await import('../listen/send-earlier.ts');
  const count = await sendEarlier(session, { listenerId: listener.id, customerId, events, since });
  session.output.note(`${clock()}  ${count} earlier events are coming`);
}

function keepSecret({ io }: Session, file: string, secret: string): void {
  const path = resolve(io.directory, file);
  writeFileSync(path, `${secret}\n`, { mode: 0o600 });
  chmodSync(path, 0o600);
}

function toldTo(session: Session): ListenerEvents {
  const { output, io, options } = session;
  return {
    onReady: async ({ url }, { id, secret }) => {
      const line = `ready  ${id}  ${secret}  → ${url.href}\n`;
      if (output.isJson || options.output !== undefined) io.err(line);
      else output.write(line);
    },
    onForwarded: (forwarded) => showForwarded(session, forwarded),
    onMissed: ({ name }, { count, capped, after, before }) => {
      const what = `missed ${capped ? 'more than ' : ''}${count} events between ${after} and ${before}`;
      const where = `posthorn events list --since ${after} --until ${before} --all`;
      output.note(`${clock()}  ${name === '' ? '' : `${name}: `}${what}, when nobody listened: ${where}`);
    },
    onConnection: ({ name }, text) => output.note(`${clock()}  ${name === '' ? '' : `${name}: `}${text}`),
  };
}

function headersOf(texts: readonly string[]): Readonly<Record<string, string>> {
  const pairs = texts.map((text) => {
    const [, name, value] = /^([^:\s]+):\s*(.*)$/.exec(text) ?? [];
    if (name === undefined || value === undefined) throw new UsageError('--header takes name:value.');
    return [name, value];
  });
  return Object.fromEntries(pairs);
}

function isLocal(url: string): boolean {
  return /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(new URL(url).hostname);
}
