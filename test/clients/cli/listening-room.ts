import { resolve } from 'node:path';
import { type Posthorn, startPosthorn } from '../../support/processes/posthorn.ts';
import type { RunningProcess } from '../../support/processes/processes.ts';
import type { CuttableNetwork } from '../../support/receivers/cuttable-network.ts';
import { type Desk, startDesk } from '../../support/receivers/desk.ts';
import { type Cli, type CliRun, createCli } from './run.ts';

const READY = /^ready {2}(ep_\w{26}) {2}(whsec_\S+) {2}→ (\S+)\n/m;

/** What every event here carries: emoji, and numbers that no parser of JavaScript keeps. */
export const DATA = '{"job_id":"🎺 ü","big":9223372036854775807,"exact":1.10}';

/** `listen` in this process: resolves `ready` with id, secret and URL. */
interface Listening {
  readonly ready: Promise<RegExpMatchArray>;
  readonly run: Promise<CliRun>;
}

/** A running instance, programs at desks, and the command line between them. */
export interface ListeningRoom {
  readonly posthorn: Posthorn;
  readonly cli: Cli;
  readonly desks: readonly Desk[];
  openDesk(...where: Parameters<typeof startDesk>): Promise<Desk>;
  listen(args: readonly string[]): Listening;
  /** `listen` as a process of its own, behind a network. */
  startProcess(desk: Desk, network: CuttableNetwork, customer?: string): Promise<RunningProcess>;
  /** @returns the id of the event */
  publish(customerId: string, event?: string): Promise<string>;
  close(): Promise<void>;
}

/** Opens one, by the times for tests. */
export async function openListeningRoom(): Promise<ListeningRoom> {
  const posthorn = await startPosthorn({ environment: { POSTHORN_TIMING: 'test' } });
  await posthorn.startWorker();
  const cli = createCli(surroundings());
  const desks: Desk[] = [];
  return { posthorn, cli, desks, openDesk, listen, startProcess, publish, close };

  async function openDesk(...where: Parameters<typeof startDesk>): Promise<Desk> {
    const desk = await startDesk(...where);
    desks.push(desk);
    return desk;
  }

  function surroundings(url = posthorn.url()): Readonly<Record<string, string>> {
    const { POSTHORN_ADMIN_KEY = '' } = posthorn.environment;
    return { POSTHORN_URL: url, POSTHORN_API_KEY: POSTHORN_ADMIN_KEY };
  }

  function listen(args: readonly string[]): Listening {
    let isReady: (match: RegExpMatchArray) => void = () => {};
    const ready = new Promise<RegExpMatchArray>((settle) => {
      isReady = settle;
    });
    let out = '';
    const onOut = (text: string): void => {
      out += text;
      const match = READY.exec(out);
      if (match !== null) isReady(match);
    };
    return { ready, run: cli.run(['listen', ...args], { onOut }) };
  }

  async function startProcess(
    desk: Desk,
    network: CuttableNetwork,
    customer = 'gaps',
  ): Promise<RunningProcess> {
    const program = resolve('dist/clients/cli/main.js');
    const args = [program, 'listen', String(desk.port), '--customer', customer];
    const started = posthorn.processes.start(process.execPath, args, {
      ...surroundings(network.url),
      HOME: cli.directory,
    });
    await started.waitForOutput(/^ready {2}/m);
    return started;
  }

  async function publish(customer_id: string, event = 'job.completed'): Promise<string> {
    const body = `{"event":"${event}","customer_id":"${customer_id}","data":${DATA}}`;
    const answer = await fetch(`${posthorn.url()}/v1/events`, {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${posthorn.environment.POSTHORN_ADMIN_KEY}`,
        'Content-Type': 'application/json',
      },
      body,
    });
    const { id } = (await answer.json()) as { readonly id: string };
    return id;
  }

  async function close(): Promise<void> {
    cli.remove();
    await posthorn.stop();
    for (const desk of desks) await desk.close();
  }
}
