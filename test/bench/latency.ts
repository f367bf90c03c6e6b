import { type ArrivalReceiver, startArrivalReceiver } from './arrivals.ts';
import { type Conditions, loadAverageNow, readConditions } from './conditions.ts';
import { type Distribution, distributionOf } from './distribution.ts';
import { type Installation, startInstallation } from './installation.ts';
import { Ledger, type LedgerCounts, type LedgerEntry } from './ledger.ts';
import { runOpenLoop } from './open-loop.ts';
import { measurePhases, type Phase } from './phases.ts';
import { createPublisher, EVENT_BYTES, type Publisher } from './publisher.ts';
import { waitUntil } from './wait-until.ts';

export interface LatencyOptions {
  readonly ratePerSecond: number;
  readonly seconds: number;
  /** Events before the measurement, a few at a time, so that every process has compiled its hot code. */
  readonly warmUpEvents: number;
  readonly dispatch: 'auto' | 'each';
  readonly signal: AbortSignal;
  readonly onProgress: (line: string) => void;
}

/** What `bench latency` found out; durations in milliseconds. */
export interface LatencyReport {
  readonly benchmark: 'latency';
  readonly conditions: Conditions & Load;
  readonly counts: LedgerCounts;
  /** From the publish request begun to the body complete at the receiver. */
  readonly publish_to_receipt_ms: Distribution | null;
  /** From the publish request begun to its answer complete. */
  readonly publish_answer_ms: Distribution | null;
  readonly phases_ms: readonly Phase[];
  /** By how much the publisher itself was late at worst. */
  readonly publisher_lag_ms: number;
}

interface Load {
  readonly rate_per_second: number;
  readonly seconds: number;
  readonly event_bytes: number;
  readonly endpoints: number;
  readonly warm_up_events: number;
  readonly dispatch: string;
}

const WARM_UP_SIDE_BY_SIDE = 4;
/** After the last publish: covers a lost request's lease and the reconciling loop, so that late is not called lost. */
const DRAIN_MS = 60_000;
/** Looking goes through the whole ledger and holds up the receiver, so not too often. */
const DRAIN_LOOK_MS = 100;

/** Publishes in an open loop to a Posthorn of its own and takes the time of every receipt. */
export async function measureLatency(options: LatencyOptions): Promise<LatencyReport> {
  const loadAverage = loadAverageNow();
  const { signal, onProgress, dispatch } = options;
  const environment = { POSTHORN_DISPATCH: dispatch };
  const installation = await startInstallation({ signal, onProgress, environment });
  const ledgers: Ledger[] = [];
  const receiver = await startArrivalReceiver({
    onArrival: (jobId, arrival) => {
      for (const ledger of ledgers) ledger.receive(jobId, arrival);
    },
  });
  const publisher = createPublisher(installation);
  try {
    const conditions = { ...(await readConditions(installation, loadAverage)), ...loadOf(options) };
    return await measure(options, { installation, ledgers, receiver, publisher, conditions });
  } finally {
    onProgress('stopping');
    await publisher.close();
    await installation.stop();
    await receiver.close();
  }
}

interface Setting {
  readonly installation: Installation;
  readonly ledgers: Ledger[];
  readonly receiver: ArrivalReceiver;
  readonly publisher: Publisher;
  readonly conditions: Conditions & Load;
}

async function measure(options: LatencyOptions, setting: Setting): Promise<LatencyReport> {
  const { ratePerSecond, seconds, signal, onProgress } = options;
  const { installation, ledgers, publisher, conditions } = setting;
  onProgress('starting the worker');
  await installation.startWorker();
  await publisher.createEndpoint(setting.receiver.url);
  await warmUp(options, setting);
  const ledger = new Ledger();
  ledgers.push(ledger);
  const count = Math.max(1, Math.round(ratePerSecond * seconds));
  onProgress(`publishing ${count} events, ${ratePerSecond} a second`);
  const lagMs = await runOpenLoop({ ratePerSecond, count, signal }, async (index) => {
    await publisher.publish(ledger.begin(`job-${index}`, performance.now()));
  });
  onProgress('waiting for what is still to come');
  await waitUntil(() => ledger.counts().lost === 0, {
    timeoutMs: DRAIN_MS,
    signal,
    intervalMs: DRAIN_LOOK_MS,
  });
  return {
    benchmark: 'latency',
    conditions,
    counts: ledger.counts(),
    publish_to_receipt_ms: distributionOf(ledger.entries.flatMap(receiptMs)),
    publish_answer_ms: distributionOf(ledger.entries.flatMap(answerMs)),
    phases_ms: await measurePhases(installation, ledger.entries),
    publisher_lag_ms: lagMs,
  };
}

async function warmUp(
  { warmUpEvents, signal, onProgress }: LatencyOptions,
  { ledgers, publisher }: Setting,
): Promise<void> {
  onProgress(`warming up with ${warmUpEvents} events`);
  const ledger = new Ledger();
  ledgers.push(ledger);
  let begun = 0;
  const publishInTurn = async (): Promise<void> => {
    while (begun < warmUpEvents) {
      begun += 1;
      const entry = ledger.begin(`warm-up-${begun}`, performance.now());
      await publisher.publish(entry);
      await waitUntil(() => entry.arrivals.length > 0, { timeoutMs: DRAIN_MS, signal });
    }
  };
  await Promise.all(Array.from({ length: WARM_UP_SIDE_BY_SIDE }, publishInTurn));
  ledgers.length = 0;
  if (ledger.counts().received < warmUpEvents) throw new Error('not even the warm-up was delivered');
}

function loadOf({ ratePerSecond, seconds, warmUpEvents, dispatch }: LatencyOptions): Load {
  return {
    rate_per_second: ratePerSecond,
    seconds,
    event_bytes: EVENT_BYTES,
    endpoints: 1,
    warm_up_events: warmUpEvents,
    dispatch,
  };
}

function receiptMs({ begunAt, arrivals: [first] }: LedgerEntry): number[] {
  return first === undefined ? [] : [first.at - begunAt];
}

function answerMs({ begunAt, answeredAt }: LedgerEntry): number[] {
  return answeredAt === null ? [] : [answeredAt - begunAt];
}
