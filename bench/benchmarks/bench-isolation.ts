import type { BenchContext, Benchmark, BenchReport, Row } from '../benchmark.ts';
import { runClosedLoop } from '../load/closed-loop.ts';
import { runOpenLoop } from '../load/open-loop.ts';
import { EVENT_BYTES } from '../load/publisher.ts';
import { missingRows, waitForEntries, waitForReceipts } from '../load/settled.ts';
import { waitTill } from '../load/wait-until.ts';
import { startCpuSpan } from '../measure/cpu-meter.ts';
import {
  type Fared,
  faredAround,
  flawsOf,
  type SlowSecond,
  slowestSeconds,
} from '../measure/isolation-row.ts';
import type { Ledger, LedgerEntry } from '../measure/ledger.ts';
import { type MeasuredSetting, measureIn, warmUp } from '../measure/measure-in.ts';

const STAGES = ['all', 'hanging', 'hosts', 'slow', 'backlog'] as const;

/** Whether many broken endpoints, or a neighbour's backlog, slow a customer whose endpoint is well. */
export const isolation: Benchmark = {
  name: 'isolation',
  summary:
    'one healthy customer beside many hanging or slow endpoints, and beside a backlog: latency by the second',
  options: {
    stage: {
      kind: 'choice',
      summary: 'all; hanging at one host, at many hosts; slow; backlog',
      choices: STAGES,
    },
    endpoints: {
      kind: 'number',
      summary: 'bad endpoints, a customer each',
      fallback: 300,
      least: 1,
      most: 5_000,
    },
    rate: { kind: 'number', summary: 'events a second over those', fallback: 300, least: 1, most: 10_000 },
    'healthy-rate': {
      kind: 'number',
      summary: 'of the healthy customer',
      fallback: 20,
      least: 1,
      most: 1_000,
    },
    'quiet-s': { kind: 'number', summary: 'seconds before, all well', fallback: 15, least: 1, most: 3_600 },
    'fault-s': { kind: 'number', summary: 'seconds of the fault', fallback: 75, least: 1, most: 3_600 },
    'after-s': { kind: 'number', summary: 'seconds after it', fallback: 60, least: 1, most: 3_600 },
    'timeout-ms': {
      kind: 'number',
      summary: 'of the endpoints',
      fallback: 30_000,
      least: 100,
      most: 120_000,
    },
    'slow-ms': {
      kind: 'number',
      summary: 'answers of slow ones take',
      fallback: 20_000,
      least: 1,
      most: 120_000,
    },
    backlog: {
      kind: 'number',
      summary: 'events of the neighbour',
      fallback: 50_000,
      least: 1,
      most: 1_000_000,
    },
    workers: { kind: 'number', summary: 'worker processes', fallback: 1, least: 1, most: 2 },
    dispatch: { kind: 'choice', summary: 'POSTHORN_DISPATCH', choices: ['auto', 'each'] },
  },
  run,
};

const HEALTHY = 0;
const NEIGHBOUR = 1;
const BATCH = 1_000;
const BATCHES_SIDE_BY_SIDE = 2;
const WARM_UP_EVENTS = 300;
/** Counted as before the fault no longer, so that what begins with it is seen. */
const LEAD_S = 5;
const DRAIN_SHARE = 0.8;

interface Played {
  readonly stage: string;
  readonly before: Fared;
  readonly during: Fared;
  readonly slowest: readonly SlowSecond[];
  readonly cpu: readonly Row[];
  readonly neighbour: Row | null;
  readonly flaws: readonly string[];
}

async function run(context: BenchContext): Promise<BenchReport> {
  const chosen = context.choice('stage');
  const stages = STAGES.filter((name) => name !== 'all' && (chosen === 'all' || chosen === name));
  const played: Played[] = [];
  let conditions: Row = {};
  for (const stage of stages) {
    const report = await playAlone(context, { stage, played });
    conditions = report.conditions;
  }
  return {
    conditions,
    tables: {
      healthy_customer_from_publish_to_receipt_in_ms: played.flatMap(({ stage, before, during }) => [
        { stage: `${stage}: all well`, ...before },
        { stage: `${stage}: with the fault`, ...during },
      ]),
      ...Object.fromEntries(
        played.map(({ stage, slowest }) => [
          `slowest_seconds_${stage}`,
          slowest.map((second): Row => ({ ...second })),
        ]),
      ),
      ...tableOf(
        'backlog',
        played.flatMap(({ neighbour }) => (neighbour === null ? [] : [neighbour])),
      ),
      ...Object.fromEntries(played.map(({ stage, cpu }) => [`cpu_by_process_${stage}`, cpu])),
    },
    flaws: played.flatMap(({ flaws }) => flaws),
  };
}

function tableOf(name: string, rows: readonly Row[]): Readonly<Record<string, readonly Row[]>> {
  return rows.length === 0 ? {} : { [name]: rows };
}

/** Each stage in an installation of its own: what one leaves behind is none of the next one's. */
async function playAlone(
  context: BenchContext,
  { stage, played }: { readonly stage: string; readonly played: Played[] },
): Promise<BenchReport> {
  const endpoints = stage === 'backlog' ? 1 : context.number('endpoints');
  const [rate, workers] = [context.number('rate'), context.number('workers')];
  const conditions = { endpoints, rate, workers, event_bytes: EVENT_BYTES };
  const environment = { POSTHORN_DISPATCH: context.choice('dispatch') };
  const hosts = stage === 'hosts' ? endpoints + 1 : 1;
  return await measureIn(context, { conditions, rawConnections: 1, environment, hosts }, async (setting) => {
    for (let worker = 0; worker < workers; worker += 1) await setting.installation.startWorker();
    await createEndpoints(context, { setting, endpoints });
    await warmUp(setting, { ...context, events: WARM_UP_EVENTS, sideBySide: 10 });
    const play = stage === 'backlog' ? playBacklog : playFault;
    played.push(await play(context, { setting, stage }));
    return { tables: {}, flaws: [] };
  });
}

async function createEndpoints(
  context: BenchContext,
  { setting, endpoints }: { readonly setting: MeasuredSetting; readonly endpoints: number },
): Promise<void> {
  const settings = { timeout_ms: context.number('timeout-ms') };
  await runClosedLoop({ count: endpoints + 1, sideBySide: 8, signal: context.signal }, async (endpoint) => {
    await setting.createEndpoint(endpoint, settings);
  });
}

interface StagePlan {
  readonly setting: MeasuredSetting;
  readonly stage: string;
}

/** Steady load over all; after a while all endpoints but one hang or think long, for a while. */
async function playFault(context: BenchContext, { setting, stage }: StagePlan): Promise<Played> {
  const { receiver, installation } = setting;
  const [endpoints, rate] = [context.number('endpoints'), context.number('rate')];
  const [quietS, faultS] = [context.number('quiet-s'), context.number('fault-s')];
  const totalS = quietS + faultS + context.number('after-s');
  context.onProgress(`${stage}: ${rate} a second over ${endpoints} beside the healthy one for ${totalS} s`);
  const cpu = startCpuSpan(installation.processIds());
  const ledger = setting.openLedger();
  const beganAt = performance.now();
  const turnBad = async (): Promise<void> => {
    await waitTill(beganAt + quietS * 1_000, context.signal);
    for (let bad = 1; bad <= endpoints; bad += 1)
      if (stage === 'slow') receiver.behave(bad, 'answer', context.number('slow-ms'));
      else receiver.behave(bad, 'hang');
    await waitTill(beganAt + (quietS + faultS) * 1_000, context.signal);
    for (let bad = 1; bad <= endpoints; bad += 1) receiver.behave(bad, 'answer');
    receiver.release();
  };
  const others = runOpenLoop(
    { ratePerSecond: rate, count: rate * totalS, signal: context.signal },
    async (index) => {
      await setting.publisher.publish(ledger.begin(`other-${index}`, 1 + (index % endpoints)));
    },
  );
  const healthy = publishHealthy(context, { setting, ledger, seconds: totalS });
  await Promise.all([turnBad(), others, healthy]);
  const used = cpu.rows(ledger.entries.length);
  await waitForEntries(healthyOf(ledger), context.signal);
  const missing = await missingRows(setting.postgres, ledger);
  const span = { quietUntil: beganAt + (quietS - LEAD_S) * 1_000 };
  return played(stage, ledger, { span, cpu: used, neighbour: null, flaws: missing });
}

/** A neighbour's backlog without anybody else, then beside the healthy customer. */
async function playBacklog(context: BenchContext, { setting, stage }: StagePlan): Promise<Played> {
  const count = context.number('backlog');
  const alone = await drainBacklog(context, { setting, name: 'alone', count });
  const ledger = setting.openLedger();
  const quietS = context.number('quiet-s');
  const beganAt = performance.now();
  const isOver = new AbortController();
  const healthy = publishHealthy(context, { setting, ledger, seconds: Number.POSITIVE_INFINITY, isOver });
  await waitTill(beganAt + quietS * 1_000, context.signal);
  const cpu = startCpuSpan(setting.installation.processIds());
  const beside = await drainBacklog(context, { setting, name: 'beside', count });
  const used = cpu.rows(count);
  await waitTill(performance.now() + Math.min(context.number('after-s'), LEAD_S) * 1_000, context.signal);
  isOver.abort();
  await healthy;
  await waitForEntries(healthyOf(ledger), context.signal);
  const share = beside.perSecond / alone.perSecond;
  const neighbour = {
    events: count,
    alone_per_second: alone.perSecond,
    beside_per_second: beside.perSecond,
    share,
    lost: alone.lost + beside.lost,
  };
  const flaws = [
    ...(share < DRAIN_SHARE ? [`the backlog drained at ${share.toFixed(2)} of the rate without others`] : []),
    ...(neighbour.lost > 0 ? [`${neighbour.lost} of the backlog were lost`] : []),
  ];
  const span = { quietUntil: beganAt + (quietS - LEAD_S) * 1_000 };
  return played(stage, ledger, { span, cpu: used, neighbour, flaws });
}

async function drainBacklog(
  { signal, onProgress }: BenchContext,
  {
    setting,
    name,
    count,
  }: { readonly setting: MeasuredSetting; readonly name: string; readonly count: number },
): Promise<{ readonly perSecond: number; readonly lost: number }> {
  onProgress(`a backlog of ${count} ${name}`);
  const ledger = setting.openLedger();
  const beganAt = performance.now();
  const calls = { count: Math.ceil(count / BATCH), sideBySide: BATCHES_SIDE_BY_SIDE, signal };
  await runClosedLoop(calls, async (call) => {
    const size = Math.min(BATCH, count - call * BATCH);
    await setting.publisher.publishMany(
      Array.from({ length: size }, (_, index) => ledger.begin(`${name}-${call}-${index}`, NEIGHBOUR)),
    );
  });
  await waitForReceipts(ledger, signal);
  return { perSecond: (count * 1_000) / (performance.now() - beganAt), lost: ledger.counts().lost };
}

interface HealthyLoad {
  readonly setting: MeasuredSetting;
  readonly ledger: Ledger;
  readonly seconds: number;
  readonly isOver?: AbortController;
}

async function publishHealthy(
  context: BenchContext,
  { setting, ledger, seconds, isOver }: HealthyLoad,
): Promise<void> {
  const ratePerSecond = context.number('healthy-rate');
  const signal = isOver === undefined ? context.signal : AbortSignal.any([context.signal, isOver.signal]);
  try {
    await runOpenLoop({ ratePerSecond, count: ratePerSecond * seconds, signal }, async (index) => {
      await setting.publisher.publish(ledger.begin(`healthy-${index}`, HEALTHY));
    });
  } catch (error) {
    if (context.signal.aborted || isOver?.signal.aborted !== true) throw error;
  }
}

function healthyOf(ledger: Ledger): readonly LedgerEntry[] {
  return ledger.entries.filter(({ endpoint }) => endpoint === HEALTHY);
}

interface Outcome extends Pick<Played, 'cpu' | 'neighbour' | 'flaws'> {
  readonly span: { readonly quietUntil: number };
}

function played(stage: string, ledger: Ledger, { span, flaws, ...outcome }: Outcome): Played {
  const entries = healthyOf(ledger);
  const [before, during] = faredAround(entries, span.quietUntil);
  const slowest = slowestSeconds(entries, { faultAt: span.quietUntil + LEAD_S * 1_000 });
  const allFlaws = [...flawsOf(stage, { before, during }), ...flaws];
  return { stage, before, during, slowest, ...outcome, flaws: allFlaws };
}
