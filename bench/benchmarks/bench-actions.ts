import { setTimeout as sleep } from 'node:timers/promises';
import type { BenchContext, Benchmark, BenchReport, Row } from '../benchmark.ts';
import { runClosedLoop } from '../load/closed-loop.ts';
import { lossesIn } from '../load/load.ts';
import { waitForEnds } from '../load/settled.ts';
import type { Ledger } from '../measure/ledger.ts';
import { type MeasuredSetting, measureIn } from '../measure/measure-in.ts';
import { type ActionCounts, actionsSince, readActions, totalOf } from '../measure/temporal-actions.ts';

/** What deliveries cost in actions of Temporal, by the server's own count. */
export const actions: Benchmark = {
  name: 'actions',
  summary: 'actions of Temporal, as its server counts them: a lone delivery, retries, gates, a wave',
  options: {
    deliveries: { kind: 'number', summary: 'deliveries of each kind', fallback: 10, least: 1, most: 1_000 },
    seconds: { kind: 'number', summary: 'seconds that a wave rolls', fallback: 60, least: 5, most: 3_600 },
    'side-by-side': {
      kind: 'number',
      summary: 'publishers while it rolls',
      fallback: 20,
      least: 1,
      most: 128,
    },
  },
  run,
};

const RETRIES = { strategy: 'fixed', initial_ms: 500, max_retries: 3, jitter: 0 } as const;
const IDLE_SECONDS = 10;
const QUIET_MS = 3_000;
const END_MS = 120_000;

interface Means {
  readonly context: BenchContext;
  readonly setting: MeasuredSetting;
  readonly ledger: Ledger;
}

/** One way to make deliveries, of which the actions are counted. */
interface Case {
  readonly name: string;
  /** Makes them and says how many. */
  readonly make: (means: Means) => Promise<number>;
}

const CASES: readonly Case[] = [
  { name: 'nothing, for ten seconds', make: idle },
  { name: 'a lone delivery', make: async (means) => await oneByOne(means, { endpoint: 0 }) },
  {
    name: 'three retries, then delivered',
    make: async (means) => await oneByOne(means, { endpoint: 1, settings: { retry: RETRIES } }),
  },
  {
    name: 'a gate: one delivery at a time',
    make: async (means) => await oneByOne(means, { endpoint: 2, settings: { ordered: true } }),
  },
  { name: 'a gate: all at once', make: atOnce },
  { name: 'a wave', make: wave },
];

async function run(context: BenchContext): Promise<BenchReport> {
  const conditions = { wave_seconds: context.number('seconds') };
  return await measureIn(context, { conditions, rawConnections: 1 }, async (setting) => {
    await setting.installation.startWorker();
    setting.receiver.behave(1, { refuseUpTo: RETRIES.max_retries });
    const ledger = setting.openLedger();
    const rows: Row[] = [];
    for (const one of CASES) {
      context.onProgress(one.name);
      rows.push(await measure(one, { context, setting, ledger }));
    }
    return { tables: { actions: rows }, flaws: lossesIn(ledger.counts(), 'actions') };
  });
}

async function measure({ name, make }: Case, means: Means): Promise<Row> {
  const before = await untilQuiet(means);
  const deliveries = await make(means);
  const counted = actionsSince(before, await untilQuiet(means));
  const total = totalOf(counted);
  return {
    what: name,
    deliveries,
    actions: total,
    a_delivery: deliveries === 0 ? null : total / deliveries,
    kinds: Object.entries(counted)
      .sort(([, one], [, other]) => other - one)
      .map(([kind, count]) => `${kind.replace(/^(?:grpc|command)_/, '')} ${count}`)
      .join(', '),
  };
}

/** The counts once everything has ended and nothing more is counted. */
async function untilQuiet({ context, setting }: Means): Promise<ActionCounts> {
  const { signal } = context;
  await waitForEnds(setting.postgres, { timeoutMs: END_MS, signal });
  const pid = setting.installation.processIds().temporal ?? -1;
  for (let last = await readActions(pid); ; ) {
    await sleep(QUIET_MS, undefined, { signal });
    const next = await readActions(pid);
    if (totalOf(next) === totalOf(last)) return next;
    last = next;
  }
}

async function idle({ context: { signal } }: Means): Promise<number> {
  await sleep(IDLE_SECONDS * 1_000, undefined, { signal });
  return 0;
}

interface Kind {
  readonly endpoint: number;
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** Each after the one before it has ended, so that none goes with a wave. */
async function oneByOne(
  { context, setting, ledger }: Means,
  { endpoint, settings = {} }: Kind,
): Promise<number> {
  const { signal } = context;
  const count = context.number('deliveries');
  await setting.createEndpoint(endpoint, settings);
  for (let index = 0; index < count; index += 1) {
    await setting.publisher.publish(ledger.begin(`one-${endpoint}-${index}`, endpoint));
    await waitForEnds(setting.postgres, { timeoutMs: END_MS, signal });
    // The run closes a moment after the delivery has ended.
    await sleep(QUIET_MS, undefined, { signal });
  }
  return count;
}

async function atOnce({ context, setting, ledger }: Means): Promise<number> {
  const count = context.number('deliveries');
  await setting.publisher.publishMany(
    Array.from({ length: count }, (_, index) => ledger.begin(`gate-${index}`, 2)),
  );
  return count;
}

async function wave({ context, setting, ledger }: Means): Promise<number> {
  const until = performance.now() + context.number('seconds') * 1_000;
  let count = 0;
  const publishers = context.number('side-by-side');
  await runClosedLoop({ count: publishers, sideBySide: publishers, signal: context.signal }, async () => {
    while (performance.now() < until) {
      count += 1;
      await setting.publisher.publish(ledger.begin(`wave-${count}`, 0));
    }
  });
  return count;
}
