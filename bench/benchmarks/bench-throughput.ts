import type { BenchContext, Benchmark, BenchReport, Row } from '../benchmark.ts';
import { type LoadResult, lossesIn, runLoad } from '../load/load.ts';
import { CLIENTS, type Client as HttpClient } from '../load/post.ts';
import { EVENT_BYTES, KEYS, type Keys } from '../load/publisher.ts';
import { measureRaw } from '../load/raw-load.ts';
import { medianOf } from '../measure/distribution.ts';
import { type MeasuredSetting, measureIn, warmUp } from '../measure/measure-in.ts';
import { walBytes } from '../measure/postgres-bytes.ts';

/** Who publishes as fast as the API answers, and to whom. */
export const LOAD_OPTIONS = {
  publishers: { kind: 'number', summary: 'publishers at a time', fallback: 100, least: 1, most: 128 },
  endpoints: {
    kind: 'number',
    summary: 'endpoints',
    fallback: 100,
    least: 1,
    most: 1_000,
  },
  customers: {
    kind: 'number',
    summary: 'customers that share them',
    fallback: 20,
    least: 1,
    most: 1_000,
  },
} as const satisfies Benchmark['options'];

/** Publishes as fast as the API answers, end to end. */
export const throughput: Benchmark = {
  name: 'throughput',
  summary:
    'closed loop of publishers: deliveries a second end to end, against posting straight to the receiver',
  options: {
    events: { kind: 'number', summary: 'events a repeat', fallback: 20_000, least: 1, most: 10_000_000 },
    ...LOAD_OPTIONS,
    workers: { kind: 'number', summary: 'worker processes', fallback: 1, least: 1, most: 2 },
    client: {
      kind: 'choice',
      summary: 'by what is published, and posted for the raw rung',
      choices: CLIENTS,
    },
    keys: { kind: 'choice', summary: 'whose keys are shown', choices: KEYS },
    repeats: { kind: 'number', summary: 'how often; the medians count', fallback: 3, least: 1, most: 100 },
  },
  run,
};

const RAW_SECONDS = 3;
const WARM_UP_EVENTS = 500;

async function run(context: BenchContext): Promise<BenchReport> {
  const [events, publishers] = [context.number('events'), context.number('publishers')];
  const [workers, endpoints] = [context.number('workers'), context.number('endpoints')];
  const customers = context.number('customers');
  const conditions = { events, publishers, endpoints, customers, event_bytes: EVENT_BYTES };
  const client = context.choice('client') as HttpClient;
  const keys = context.choice('keys') as Keys;
  return await measureIn(
    context,
    { conditions, rawConnections: publishers, client, keys, customers },
    async (setting) => {
      for (let worker = 0; worker < workers; worker += 1) await setting.installation.startWorker();
      for (let endpoint = 0; endpoint < endpoints; endpoint += 1) await setting.createEndpoint(endpoint);
      await warmUp(setting, { ...context, events: Math.min(WARM_UP_EVENTS, events), sideBySide: publishers });
      const repeats: Repeat[] = [];
      for (let number = 1; number <= context.number('repeats'); number += 1) {
        const before = repeats.at(-1)?.rawAfter ?? setting.rawPerSecond;
        repeats.push(await repeat(context, { setting, number, rawBefore: before }));
      }
      return reportOf(repeats);
    },
  );
}

interface Repeat {
  readonly load: LoadResult;
  readonly walBytes: number;
  readonly rawBefore: number;
  readonly rawAfter: number;
}

async function repeat(
  context: BenchContext,
  { setting, number, rawBefore }: { setting: MeasuredSetting; number: number; rawBefore: number },
): Promise<Repeat> {
  const [events, publishers] = [context.number('events'), context.number('publishers')];
  const { signal, onProgress } = context;
  onProgress(`publishing ${events} events (${number})`);
  const endpointOf = (index: number): number => index % context.number('endpoints');
  const walBefore = await walBytes(setting.postgres);
  const load = await runLoad(setting, {
    name: `throughput-${number}`,
    events,
    publishers,
    endpointOf,
    signal,
  });
  const wal = (await walBytes(setting.postgres)) - walBefore;
  onProgress('measuring the raw rung again');
  const rawAfter = await measureRaw(setting, {
    connections: publishers,
    client: context.choice('client') as HttpClient,
    seconds: RAW_SECONDS,
    signal,
  });
  return { load, walBytes: wal, rawBefore, rawAfter };
}

function reportOf(repeats: readonly Repeat[]): Omit<BenchReport, 'conditions'> {
  const rows = repeats.map(({ load, walBytes: wal, rawBefore, rawAfter }, index) => {
    const raw = (rawBefore + rawAfter) / 2;
    return {
      run: String(index + 1),
      delivered_per_second: load.deliveredPerSecond,
      accepted_per_second: load.acceptedPerSecond,
      raw_per_second: raw,
      of_raw: load.deliveredPerSecond / raw,
      wal_bytes_per_delivery: wal / load.counts.received,
      lost: load.counts.lost,
      duplicates: load.counts.duplicates,
    };
  });
  const middle = (column: keyof (typeof rows)[number]): number =>
    medianOf(rows.map((row) => Number(row[column])));
  const median: Row = {
    run: 'median',
    delivered_per_second: middle('delivered_per_second'),
    accepted_per_second: middle('accepted_per_second'),
    raw_per_second: middle('raw_per_second'),
    of_raw: middle('of_raw'),
    wal_bytes_per_delivery: middle('wal_bytes_per_delivery'),
    lost: rows.reduce((sum, { lost }) => sum + lost, 0),
    duplicates: rows.reduce((sum, { duplicates }) => sum + duplicates, 0),
  };
  return {
    tables: { throughput: [...rows, median], cpu_by_process: repeats.at(-1)?.load.cpu ?? [] },
    flaws: repeats.flatMap(({ load }, index) => lossesIn(load.counts, `run ${index + 1}`)),
  };
}
