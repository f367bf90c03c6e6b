import { Option } from 'commander';
import type { AddCommands } from '../call.ts';
import { pastTime } from '../input/times.ts';
import { listed, repeated, wholeFrom } from '../input/values.ts';
import { LISTEN_OUTPUTS, type ListenOutput } from '../listen/listen-output.ts';
import type { ListenerSettings } from '../listen/listener.ts';
import { targetsOf } from '../listen/target.ts';
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
  readonly output?: ListenOutput;
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
    .option(
      '--endpoint <id>',
      'the events of the customer and the types that this endpoint has ' +
        'now; its filter, headers and secret are left aside',
    )
    .option(
      '--since <time>',
      'a new listener also gets what was accepted then or later, of ' +
        'more than 1,000 events the latest: RFC 3339, or 10m',
      pastTime,
    )
    .option('--path <path>', 'behind the target')
    .option('--header <name:value>', 'sent besides; repeatable', repeated)
    .option('--forward <name=url>', 'another target, which gets every event too; repeatable', repeated)
    .option('--skip-tls-verify', 'takes any certificate of the target')
    .option('--secret-file <file>', 'writes the secret of this session there, for its owner’s eyes')
    .option('--print-secret', 'prints the secret that the same command will sign with, and ends')
    .option('--exit-after <n>', 'ends after so many answers', wholeFrom(1))
    .addOption(
      new Option(
        '--output <mode>',
        `${LISTEN_OUTPUTS.join(', ')}: a line an answer, those of failures only, or JSON as with --json`,
      ).choices(LISTEN_OUTPUTS),
    )
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
    const { listenUntilDone, printSecrets } = await import('../listen/run-listeners.ts');
    if (options.printSecret === true)
      return await printSecrets(session, { targets, settings, output: 'line' });
    const output = options.output ?? (session.output.isJson ? 'jsonl' : 'line');
    return await listenUntilDone(session, { targets, settings, ...options, output });
  });
};

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
The target is a port (3000), a port with a path (3000/hook), or a URL. What comes while nobody listens is held for 15
minutes and delivered when the same command runs again in the same directory; after that it is counted, and said to be
missed. Ctrl-C removes the endpoint.`;

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
