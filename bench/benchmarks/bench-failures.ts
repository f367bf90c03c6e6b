import type { BenchContext, Benchmark, BenchReport, Row } from '../benchmark.ts';
import { type LoadResult, lossesIn, runLoad } from '../load/load.ts';
import { EVENT_BYTES } from '../load/publisher.ts';
import { countByStatus, waitForEnds } from '../load/settled.ts';
import { distributionOf } from '../measure/distribution.ts';
import type { LedgerEntry } from '../measure/ledger.ts';
import { type MeasuredSetting, measureIn, warmUp } from '../measure/measure-in.ts';
import { spreadRow } from './bench-engine.ts';

/** What failing receivers cost the others, and whether they are tried again when they should be. */
export const failures: Benchmark = {
  name: 'failures',
  summary:
    'throughput with 0, 3 and 30 % of first attempts answered by 503: what it costs, how late retries come',
  options: {
    events: {
      kind: 'number',
      summary: 'events at each share',
      fallback: 10_000,
      least: 100,
      most: 10_000_000,
    },
    publishers: { kind: 'number', summary: 'publishers at a time', fallback: 100, least: 1, most: 128 },
    'retry-ms': {
      kind: 'number',
      summary: 'fixed distance of retries',
      fallback: 1_000,
      least: 100,
      most: 60_000,
    },
  },
  run,
};

/** The first one again at the end, so that a machine that grows slower does not count as the cost of failures. */
const SHARES = [0, 0.03, 0.3, 0];
const MAX_RETRIES = 5;
const WARM_UP_EVENTS = 500;
const SETTLE_MS = 120_000;

async function run(context: BenchContext): Promise<BenchReport> {
  const [events, publishers] = [context.number('events'), context.number('publishers')];
  const retryMs = context.number('retry-ms');
  const conditions = { events, publishers, retry_ms: retryMs, event_bytes: EVENT_BYTES };
  return await measureIn(context, { conditions, rawConnections: publishers }, async (setting) => {
    await setting.installation.startWorker();
    const retry = { strategy: 'fixed', initial_ms: retryMs, max_retries: MAX_RETRIES, jitter: 0 };
    for (const endpoint of SHARES.keys()) await setting.createEndpoint(endpoint, { retry });
    await warmUp(setting, { ...context, events: Math.min(WARM_UP_EVENTS, events), sideBySide: publishers });
    const before = await countByStatus(setting.postgres, 0);
    const runs: ShareRun[] = [];
    for (const endpoint of SHARES.keys()) runs.push(await measureShare(context, { setting, endpoint }));
    const allEnd = await waitForEnds(setting.postgres, { timeoutMs: SETTLE_MS, signal: context.signal });
    const statuses: Readonly<Record<string, number>>[] = [];
    for (const endpoint of SHARES.keys()) statuses.push(await countByStatus(setting.postgres, endpoint));
    const ended = { statuses, warmUp: before.delivered ?? 0, allEnd };
    return reportOf(runs, { retryMs, rawPerSecond: setting.rawPerSecond, ...ended });
  });
}

interface ShareRun {
  readonly share: number;
  readonly load: LoadResult;
}

async function measureShare(
  { number, signal, onProgress }: BenchContext,
  { setting, endpoint }: { readonly setting: MeasuredSetting; readonly endpoint: number },
): Promise<ShareRun> {
  const share = SHARES[endpoint] ?? 0;
  onProgress(`publishing ${number('events')} events, ${share * 100} % of them refused once`);
  setting.receiver.behave(endpoint, { refuseFirst: share });
  const load = await runLoad(setting, {
    name: `failures-${endpoint}`,
    events: number('events'),
    publishers: number('publishers'),
    endpointOf: () => endpoint,
    signal,
  });
  return { share, load };
}

interface Outcome {
  readonly retryMs: number;
  readonly rawPerSecond: number;
  readonly statuses: readonly Readonly<Record<string, number>>[];
  /** Deliveries of the first endpoint from before the measurement. */
  readonly warmUp: number;
  readonly allEnd: boolean;
}

function reportOf(
  runs: readonly ShareRun[],
  { retryMs, rawPerSecond, statuses, warmUp: before, allEnd }: Outcome,
): Omit<BenchReport, 'conditions'> {
  const whole = runs.filter(({ share }) => share === 0);
  const base = whole.reduce((sum, { load }) => sum + load.firstAttemptsPerSecond, 0) / whole.length;
  const rows: Row[] = runs.map(({ share, load }, endpoint) => ({
    failing: `${share * 100} %`,
    first_attempts_per_second: load.firstAttemptsPerSecond,
    cost: 1 - load.firstAttemptsPerSecond / base,
    of_raw: load.firstAttemptsPerSecond / rawPerSecond,
    until_last_receipt_per_second: load.deliveredPerSecond,
    retried: load.ledger.entries.filter(({ arrivals }) => arrivals.length > 1).length,
    delivered: (statuses[endpoint]?.delivered ?? 0) - (endpoint === 0 ? before : 0),
    other_statuses: otherStatuses(statuses[endpoint] ?? {}),
    lost: load.counts.lost,
    duplicates: load.counts.duplicates,
  }));
  const lateness = runs
    .filter(({ share }) => share > 0)
    .map(({ share, load }) => {
      const late = load.ledger.entries.flatMap((entry) => latenessOf(entry, retryMs));
      return spreadRow(`retries at ${share * 100} %`, distributionOf(late));
    });
  const cpu = runs.map(({ share, load }, index) => [
    `cpu_by_process_${index + 1}_at_${share * 100} %`,
    load.cpu,
  ]);
  return {
    tables: { failures: rows, retries_later_than_due_in_ms: lateness, ...Object.fromEntries(cpu) },
    flaws: [
      ...runs.flatMap(({ share, load }) => lossesIn(load.counts, `${share * 100} %`)),
      ...(allEnd ? [] : ['some deliveries did not end']),
    ],
  };
}

/** By how much each further request came later than its distance from the one before says, the recording included. */
function latenessOf({ arrivals }: LedgerEntry, retryMs: number): number[] {
  return arrivals.slice(1).map(({ at }, index) => at - (arrivals[index]?.at ?? at) - retryMs);
}

function otherStatuses(statuses: Readonly<Record<string, number>>): string {
  const others = Object.entries(statuses).filter(([status]) => status !== 'delivered');
  return others.length === 0 ? 'none' : others.map(([status, count]) => `${count} ${status}`).join(', ');
}
