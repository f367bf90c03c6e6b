import type { BenchContext, Benchmark, BenchReport, Row } from '../benchmark.ts';
import { runOpenLoop } from '../load/open-loop.ts';
import { EVENT_BYTES } from '../load/publisher.ts';
import { countByStatus } from '../load/settled.ts';
import { waitUntil } from '../load/wait-until.ts';
import { startCpuSpan } from '../measure/cpu-meter.ts';
import { distributionOf } from '../measure/distribution.ts';
import { type Ledger, type LedgerEntry, receiptMs } from '../measure/ledger.ts';
import { type MeasuredSetting, measureIn, warmUp } from '../measure/measure-in.ts';

/** Whether one broken endpoint slows the healthy ones. */
export const isolation: Benchmark = {
  name: 'isolation',
  summary:
    'one of many endpoints hangs, then refuses; then a tenant hangs beside another: the healthy ones’ latency',
  options: {
    endpoints: {
      kind: 'number',
      summary: 'endpoints, each of a customer',
      fallback: 100,
      least: 2,
      most: 1_000,
    },
    rate: {
      kind: 'number',
      summary: 'events a second over all of them',
      fallback: 200,
      least: 1,
      most: 10_000,
    },
    'timeout-ms': {
      kind: 'number',
      summary: 'timeout of the endpoints',
      fallback: 30_000,
      least: 100,
      most: 120_000,
    },
    'quiet-s': {
      kind: 'number',
      summary: 'seconds without and with 503',
      fallback: 10,
      least: 1,
      most: 3_600,
    },
    seconds: { kind: 'number', summary: 'seconds of the tenant part', fallback: 60, least: 1, most: 3_600 },
  },
  run,
};

const WARM_UP_EVENTS = 200;
/** The hanging part outlives the timeout, so that retries hang as well. */
const BEYOND_TIMEOUT_S = 5;
const HEALTHY_RATE = 50;
const HANGING_RATE = 100;
const RETRY = { strategy: 'fixed', initial_ms: 2_000, max_retries: 3, jitter: 0 };
const FACTOR_ALLOWED = 2;
const BROKEN = 0;
/** What a healthy endpoint has not got by then counts as lost. */
const LATEST_MS = 60_000;
const LOOK_EVERY_MS = 50;

async function run(context: BenchContext): Promise<BenchReport> {
  const [endpoints, rate] = [context.number('endpoints'), context.number('rate')];
  const timeoutMs = context.number('timeout-ms');
  const [quietS, seconds] = [context.number('quiet-s'), context.number('seconds')];
  const conditions = { endpoints, rate, timeout_ms: timeoutMs, event_bytes: EVENT_BYTES };
  return await measureIn(context, { conditions, rawConnections: 1 }, async (setting) => {
    await setting.installation.startWorker();
    const settings = { timeout_ms: timeoutMs, retry: RETRY };
    // Two more for the tenants; nothing of the part before waits there.
    for (let endpoint = 0; endpoint < endpoints + 2; endpoint += 1)
      await setting.createEndpoint(endpoint, settings);
    await warmUp(setting, { ...context, events: WARM_UP_EVENTS, sideBySide: 10 });
    const all = (index: number): number => index % endpoints;
    const play = async (stage: Omit<Stage, 'broken'>): Promise<Played> =>
      await playStage(context, { setting, stage: { broken: BROKEN, ...stage } });
    const stages: Played[] = [];
    stages.push(await play({ name: 'quiet', rate, seconds: quietS, endpointOf: all }));
    setting.receiver.behave(BROKEN, 'hang');
    const hangS = timeoutMs / 1_000 + BEYOND_TIMEOUT_S;
    stages.push(await play({ name: 'one hangs', rate, seconds: hangS, endpointOf: all }));
    setting.receiver.behave(BROKEN, 'refuse');
    setting.receiver.release();
    stages.push(await play({ name: 'one answers 503', rate, seconds: quietS, endpointOf: all }));
    setting.receiver.behave(BROKEN, 'answer');
    const tenants = await playTenants(context, { setting, endpoints, seconds });
    return await reportOf(setting, [stages, tenants]);
  });
}

interface Stage {
  readonly name: string;
  readonly rate: number;
  readonly seconds: number;
  readonly endpointOf: (index: number) => number;
  /** The endpoint whose figures do not count. */
  readonly broken: number;
}

interface Played extends Stage {
  readonly ledger: Ledger;
  readonly cpu: readonly Row[];
}

interface StagePlan {
  readonly setting: MeasuredSetting;
  readonly stage: Stage;
}

/** Publishes at the rate of a stage and waits for what healthy endpoints are owed. */
async function playStage(
  { signal, onProgress }: BenchContext,
  { setting, stage }: StagePlan,
): Promise<Played> {
  const { name, rate, seconds, endpointOf, broken } = stage;
  onProgress(`${name}: ${rate} a second for ${seconds} s`);
  const ledger = setting.openLedger();
  const cpu = startCpuSpan(setting.installation.processIds());
  const count = Math.round(rate * seconds);
  await runOpenLoop({ ratePerSecond: rate, count, signal }, async (index) => {
    await setting.publisher.publish(ledger.begin(`${name.replaceAll(' ', '-')}-${index}`, endpointOf(index)));
  });
  const used = cpu.rows(count);
  const owed = ledger.entries.filter(({ endpoint, acknowledged }) => acknowledged && endpoint !== broken);
  const cameAll = (): boolean => owed.every(({ arrivals }) => arrivals.length > 0);
  await waitUntil(cameAll, { timeoutMs: LATEST_MS, signal, intervalMs: LOOK_EVERY_MS });
  return { ...stage, ledger, cpu: used };
}

/** A healthy tenant alone, then beside another one whose endpoint hangs under twice the load. */
async function playTenants(
  context: BenchContext,
  { setting, endpoints, seconds }: { setting: MeasuredSetting; endpoints: number; seconds: number },
): Promise<readonly Played[]> {
  const [healthy, broken] = [endpoints, endpoints + 1];
  const perCycle = (HEALTHY_RATE + HANGING_RATE) / HEALTHY_RATE;
  const alone = { name: 'tenant alone', rate: HEALTHY_RATE, seconds: context.number('quiet-s') };
  const beside = { name: 'tenant beside a hanging one', rate: HEALTHY_RATE + HANGING_RATE, seconds };
  const first = { ...alone, broken, endpointOf: () => healthy };
  const second = {
    ...beside,
    broken,
    endpointOf: (index: number) => (index % perCycle === 0 ? healthy : broken),
  };
  const quiet = await playStage(context, { setting, stage: first });
  setting.receiver.behave(broken, 'hang');
  return [quiet, await playStage(context, { setting, stage: second })];
}

async function reportOf(
  { postgres }: MeasuredSetting,
  groups: readonly (readonly Played[])[],
): Promise<Omit<BenchReport, 'conditions'>> {
  const rows = groups.flatMap((stages) => stages.map((stage) => healthyRow(stage, stages[0] ?? stage)));
  const statuses: Row[] = [];
  const flaws: string[] = rows
    .filter(({ p99_factor }) => p99_factor !== null && p99_factor > FACTOR_ALLOWED)
    .map(({ stage, p99_factor }) => `${stage}: p99 is ${p99_factor?.toFixed(1)} times the quiet one`);
  const stages = groups.flat();
  for (const endpoint of new Set(stages.map(({ broken }) => broken))) {
    const counts = await countByStatus(postgres, endpoint);
    statuses.push({ endpoint: `number ${endpoint}`, ...Object.fromEntries(Object.entries(counts)) });
    const owed = stages
      .flatMap(({ ledger }) => ledger.entries)
      .filter((entry) => entry.endpoint === endpoint);
    const acknowledged = owed.filter((entry) => entry.acknowledged).length;
    const rowsThere = Object.values(counts).reduce((sum, count) => sum + count, 0);
    if (rowsThere < acknowledged) flaws.push(`endpoint ${endpoint}: ${acknowledged - rowsThere} have no row`);
  }
  for (const stage of stages) {
    const { lost, duplicates, refused } = lossesOf(stage);
    if (lost + duplicates + refused > 0)
      flaws.push(`${stage.name}: ${lost} lost, ${duplicates} came twice, ${refused} not accepted`);
  }
  return {
    tables: {
      healthy_publish_to_receipt_in_ms: rows,
      ...Object.fromEntries(statuses.map((row) => [`deliveries_of_endpoint_${row.endpoint}`, [row]])),
      cpu_by_process_in_the_last_stage: stages.at(-1)?.cpu ?? [],
    },
    flaws,
  };
}

function healthyRow(stage: Played, quiet: Played) {
  const spread = distributionOf(healthyOf(stage).flatMap(receiptMs));
  const before = distributionOf(healthyOf(quiet).flatMap(receiptMs));
  const known = spread !== null && before !== null;
  return {
    stage: stage.name,
    p50: spread?.p50 ?? null,
    p99: spread?.p99 ?? null,
    max: spread?.max ?? null,
    p50_factor: known ? spread.p50 / before.p50 : null,
    p99_factor: known ? spread.p99 / before.p99 : null,
    ...lossesOf(stage),
  };
}

function lossesOf(stage: Played) {
  const healthy = healthyOf(stage);
  return {
    events: healthy.length,
    refused: healthy.filter(({ acknowledged }) => !acknowledged).length,
    lost: healthy.filter(({ acknowledged, arrivals }) => acknowledged && arrivals.length === 0).length,
    duplicates: healthy.reduce((sum, { arrivals }) => sum + Math.max(0, arrivals.length - 1), 0),
  };
}

function healthyOf({ ledger, broken }: Played): readonly LedgerEntry[] {
  return ledger.entries.filter(({ endpoint }) => endpoint !== broken);
}
