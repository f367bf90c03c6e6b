import type { BenchContext, Benchmark, BenchReport, Row } from '../benchmark.ts';
import { type ClosedPort, closePort } from '../load/closed-port.ts';
import { lossesIn } from '../load/load.ts';
import { runOpenLoop } from '../load/open-loop.ts';
import { EVENT_BYTES } from '../load/publisher.ts';
import { waitForReceipts } from '../load/settled.ts';
import { type BreakerSight, watchBreaker } from '../measure/breaker-sight.ts';
import { type Distribution, distributionOf } from '../measure/distribution.ts';
import { type Ledger, receiptMs } from '../measure/ledger.ts';
import { type MeasuredSetting, measureIn, warmUp } from '../measure/measure-in.ts';

/** What an endpoint that is down costs itself and others, and how it comes back (issue 5). */
export const breaker: Benchmark = {
  name: 'breaker',
  summary:
    'one busy endpoint refuses connections, one answers 503, one ' +
    'hangs: what they get, the others’ latency, their return',
  options: {
    rate: {
      kind: 'number',
      summary: 'events a second for the dead one',
      fallback: 200,
      least: 1,
      most: 10_000,
    },
    healthy: { kind: 'number', summary: 'healthy endpoints', fallback: 20, least: 1, most: 1_000 },
    'healthy-rate': {
      kind: 'number',
      summary: 'events a second over the healthy ones',
      fallback: 50,
      least: 1,
      most: 10_000,
    },
    seconds: { kind: 'number', summary: 'seconds of each part', fallback: 30, least: 1, most: 3_600 },
  },
  run,
};

const KINDS = ['refuses connections', 'answers 503', 'hangs'] as const;
type Kind = (typeof KINDS)[number];

const WARM_UP_EVENTS = 200;
const TIMEOUT_MS = 10_000;
/** Patient enough that nothing dies before its endpoint is back. */
const RETRY = { strategy: 'fixed', initial_ms: 2_000, max_retries: 20, jitter: 0 };
const BREAKER = { cooldown_ms: 2_000, max_cooldown_ms: 4_000 };
const ATTEMPTS_ALLOWED = 30;
const FACTOR_ALLOWED = 2;

async function run(context: BenchContext): Promise<BenchReport> {
  const { number } = context;
  const healthy = number('healthy');
  const conditions = {
    dead_rate: number('rate'),
    healthy,
    healthy_rate: number('healthy-rate'),
    event_bytes: EVENT_BYTES,
  };
  return await measureIn(context, { conditions, rawConnections: 1 }, async (setting) => {
    await setting.installation.startWorker();
    for (let endpoint = 0; endpoint < healthy; endpoint += 1) await setting.createEndpoint(endpoint);
    await warmUp(setting, { ...context, events: WARM_UP_EVENTS, sideBySide: 10 });
    const stage = { context, setting };
    await setting.createEndpoint(healthy);
    const allWell = await publishBeside(stage, { name: 'all-well', dead: healthy });
    await waitForReceipts(allWell, context.signal);
    const parts: Part[] = [];
    for (const kind of KINDS)
      parts.push(await playKind(kind, { ...stage, dead: healthy + 1 + parts.length }));
    return reportOf(allWell, parts, healthy);
  });
}

interface Stage {
  readonly context: BenchContext;
  readonly setting: MeasuredSetting;
}

interface Part {
  readonly kind: Kind;
  readonly dead: number;
  readonly ledger: Ledger;
  readonly atOpening: BreakerSight | null;
  readonly recoveredInMs: number;
  readonly stateAfter: string;
}

async function playKind(kind: Kind, { dead, ...stage }: Stage & { readonly dead: number }): Promise<Part> {
  const { context, setting } = stage;
  const port = await createDead(kind, { setting, dead });
  const sight = watchBreaker(setting.postgres, dead);
  const ledger = await publishBeside(stage, { name: kind.replaceAll(' ', '-'), dead });
  const atOpening = await sight.end();
  context.onProgress(`${kind}: it comes back`);
  const backAt = performance.now();
  await port?.open();
  setting.receiver.behave(dead, 'answer');
  await waitForReceipts(ledger, context.signal);
  const recoveredInMs = performance.now() - backAt;
  const stateAfter = await sight.untilClosed(context.signal);
  await port?.close();
  return { kind, dead, ledger, atOpening, recoveredInMs, stateAfter };
}

/** @returns the port that is closed, where that is what is wrong */
async function createDead(
  kind: Kind,
  { setting, dead }: { readonly setting: MeasuredSetting; readonly dead: number },
): Promise<ClosedPort | null> {
  const settings = { timeout_ms: TIMEOUT_MS, retry: RETRY, breaker: BREAKER };
  if (kind !== 'refuses connections') {
    setting.receiver.behave(dead, kind === 'hangs' ? 'hang' : 'refuse');
    await setting.createEndpoint(dead, settings);
    return null;
  }
  const port = await closePort(setting.receiver.url(dead));
  await setting.createEndpoint(dead, { ...settings, url: port.url });
  return port;
}

/** Events for the healthy endpoints at their rate, and in between those for the dead one at its own. */
async function publishBeside(
  { context, setting }: Stage,
  { name, dead }: { readonly name: string; readonly dead: number },
): Promise<Ledger> {
  const { number, signal, onProgress } = context;
  const seconds = number('seconds');
  onProgress(`${name}: for ${seconds} s`);
  const ledger = setting.openLedger();
  const publish = (of: string, ratePerSecond: number, endpointOf: (index: number) => number) =>
    runOpenLoop({ ratePerSecond, count: Math.round(ratePerSecond * seconds), signal }, async (index) => {
      await setting.publisher.publish(ledger.begin(`${name}-${of}-${index}`, endpointOf(index)));
    });
  await Promise.all([
    publish('healthy', number('healthy-rate'), (index) => index % number('healthy')),
    publish('dead', number('rate'), () => dead),
  ]);
  return ledger;
}

function reportOf(allWell: Ledger, parts: readonly Part[], busiest: number): Omit<BenchReport, 'conditions'> {
  const before = spreadBeside(allWell, busiest);
  const rows = parts.map((part) => rowOf(part, before?.p99 ?? Number.NaN));
  return {
    tables: {
      healthy_while_all_are_well_in_ms: [{ p50: before?.p50 ?? null, p99: before?.p99 ?? null }],
      beside_one_that: rows,
    },
    flaws: [
      ...lossesIn(allWell.counts(), 'all well'),
      ...parts.flatMap((part, index) => flawsOf(part, rows[index] ?? {})),
    ],
  };
}

/** Latencies of all endpoints but one. */
function spreadBeside(ledger: Ledger, except: number): Distribution | null {
  return distributionOf(ledger.entries.filter(({ endpoint }) => endpoint !== except).flatMap(receiptMs));
}

function rowOf({ kind, dead, ledger, atOpening, recoveredInMs, stateAfter }: Part, usualP99: number): Row {
  const healthy = spreadBeside(ledger, dead);
  const { lost, duplicates, acknowledged } = ledger.counts();
  return {
    kind,
    attempts_before_it_opened: atOpening?.attempts ?? null,
    opened_after_s: atOpening === null ? null : atOpening.afterMs / 1_000,
    healthy_p99_ms: healthy?.p99 ?? null,
    healthy_p99_factor: healthy === null ? null : healthy.p99 / usualP99,
    accepted: acknowledged,
    lost,
    duplicates,
    all_delivered_after_s: recoveredInMs / 1_000,
    breaker_then: stateAfter,
  };
}

function flawsOf({ kind, ledger, atOpening, stateAfter }: Part, row: Row): readonly string[] {
  const factor = Number(row.healthy_p99_factor);
  return [
    ...lossesIn(ledger.counts(), kind),
    ...(atOpening !== null && atOpening.attempts <= ATTEMPTS_ALLOWED
      ? []
      : [
          `${kind}: ${atOpening?.attempts ?? 'the breaker did not open: too many'} attempts before it opened`,
        ]),
    ...(factor <= FACTOR_ALLOWED
      ? []
      : [`${kind}: p99 of the healthy is ${factor.toFixed(1)} times the usual one`]),
    ...(stateAfter === 'closed' ? [] : [`${kind}: its breaker is ${stateAfter} in the end`]),
  ];
}
