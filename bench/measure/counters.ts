import { setTimeout as sleep } from 'node:timers/promises';
import getPort from 'get-port';
import { type Figure, readFigures, sumOf } from '../../test/support/metrics/figures.ts';
import type { Row } from '../benchmark.ts';

/** Where the pages of figures are. */
export type PagePorts = Readonly<Record<'api' | 'worker', number>>;

/** What a page has counted since its process began, beside what publisher and receiver know. */
export interface Counted extends Row {
  readonly counter: string;
  readonly told: number;
  readonly ledger: number;
}

/** What publisher and receiver know. */
export interface Known {
  readonly acknowledged: number;
  /** Of the receiver, refused ones too. */
  readonly requests: number;
}

/** A process counts what it has recorded a moment later. */
const COUNTED_MS = 15_000;
const LOOK_EVERY_MS = 250;

/** Free ports for an API and a worker. */
export async function freePagePorts(): Promise<PagePorts> {
  return { api: await getPort({ host: '127.0.0.1' }), worker: await getPort({ host: '127.0.0.1' }) };
}

/** Compares counters of one API and one worker, neither of which ended meanwhile, once all deliveries are delivered. */
export async function compareCounters(ports: PagePorts, known: Known): Promise<readonly Counted[]> {
  const until = performance.now() + COUNTED_MS;
  for (;;) {
    const found = await countersBeside(ports, known);
    if (found.every(isEqual) || performance.now() > until) return found;
    await sleep(LOOK_EVERY_MS);
  }
}

/** Whether a counter tells what the ledger knows. */
export function isEqual({ told, ledger }: Counted): boolean {
  return told === ledger;
}

async function countersBeside(
  ports: PagePorts,
  { acknowledged, requests }: Known,
): Promise<readonly Counted[]> {
  const [api, worker] = [await readFigures(ports.api), await readFigures(ports.worker)];
  const row = (figures: readonly Figure[], counter: string, labels: Figure['labels'], ledger: number) => ({
    counter: `${counter}${JSON.stringify(labels)}`,
    told: sumOf(figures, counter, labels),
    ledger,
  });
  return [
    row(api, 'posthorn_events_published_total', { result: 'accepted' }, acknowledged),
    row(worker, 'posthorn_delivery_attempts_total', {}, requests),
    row(worker, 'posthorn_deliveries_finished_total', { status: 'delivered' }, acknowledged),
  ];
}
