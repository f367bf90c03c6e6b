import type { BenchContext, Benchmark, BenchReport } from '../benchmark.ts';
import { lossesIn } from '../load/load.ts';
import { waitForReceipts } from '../load/settled.ts';
import type { Ledger } from '../measure/ledger.ts';
import { type MeasuredSetting, measureIn } from '../measure/measure-in.ts';

/** Whether an endpoint's rate is kept, and used, by one worker and by two (issue 5). */
export const pace: Benchmark = {
  name: 'pace',
  summary:
    'a backlog for an endpoint with a rate, by one worker and by two: how long it takes, the most in any second',
  options: {
    limit: { kind: 'number', summary: 'calls a second', fallback: 5, least: 1, most: 10_000 },
    events: { kind: 'number', summary: 'events that wait', fallback: 100, least: 2, most: 1_000 },
  },
  run,
};

const SECOND_MS = 1_000;
/** How far the whole may be from what the rate makes of it. */
const TOLERANCE_S = 1;

async function run(context: BenchContext): Promise<BenchReport> {
  const [limit, events] = [context.number('limit'), context.number('events')];
  return await measureIn(context, { conditions: { limit, events }, rawConnections: 1 }, async (setting) => {
    const rows: PaceRow[] = [];
    for (const workers of [1, 2]) {
      await setting.installation.startWorker();
      rows.push(await drainAtRate(context, { setting, workers }));
    }
    return {
      tables: { backlog_by_workers: rows.map(({ ledger: _, ...row }) => row) },
      flaws: rows.flatMap(flawsOf),
    };
  });

  function flawsOf({ workers, seconds, most_in_a_second: most, ledger }: PaceRow): readonly string[] {
    const where = `${workers} workers`;
    const wanted = events / limit;
    return [
      ...lossesIn(ledger.counts(), where),
      ...(Math.abs(seconds - wanted) <= TOLERANCE_S
        ? []
        : [`${where}: ${seconds.toFixed(1)} s instead of ${wanted}`]),
      ...(most <= limit + 1 ? [] : [`${where}: ${most} calls within a second`]),
    ];
  }
}

interface PaceRow {
  readonly workers: number;
  /** From the first call to the last. */
  readonly seconds: number;
  readonly most_in_a_second: number;
  readonly ledger: Ledger;
}

async function drainAtRate(
  context: BenchContext,
  { setting, workers }: { readonly setting: MeasuredSetting; readonly workers: number },
): Promise<PaceRow> {
  const { signal, onProgress } = context;
  onProgress(`${workers} workers`);
  const limit = context.number('limit');
  await setting.createEndpoint(workers, { rate_limit: { limit, per: 'second' } });
  const ledger = setting.openLedger();
  const entries = Array.from({ length: context.number('events') }, (_, index) =>
    ledger.begin(`pace-${workers}-${index}`, workers),
  );
  await setting.publisher.publishMany(entries);
  await waitForReceipts(ledger, signal);
  const times = entries.flatMap(({ arrivals }) => arrivals.map(({ at }) => at)).sort((a, b) => a - b);
  const spanMs = (times.at(-1) ?? Number.NaN) - (times[0] ?? Number.NaN);
  const inSecond = (from: number): number => times.filter((at) => at >= from && at < from + SECOND_MS).length;
  return {
    workers,
    seconds: spanMs / SECOND_MS,
    most_in_a_second: Math.max(...times.map(inSecond)),
    ledger,
  };
}
