import { chmodSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Session } from '../session.ts';
import type { ListenOutput } from './listen-output.ts';
import { Listener, type ListenerEvents, type ListenerSettings } from './listener.ts';
import { sendEarlier } from './send-earlier.ts';
import { clock, showForwarded } from './show-forwarded.ts';
import type { Target } from './target.ts';

/** Where to forward to, and what. */
export interface Listening {
  readonly targets: readonly Target[];
  readonly settings: ListenerSettings;
  /** Ends after so many answers. */
  readonly exitAfter?: number;
  /** New listeners also get what was accepted since then, RFC 3339. */
  readonly since?: string;
  /** Gets the secret. */
  readonly secretFile?: string;
  /** Which answers are shown, and how. */
  readonly output: ListenOutput;
}

/** Prints what each target will be signed with. */
export async function printSecrets(
  session: Session,
  { targets, settings, output }: Listening,
): Promise<ExitCode> {
  const events = toldTo(session, output);
  for (const target of targets) {
    const { secret } = await new Listener(session, { target, settings, events }).put();
    session.output.write(`${secret}\n`);
  }
  return EXIT.done;
}

/** Listens for all targets until so many answers are there, or Ctrl-C. @throws PosthornProblem, UsageError */
export async function listenUntilDone(
  session: Session,
  { targets, settings, exitAfter = Number.POSITIVE_INFINITY, since, secretFile, output }: Listening,
): Promise<ExitCode> {
  const told = toldTo(session, output);
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
    const listeners = targets.map(
      (target) => new Listener(session, { target, settings, events: { ...told, onReady, onForwarded } }),
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
  const count = await sendEarlier(session, { listenerId: listener.id, customerId, events, since });
  session.output.note(`${clock()}  ${count} earlier events are coming`);
}

function keepSecret({ io }: Session, file: string, secret: string): void {
  const path = resolve(io.directory, file);
  writeFileSync(path, `${secret}\n`, { mode: 0o600 });
  chmodSync(path, 0o600);
}

function toldTo(session: Session, mode: ListenOutput): ListenerEvents {
  const { output, io, options } = session;
  return {
    onReady: async ({ url }, { id, secret }) => {
      const line = `ready  ${id}  ${secret}  → ${url.href}\n`;
      if (mode === 'jsonl' || options.outputFile !== undefined) io.err(line);
      else output.write(line);
    },
    onForwarded: (forwarded) => showForwarded(session, forwarded, mode),
    onMissed: ({ name }, { count, capped, after, before }) => {
      const what = `missed ${capped ? 'more than ' : ''}${count} events between ${after} and ${before}`;
      const where = `posthorn events list --since ${after} --until ${before} --all`;
      output.note(`${clock()}  ${name === '' ? '' : `${name}: `}${what}, when nobody listened: ${where}`);
    },
    onConnection: ({ name }, text) => output.note(`${clock()}  ${name === '' ? '' : `${name}: `}${text}`),
  };
}
