import { setTimeout as sleep } from 'node:timers/promises';
import type { BenchContext, Benchmark, BenchReport, Row } from '../benchmark.ts';
import { lossesIn } from '../load/load.ts';
import { runOpenLoop } from '../load/open-loop.ts';
import { measurePhases } from '../load/phases.ts';
import { EVENT_BYTES } from '../load/publisher.ts';
import { ownRunsAmong, waitForReceipts } from '../load/settled.ts';
import { startCpuSpan } from '../measure/cpu-meter.ts';
import { distributionOf } from '../measure/distribution.ts';
import { answerMs, firstReceipt, type Ledger, receiptMs } from '../measure/ledger.ts';
import { type MeasuredSetting, measureIn, warmUp } from '../measure/measure-in.ts';
import { measureEngine } from '../stage/engine.ts';
import { spreadRow } from './bench-engine.ts';

/** How long an event takes at a given rate, whatever became of the events before. */
export const latency: Benchmark = {
  name: 'latency',
  summary: 'open loop at 5, 20, 50 and 300 events a second: milliseconds from publish to receipt',
  options: {
    rate: {
      kind: 'number',
      summary: 'only this many a second, instead of all',
      fallback: 5,
      least: 0.1,
      most: 10_000,
    },
    seconds: { kind: 'number', summary: 'how long at each rate', fallback: 20, least: 1, most: 86_400 },
    'warm-up': {
      kind: 'number',
      summary: 'events before the measurement',
      fallback: 100,
      least: 0,
      most: 100_000,
    },
    endpoints: { kind: 'number', summary: 'endpoints', fallback: 100, least: 1, most: 1_000 },
    customers: { kind: 'number', summary: 'customers that share them', fallback: 20, least: 1, most: 1_000 },
    dispatch: { kind: 'choice', summary: 'POSTHORN_DISPATCH: auto or each', choices: ['auto', 'each'] },
  },
  run,
};

const RATES = [5, 20, 50, 300];
const ENGINE_RUNS = 50;
const FEW = 4;
/** Between the rates: what rolls for the one before has ended by then. */
const QUIET_MS = 5_000;

async function run(context: BenchContext): Promise<BenchReport> {
  const { signal, onProgress } = context;
  const rates = context.given('rate') ? [context.number('rate')] : RATES;
  const [seconds, dispatch] = [context.number('seconds'), context.choice('dispatch')];
  const [endpoints, customers] = [context.number('endpoints'), context.number('customers')];
  const conditions = { seconds, dispatch, event_bytes: EVENT_BYTES, endpoints, customers };
  const environment = { POSTHORN_DISPATCH: dispatch };
  return await measureIn(
    context,
    { conditions, environment, rawConnections: 1, customers },
    async (setting) => {
      onProgress('measuring the engine rung');
      const engine = await measureEngine(setting.installation, {
        alone: ENGINE_RUNS,
        many: 0,
        sideBySide: 1,
        signal,
      });
      await setting.installation.startWorker();
      for (let endpoint = 0; endpoint < endpoints; endpoint += 1) await setting.createEndpoint(endpoint);
      await warmUp(setting, { ...context, events: context.number('warm-up'), sideBySide: FEW });
      const measured: Measured[] = [];
      for (const rate of rates) {
        await sleep(QUIET_MS, undefined, { signal });
        measured.push(await measureRate(setting, { ...context, rate, seconds, endpoints }));
      }
      return reportOf(measured, engine.startToActivityMs?.p50 ?? null);
    },
  );
}

interface Measured {
  readonly rate: number;
  readonly ledger: Ledger;
  readonly ownRuns: number;
  readonly lagMs: number;
  readonly phases: readonly Row[];
  readonly cpu: readonly Row[];
}

interface RateOptions extends Pick<BenchContext, 'signal' | 'onProgress'> {
  readonly rate: number;
  readonly seconds: number;
  readonly endpoints: number;
}

async function measureRate(
  { installation, publisher, postgres, openLedger }: MeasuredSetting,
  { rate, seconds, endpoints, signal, onProgress }: RateOptions,
): Promise<Measured> {
  const ledger = openLedger();
  const count = Math.max(1, Math.round(rate * seconds));
  onProgress(`publishing ${count} events, ${rate} a second`);
  const cpu = startCpuSpan(installation.processIds());
  const lagMs = await runOpenLoop({ ratePerSecond: rate, count, signal }, async (index) => {
    await publisher.publish(ledger.begin(`latency-${rate}-${index}`, index % endpoints));
  });
  await waitForReceipts(ledger, signal);
  const used = cpu.rows(count);
  const idOf = (entry: (typeof ledger.entries)[number]): string => firstReceipt(entry)?.deliveryId ?? '';
  const own = await ownRunsAmong(postgres, ledger.entries.map(idOf));
  const entries = ledger.entries.filter((entry) => own.has(idOf(entry)) && entry.arrivals.length === 1);
  const phases = await measurePhases(installation, entries);
  return { rate, ledger, ownRuns: own.size, lagMs, phases: phases.map(({ ...row }) => row), cpu: used };
}

function reportOf(measured: readonly Measured[], engineP50: number | null): Omit<BenchReport, 'conditions'> {
  const rows = measured.map(({ rate, ledger, ownRuns, lagMs }) => {
    const spread = distributionOf(ledger.entries.flatMap(receiptMs));
    const { what: _, ...figures } = spreadRow('', spread);
    return {
      rate: `${rate} a second`,
      ...figures,
      of_engine: spread === null || engineP50 === null ? null : spread.p50 / engineP50,
      ...ledger.counts(),
      own_workflow: ownRuns,
      publisher_lag: lagMs,
    };
  });
  const answers = measured.map(({ rate, ledger }) =>
    spreadRow(`${rate} a second`, distributionOf(ledger.entries.flatMap(answerMs))),
  );
  const phases = measured.find((one) => one.phases.length > 0)?.phases ?? [];
  const last = measured.at(-1);
  return {
    tables: {
      publish_to_receipt_in_ms: rows,
      publish_to_answer_in_ms: answers,
      engine_start_to_activity_in_ms: [{ what: 'bare workflow', p50: engineP50 }],
      phases_of_deliveries_with_a_workflow_of_their_own_in_ms: phases,
      [`cpu_by_process_at_${last?.rate}_a_second`]: last?.cpu ?? [],
    },
    flaws: measured.flatMap(({ rate, ledger }) => lossesIn(ledger.counts(), `${rate} a second`)),
  };
}
