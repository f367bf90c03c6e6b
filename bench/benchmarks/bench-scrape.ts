import { setTimeout as sleep } from 'node:timers/promises';
import { readFigures } from '../../test/support/metrics/figures.ts';
import type { BenchContext, Benchmark, BenchReport, Row } from '../benchmark.ts';
import { type LoadResult, lossesIn, runLoad } from '../load/load.ts';
import { waitForEnds } from '../load/settled.ts';
import { type Counted, compareCounters, freePagePorts, isEqual, type Known } from '../measure/counters.ts';
import { distributionOf } from '../measure/distribution.ts';
import { requestsIn } from '../measure/ledger.ts';
import { measureIn, warmUp } from '../measure/measure-in.ts';

/** What it takes to read the pages of figures while everything is busy, and whether they tell the truth afterwards. */
export const scrape: Benchmark = {
  name: 'scrape',
  summary:
    'reading both /metrics every second at full load: how long, what deliveries lose by it, and if it is true',
  options: {
    events: { kind: 'number', summary: 'events a load', fallback: 20_000, least: 100, most: 10_000_000 },
    publishers: { kind: 'number', summary: 'publishers at a time', fallback: 100, least: 1, most: 128 },
  },
  run,
};

/** Promised for each page while the load is full. */
const MOST_MS = 100;
const EVERY_MS = 1_000;
const WARM_UP_EVENTS = 500;
const END_MS = 120_000;

async function run(context: BenchContext): Promise<BenchReport> {
  const [events, publishers] = [context.number('events'), context.number('publishers')];
  const ports = await freePagePorts();
  const environment = { POSTHORN_METRICS_PORT: String(ports.api) };
  const options = { conditions: { events, publishers }, rawConnections: publishers, environment };
  return await measureIn(context, options, async (setting) => {
    await setting.installation.startWorker({ POSTHORN_METRICS_PORT: String(ports.worker) });
    await setting.createEndpoint(0);
    const warmed = Math.min(WARM_UP_EVENTS, events);
    await warmUp(setting, { ...context, events: warmed, sideBySide: publishers });
    const load = { events, publishers, signal: context.signal };
    context.onProgress('a load without readers');
    const alone = await runLoad(setting, { ...load, name: 'alone' });
    context.onProgress('a load that is read every second');
    const over = new AbortController();
    const reading = Promise.all(
      Object.entries(ports).map(async (page) => await readAgain(page, over.signal)),
    );
    const read = await runLoad(setting, { ...load, name: 'read' });
    over.abort();
    const pages = await reading;
    await waitForEnds(setting.postgres, { timeoutMs: END_MS, signal: context.signal });
    const counters = await compareCounters(ports, knownFrom({ loads: [alone, read], warmed }));
    return reportOf({ pages, alone, read, counters });
  });
}

interface Page extends Row {
  readonly page: string;
  readonly reads: number;
  readonly p50_ms: number | null;
  readonly worst_ms: number | null;
}

async function readAgain([page, port]: readonly [string, number], over: AbortSignal): Promise<Page> {
  const times: number[] = [];
  while (!over.aborted) {
    const beganAt = performance.now();
    await readFigures(port);
    times.push(performance.now() - beganAt);
    await sleep(EVERY_MS, undefined, { signal: over }).catch(() => undefined);
  }
  const spread = distributionOf(times);
  return { page, reads: times.length, p50_ms: spread?.p50 ?? null, worst_ms: spread?.max ?? null };
}

interface Loads {
  readonly loads: readonly LoadResult[];
  readonly warmed: number;
}

function knownFrom({ loads, warmed }: Loads): Known {
  const sumOfLoads = (count: (load: LoadResult) => number): number =>
    loads.reduce((sum, load) => sum + count(load), warmed);
  return {
    acknowledged: sumOfLoads(({ counts }) => counts.acknowledged),
    requests: sumOfLoads(({ ledger }) => requestsIn(ledger)),
  };
}

interface Found {
  readonly pages: readonly Page[];
  readonly alone: LoadResult;
  readonly read: LoadResult;
  readonly counters: readonly Counted[];
}

function reportOf({ pages, alone, read, counters }: Found): Omit<BenchReport, 'conditions'> {
  return {
    tables: {
      pages,
      deliveries: [
        { load: 'not read', delivered_per_second: alone.deliveredPerSecond },
        { load: 'read', delivered_per_second: read.deliveredPerSecond },
      ],
      counters,
    },
    flaws: [
      ...lossesIn(alone.counts, 'not read'),
      ...lossesIn(read.counts, 'read'),
      ...pages
        .filter(({ worst_ms: worst }) => worst === null || worst > MOST_MS)
        .map(({ page, worst_ms: worst }) => `${page}: a read took ${worst?.toFixed(0)} ms`),
      ...counters
        .filter((row) => !isEqual(row))
        .map(({ counter, told, ledger }) => `${counter} is ${told}, not ${ledger}`),
    ],
  };
}
