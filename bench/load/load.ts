import type { Row } from '../benchmark.ts';
import { startCpuSpan } from '../measure/cpu-meter.ts';
import { firstReceipt, type Ledger, type LedgerCounts } from '../measure/ledger.ts';
import type { Setting } from '../setting.ts';
import { runClosedLoop } from './closed-loop.ts';
import { runOpenLoop } from './open-loop.ts';
import { waitForReceipts } from './settled.ts';

/** Publishes that end when everything has been received. */
export interface Load {
  /** Part of every job id; unique within a setting. */
  readonly name: string;
  readonly events: number;
  readonly publishers: number;
  /** Calls a second, whatever becomes of those before; where absent, as fast as answers come. */
  readonly ratePerSecond?: number;
  /** Events a call; 1 where absent. */
  readonly eventsPerCall?: number;
  /** The endpoint of an event by its number; 0 where absent. */
  readonly endpointOf?: (index: number) => number;
  readonly signal: AbortSignal;
}

/** How fast it went, in events a second. */
export interface LoadResult {
  readonly ledger: Ledger;
  readonly counts: LedgerCounts;
  /** From the first publish to the last answer. */
  readonly acceptedPerSecond: number;
  /** From the first publish to the last receipt: end to end. */
  readonly deliveredPerSecond: number;
  /** From the first publish to the last receipt of a first attempt, whether accepted or not. */
  readonly firstAttemptsPerSecond: number;
  readonly cpu: readonly Row[];
}

/** Publishes, waits for all receipts, and takes the times. */
export async function runLoad(setting: Setting, load: Load): Promise<LoadResult> {
  const { name, events, publishers, ratePerSecond, eventsPerCall = 1, endpointOf = () => 0, signal } = load;
  const ledger = setting.openLedger();
  const cpu = startCpuSpan(setting.installation.processIds());
  const began = performance.now();
  const count = Math.ceil(events / eventsPerCall);
  const call = async (number: number): Promise<void> => {
    const first = number * eventsPerCall;
    const begin = (index: number) => ledger.begin(`${name}-${index}`, endpointOf(index));
    if (eventsPerCall === 1) return await setting.publisher.publish(begin(first));
    const size = Math.min(eventsPerCall, events - first);
    await setting.publisher.publishMany(Array.from({ length: size }, (_, offset) => begin(first + offset)));
  };
  if (ratePerSecond === undefined) await runClosedLoop({ count, sideBySide: publishers, signal }, call);
  else await runOpenLoop({ ratePerSecond, count, signal }, call);
  const accepted = performance.now();
  await waitForReceipts(ledger, signal);
  const { entries } = ledger;
  const perSecond = (until: number): number => (events * 1_000) / (until - began);
  return {
    ledger,
    counts: ledger.counts(),
    acceptedPerSecond: perSecond(accepted),
    deliveredPerSecond: perSecond(latest(entries.map((entry) => firstReceipt(entry)?.at))),
    firstAttemptsPerSecond: perSecond(latest(entries.map((entry) => entry.arrivals[0]?.at))),
    cpu: cpu.rows(events),
  };
}

/** What of these counts breaks a promise. */
export function lossesIn(counts: LedgerCounts, where: string): readonly string[] {
  const { sent, acknowledged, lost, duplicates } = counts;
  return [
    ...(acknowledged < sent
      ? [`${where}: ${sent - acknowledged} of ${sent} publishes were not accepted`]
      : []),
    ...(lost > 0 ? [`${where}: ${lost} acknowledged events were lost`] : []),
    ...(duplicates > 0 ? [`${where}: ${duplicates} came twice`] : []),
  ];
}

/** The loop rather than spread arguments: there may be a hundred thousand. */
function latest(moments: readonly (number | undefined)[]): number {
  return moments.reduce<number>((last, moment) => Math.max(last, moment ?? last), 0);
}
