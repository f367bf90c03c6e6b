import type { BenchContext, Benchmark, BenchReport, Row } from '../benchmark.ts';
import { lossesIn } from '../load/load.ts';
import { runOpenLoop } from '../load/open-loop.ts';
import { EVENT_BYTES } from '../load/publisher.ts';
import { ownRunsAmong, waitForReceipts } from '../load/settled.ts';
import { startCpuSpan } from '../measure/cpu-meter.ts';
import { distributionOf } from '../measure/distribution.ts';
import { histogramOf } from '../measure/histogram.ts';
import { firstReceipt, type Ledger, type LedgerEntry, receiptMs } from '../measure/ledger.ts';
import { type MeasuredSetting, measureIn, warmUp } from '../measure/measure-in.ts';
import { spreadRow } from './bench-engine.ts';

/** From workflows to waves and back, under load all the time. */
export const switchOver: Benchmark = {
  name: 'switch',
  summary: 'quiet, flood, quiet again: how long deliveries take around each change, and whether one is lost',
  options: {
    quiet: { kind: 'number', summary: 'events a second when quiet', fallback: 5, least: 0.1, most: 10_000 },
    flood: { kind: 'number', summary: 'events a second in the flood', fallback: 300, least: 1, most: 10_000 },
    'before-s': {
      kind: 'number',
      summary: 'seconds of quiet before it',
      fallback: 10,
      least: 1,
      most: 3_600,
    },
    'flood-s': { kind: 'number', summary: 'seconds of flood', fallback: 15, least: 1, most: 3_600 },
    'after-s': { kind: 'number', summary: 'seconds of quiet after it', fallback: 20, least: 1, most: 3_600 },
  },
  run,
};

const WARM_UP_EVENTS = 50;
const LONGEST_WAIT_MS = 1_000;
/** What counts as around a change: published within this time of it. */
const BEFORE_CHANGE_MS = 500;
const AFTER_CHANGE_MS = 2_000;

async function run(context: BenchContext): Promise<BenchReport> {
  const { number } = context;
  const phases: readonly Phase[] = [
    { name: 'quiet', rate: number('quiet'), seconds: number('before-s') },
    { name: 'flood', rate: number('flood'), seconds: number('flood-s') },
    { name: 'quiet again', rate: number('quiet'), seconds: number('after-s') },
  ];
  const stages = phases.map(({ name, rate, seconds }) => `${name} ${rate}/s for ${seconds} s`).join(', ');
  const conditions = { stages, event_bytes: EVENT_BYTES, endpoints: 1 };
  return await measureIn(context, { conditions, rawConnections: 1 }, async (setting) => {
    await setting.installation.startWorker();
    await setting.createEndpoint(0);
    await warmUp(setting, { ...context, events: WARM_UP_EVENTS, sideBySide: 1 });
    const ledger = setting.openLedger();
    const cpu = startCpuSpan(setting.installation.processIds());
    const startedAt: number[] = [];
    for (const phase of phases) {
      startedAt.push(performance.now());
      await publishPhase(phase, { context, setting, ledger });
    }
    await waitForReceipts(ledger, context.signal);
    const used = cpu.rows(ledger.entries.length);
    const own = await ownRunsAmong(
      setting.postgres,
      ledger.entries.map((entry) => firstReceipt(entry)?.deliveryId ?? ''),
    );
    return reportOf({ phases, startedAt, ledger, own, cpu: used });
  });
}

interface Phase {
  readonly name: string;
  readonly rate: number;
  readonly seconds: number;
}

async function publishPhase(
  { name, rate, seconds }: Phase,
  { context, setting, ledger }: { context: BenchContext; setting: MeasuredSetting; ledger: Ledger },
): Promise<void> {
  context.onProgress(`${name}: ${rate} a second for ${seconds} s`);
  const count = Math.max(1, Math.round(rate * seconds));
  await runOpenLoop({ ratePerSecond: rate, count, signal: context.signal }, async (index) => {
    await setting.publisher.publish(ledger.begin(`${name.replaceAll(' ', '-')}-${index}`));
  });
}

interface Measured {
  readonly phases: readonly Phase[];
  readonly startedAt: readonly number[];
  readonly ledger: Ledger;
  readonly own: ReadonlySet<string>;
  readonly cpu: readonly Row[];
}

function reportOf({ phases, startedAt, ledger, own, cpu }: Measured): Omit<BenchReport, 'conditions'> {
  const { entries } = ledger;
  const between = (from: number, to: number): readonly LedgerEntry[] =>
    entries.filter(({ begunAt }) => begunAt >= from && begunAt < to);
  const rows = phases.map(({ name }, index) =>
    rowOf(name, between(startedAt[index] ?? 0, startedAt[index + 1] ?? Number.POSITIVE_INFINITY), own),
  );
  const changes = startedAt.slice(1).map((at, index) => {
    const name = `${phases[index]?.name} → ${phases[index + 1]?.name}`;
    return rowOf(name, between(at - BEFORE_CHANGE_MS, at + AFTER_CHANGE_MS), own);
  });
  const longest = distributionOf(entries.flatMap(receiptMs))?.max ?? Number.NaN;
  return {
    tables: {
      phases_in_ms: rows,
      around_changes_in_ms: changes,
      longest_wait_in_ms: [{ what: 'all events', max: longest }],
      cpu_by_process: cpu,
    },
    flaws: [
      ...lossesIn(ledger.counts(), 'switch'),
      ...(longest < LONGEST_WAIT_MS ? [] : [`one delivery took ${longest.toFixed(0)} ms`]),
    ],
  };
}

function rowOf(name: string, entries: readonly LedgerEntry[], own: ReadonlySet<string>): Row {
  const values = entries.flatMap(receiptMs);
  const ownWorkflow = entries.filter((entry) => own.has(firstReceipt(entry)?.deliveryId ?? '')).length;
  return {
    ...spreadRow(name, distributionOf(values)),
    events: entries.length,
    own_workflow: ownWorkflow,
    ...histogramOf(values),
  };
}
