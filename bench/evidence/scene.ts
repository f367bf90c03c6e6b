import { join, resolve } from 'node:path';
import type { RunningProcess } from '../../test/support/processes/processes.ts';
import { createRunDirectory } from '../../test/support/processes/test-run.ts';
import { removeDirectory } from '../../test/support/remove-directory.ts';
import { type Installation, startInstallation } from '../stage/installation.ts';
import { type Link, startLink } from '../stage/link.ts';
import { type Stage, USUAL_STAGE } from '../stage/stage.ts';
import { type LedgerFile, openLedgerFile } from './ledger-file.ts';
import { createProducer, type Producer } from './producer.ts';
import type { StageServers } from './stage-servers.ts';

/** Everything that a fault can lay its hands on. All of it is reached by links, so that each can go wrong by itself. */
export interface Scene {
  readonly installation: Installation;
  readonly servers: StageServers;
  readonly links: Readonly<Record<LinkName, Link>>;
  readonly producer: Producer;
  readonly injector: LedgerFile;
  readonly files: readonly string[];
  readonly receiverFile: string;
  /** From the seed: the same for the same. */
  readonly random: () => number;
  readonly signal: AbortSignal;
  readonly onProgress: (line: string) => void;
  /** Starts a worker with a name that its requests carry. */
  startWorker(environment?: Readonly<Record<string, string>>): Promise<NamedWorker>;
  /** Tells the receiver what to do with an endpoint's requests, or how long to think before all answers. */
  tellReceiver(wish: ReceiverWish): Promise<void>;
}

export type LinkName = 'postgres' | 'temporal' | 'receiver';

/** A worker, and what its requests say in `User-Agent`. */
export interface NamedWorker {
  readonly name: string;
  readonly process: RunningProcess;
}

/** See actors/receiver.mjs. */
export interface ReceiverWish {
  readonly path?: string;
  readonly does?: '500' | '429' | '410' | 'hang' | 'reset' | 'slow' | 'take';
  readonly delayMs?: number;
}

export interface SceneOptions {
  readonly servers: StageServers;
  /** The checkout whose built program is put to the test; this one where null. */
  readonly checkout: string | null;
  readonly run: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly random: () => number;
  readonly signal: AbortSignal;
  readonly onProgress: (line: string) => void;
}

const RECEIVER = resolve('bench/evidence/actors/receiver.mjs');

/** Runs work in a scene and takes it down afterwards, its ledgers too, also where that fails. The servers stay. */
export async function inScene<T>(options: SceneOptions, work: (scene: Scene) => Promise<T>): Promise<T> {
  const directory = createRunDirectory();
  const opened: (() => Promise<void> | void)[] = [() => removeDirectory(directory)];
  try {
    return await work(await open(options, { directory, opened }));
  } finally {
    for (const close of opened.reverse()) await close();
  }
}

async function open(
  options: SceneOptions,
  { directory, opened }: { directory: string; opened: (() => Promise<void> | void)[] },
): Promise<Scene> {
  const { servers, signal, onProgress, random } = options;
  const linkTo = async (port: number): Promise<Link> => {
    const link = await startLink(port);
    opened.push(link.close);
    return link;
  };
  const postgres = await linkTo(Number(new URL(servers.postgres.url).port));
  const temporal = await linkTo(Number(servers.temporal.address.split(':').at(-1)));
  const installation = await startInstallation({
    stage: stageOf(options),
    signal,
    onProgress,
    environment: { ...servers.environment, ...options.environment, POSTHORN_SHUTDOWN_DELAY_SECONDS: '0' },
    servers: {
      postgres: { ...servers.postgres, url: through(servers.postgres.url, postgres) },
      temporal: { ...servers.temporal, address: `127.0.0.1:${temporal.port}` },
    },
  });
  opened.push(installation.stop);
  const ledgers = {
    publisher: openLedgerFile(join(directory, 'publisher.jsonl')),
    injector: openLedgerFile(join(directory, 'injector.jsonl')),
  };
  opened.push(ledgers.publisher.close, ledgers.injector.close);
  const receiverFile = join(directory, 'receiver.jsonl');
  const actor = installation.startProgram(RECEIVER, [receiverFile]);
  const [, receiverPort = ''] = await actor.waitForOutput(/"port":(\d+)/);
  const receiver = await linkTo(Number(receiverPort));
  let workers = 0;
  return {
    installation,
    servers,
    links: { postgres, temporal, receiver },
    producer: createProducer({ ...installation, run: options.run, ledger: ledgers.publisher }),
    injector: ledgers.injector,
    files: [ledgers.publisher.file, ledgers.injector.file, receiverFile],
    receiverFile,
    random,
    signal,
    onProgress,
    async startWorker(environment = {}) {
      workers += 1;
      const name = `worker-${workers}`;
      const process = await installation.startWorker({ ...environment, POSTHORN_USER_AGENT: name });
      return { name, process };
    },
    tellReceiver: async (wish) =>
      void (await fetch(`http://127.0.0.1:${receiverPort}/-/behave`, {
        method: 'POST',
        body: JSON.stringify(wish),
      })),
  };
}

function stageOf({ checkout }: SceneOptions): Stage {
  return { ...USUAL_STAGE, checkout };
}

function through(url: string, { port }: Link): string {
  return Object.assign(new URL(url), { port: String(port) }).href;
}
