import type { BenchContext, BenchReport, Row } from '../benchmark.ts';
import { loadAverageNow, readConditions } from '../conditions.ts';
import { runClosedLoop } from '../load/closed-loop.ts';
import type { PublisherOptions } from '../load/publisher.ts';
import { measureRaw } from '../load/raw-load.ts';
import { waitForReceipts } from '../load/settled.ts';
import { inSetting, type Setting } from '../setting.ts';

export interface MeasureOptions extends PublisherOptions {
  /** Settings of the benchmark that belong to its conditions. */
  readonly conditions: Row;
  /** Connections of the raw rung: as many as the benchmark's own load uses. */
  readonly rawConnections: number;
  readonly environment?: Readonly<Record<string, string>>;
  readonly hosts?: number;
}

/** A setting with the figure of the raw rung, measured before anything else was busy. */
export interface MeasuredSetting extends Setting {
  readonly rawPerSecond: number;
}

const RAW_SECONDS = 2;

/** Runs a benchmark in a setting of its own and adds the conditions to what it found. */
export async function measureIn(
  context: BenchContext,
  {
    conditions,
    rawConnections,
    environment = {},
    hosts = 1,
    client = 'http',
    keys = 'operator',
    ...events
  }: MeasureOptions,
  work: (setting: MeasuredSetting) => Promise<Omit<BenchReport, 'conditions'>>,
): Promise<BenchReport> {
  const loadAverage = loadAverageNow();
  const { signal, onProgress } = context;
  return await inSetting(context, { environment, hosts, client, keys, ...events }, async (setting) => {
    const found = await readConditions(setting.installation, { loadAverage, stage: context.stage });
    onProgress('measuring the raw rung');
    const rawPerSecond = await measureRaw(setting, {
      connections: rawConnections,
      client,
      seconds: RAW_SECONDS,
      signal,
    });
    const report = await work({ ...setting, rawPerSecond });
    const processes = `${Object.keys(setting.installation.processIds()).join(', ')}, publisher with receiver`;
    const raw = { raw_posts_per_second: rawPerSecond, raw_connections: rawConnections, client, keys };
    return { ...report, conditions: { ...found, processes, ...raw, ...conditions } };
  });
}

/** Has events delivered before the measurement, so that every process has compiled its hot code. */
export async function warmUp(
  setting: Setting,
  { events, sideBySide, signal, onProgress }: WarmUpOptions,
): Promise<void> {
  if (events === 0) return;
  onProgress(`warming up with ${events} events, ${sideBySide} at a time`);
  const ledger = setting.openLedger();
  await runClosedLoop({ count: events, sideBySide, signal }, async (index) => {
    await setting.publisher.publish(ledger.begin(`warm-up-${sideBySide}-${index}`));
  });
  if (!(await waitForReceipts(ledger, signal))) throw new Error('not even the warm-up was delivered');
}

export interface WarmUpOptions extends Pick<BenchContext, 'signal' | 'onProgress'> {
  readonly events: number;
  readonly sideBySide: number;
}
