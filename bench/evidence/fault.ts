import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { NamedWorker, Scene } from './scene.ts';
import type { StageServers } from './stage-servers.ts';

/** Something that goes wrong while events are published. */
export interface Fault {
  readonly name: string;
  /** What is done, for the report. */
  readonly summary: string;
  /** Why it cannot be tried on this machine; null where it can. */
  readonly missing?: () => string | null;
  /** Servers other than the usual ones. */
  readonly startServers?: () => Promise<StageServers>;
  /** How long the receiver thinks, so that there is something in flight; 30 ms where absent. */
  readonly thinkMs?: number;
  /** What its workers are started with. */
  readonly workerEnvironment?: Readonly<Record<string, string>>;
  /** Once workers run and before anything is published. */
  readonly prepare?: (scene: Scene) => Promise<void>;
  /** What the endpoints have instead of the usual. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Does it for so many seconds, and mends it. */
  inject(context: FaultContext): Promise<void>;
}

export interface FaultContext extends Scene {
  readonly seconds: number;
  /** How long what a worker has claimed is its own. */
  readonly leaseSeconds: number;
  /** Workers that run at this moment; who kills one starts another. */
  readonly workers: NamedWorker[];
  /** Endpoints, by path. */
  readonly paths: readonly string[];
}

/** Whoever was told of an answer so shortly before may not have written it down. */
export const REACH_MS = 5_000;

/**
 * Notes the beginning and the end of a fault in the injector's ledger around doing it.
 * @param hits whose requests may be repeated
 */
export async function during(
  { injector, onProgress }: Pick<Scene, 'injector' | 'onProgress'>,
  {
    fault,
    hits = '*',
    reachMs = REACH_MS,
  }: { fault: string; hits?: readonly string[] | '*'; reachMs?: number },
  work: () => Promise<void>,
): Promise<void> {
  onProgress(fault);
  injector.note({ kind: 'start', fault, hits, reachMs });
  try {
    await work();
  } finally {
    injector.note({ kind: 'stop', fault });
  }
}

/** Waits in the middle of a fault. */
export async function pass(seconds: number, signal: AbortSignal): Promise<void> {
  await sleep(seconds * 1_000, undefined, { signal });
}

/** One of the workers, by chance, which is no longer among those that run. */
export function takeWorker({ workers, random }: Pick<FaultContext, 'workers' | 'random'>): NamedWorker {
  return takeAt(workers, Math.floor(random() * workers.length));
}

/** Likewise the one that has sent last; one that has nothing to do would not be missed. */
export function takeBusyWorker({ workers, receiverFile }: FaultContext): NamedWorker {
  const ledger = readFileSync(receiverFile, 'utf8');
  const lastOf = ({ name }: NamedWorker): number => ledger.lastIndexOf(`"sender":${JSON.stringify(name)}`);
  return takeAt(workers, workers.indexOf(workers.reduce((a, b) => (lastOf(b) > lastOf(a) ? b : a))));
}

function takeAt(workers: NamedWorker[], index: number): NamedWorker {
  const [taken] = workers.splice(index, 1);
  if (taken === undefined) throw new Error('there is no worker to lay hands on');
  return taken;
}
