import type { AddCommands } from '../call.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { listed, repeated, wholeFrom } from '../input/values.ts';
import type { RelayedAnswer, RelayedRequest } from '../listen/forward.ts';
import type { ListenerEvents, ListenerSettings } from '../listen/listener.ts';
import { type Target, targetsOf } from '../listen/target.ts';
import { printable } from '../output/text.ts';
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
    .option('--path <path>', 'behind the target')
    .option('--header <name:value>', 'sent besides; repeatable', repeated)
    .option('--forward <name=url>', 'another target, which gets every event too; repeatable', repeated)
    .option('--skip-tls-verify', 'takes any certificate of the target')
    .option('--exit-after <n>', 'ends after so many answers', wholeFrom(1))
    .addHelpText('after', HELP);
  handle<ListenOptions>(listen, async ({ args: [target], session, options }) => {
    const targets = targetsOf(target, options);
    if (options.allCustomers === true && options.customer !== undefined)
      throw new UsageError('--customer and --all-customers exclude each other.');
    if (options.allCustomers === true && !isLocal(session.access.url))
      await session.confirm(`Take the events of all customers of ${session.access.url}?`);
    const settings: ListenerSettings = {
      customerId: options.allCustomers === true ? null : options.customer,
      events: options.events ?? ['*'],
      headers: headersOf(options.header ?? []),
      skipTlsVerify: options.skipTlsVerify === true,
      timeoutMs: session.options.timeout ?? TIMEOUT_MS,
    };
    return await listenUntilDone(session, { targets, settings, exitAfter: options.exitAfter });
  });
};

const HELP = `
The target is a port (3000), a port with a path (3000/hook), or a URL. What comes while nobody listens is held for 15 minutes
and delivered when the same command runs again in the same directory; Ctrl-C removes the endpoint.`;

async function listenUntilDone(
  session: Session,
  {
    targets,
    settings,
    exitAfter = Number.POSITIVE_INFINITY,
  }: {
    readonly targets: readonly Target[];
    readonly settings: ListenerSettings;
    readonly exitAfter?: number | undefined;
  },
): Promise<ExitCode> {
  const { Listener } = await import('../listen/listener.ts');
  let forwarded = 0;
  return await new Promise<ExitCode>((resolve, reject) => {
    const listeners = targets.map(
      (target) =>
        new Listener(session, {
          target,
          settings,
          events: {
            ...toldTo(session),
            onForwarded: (...facts) => {
              show(session, ...facts);
              forwarded += 1;
              if (forwarded === exitAfter) end(() => resolve(EXIT.done));
            },
          },
        }),
    );
    let isEnding = false;
    const end = (settle: () => void): void => {
      if (isEnding) return;
      isEnding = true;
      void Promise.all(listeners.map(async (listener) => await listener.remove())).then(settle);
    };
    for (const listener of listeners) listener.run().catch((error: unknown) => end(() => reject(error)));
  });
}

function toldTo(session: Session): Omit<ListenerEvents, 'onForwarded'> {
  const { output, io } = session;
  return {
    onReady: ({ url }, { id, secret }) => {
      const line = `ready  ${id}  ${secret}  → ${url.href}\n`;
      if (output.isJson) io.err(line);
      else output.write(line);
    },
    onConnection: ({ name }, text) => output.note(`${clock()}  ${name === '' ? '' : `${name}: `}${text}`),
  };
}

function show(
  { output }: Session,
  { name, url }: Target,
  request: RelayedRequest,
  answer: RelayedAnswer,
): void {
  const delivery = {
    event: headerOf(request, 'event'),
    delivery_id: headerOf(request, 'delivery'),
    attempt: Number(headerOf(request, 'attempt')),
  };
  const { status_code, error_code = null, error_detail = null, duration_ms } = answer;
  if (output.isJson) {
    const facts = { target: name || url.href, status_code, error_code, error_detail, duration_ms };
    output.write(`${JSON.stringify({ ...delivery, ...facts })}\n`);
    return;
  }
  const cells = [
    clock(),
    ...(name === '' ? [] : [name]),
    delivery.event,
    delivery.delivery_id,
    String(status_code ?? error_code),
    `${Math.round(duration_ms)} ms`,
    ...(error_detail ? [error_detail] : []),
  ];
  output.write(`${cells.map(printable).join(output.isTable ? '  ' : '\t')}\n`);
}

/** By its ending: what comes before is the choice of the installation. */
function headerOf({ headers }: RelayedRequest, ending: string): string {
  const found = Object.entries(headers).find(([name]) => name.toLowerCase().endsWith(`-${ending}`));
  return found?.[1] ?? '-';
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

function clock(): string {
  return new Date().toTimeString().slice(0, 8);
}
