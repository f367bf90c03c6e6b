import type { BenchContext, Benchmark, BenchReport } from '../benchmark.ts';
import { runClosedLoop } from '../load/closed-loop.ts';
import { lossesIn } from '../load/load.ts';
import { EVENT_BYTES } from '../load/publisher.ts';
import { waitForReceipts } from '../load/settled.ts';
import { startCpuSpan } from '../measure/cpu-meter.ts';
import { firstReceipt, type Ledger } from '../measure/ledger.ts';
import { type MeasuredSetting, measureIn } from '../measure/measure-in.ts';

/** What has piled up while no worker ran. */
export const drain: Benchmark = {
  name: 'drain',
  summary:
    'a backlog published while no worker runs: time to the first receipt, deliveries a second until the last',
  options: {
    events: { kind: 'number', summary: 'size of the backlog', fallback: 20_000, least: 1, most: 10_000_000 },
    workers: { kind: 'number', summary: 'worker processes', fallback: 1, least: 1, most: 2 },
  },
  run,
};

const EVENTS_PER_CALL = 100;
const CALLS_SIDE_BY_SIDE = 4;
const RAW_CONNECTIONS = 100;

async function run(context: BenchContext): Promise<BenchReport> {
  const [events, workers] = [context.number('events'), context.number('workers')];
  const conditions = { events, event_bytes: EVENT_BYTES, endpoints: 1 };
  return await measureIn(context, { conditions, rawConnections: RAW_CONNECTIONS }, async (setting) => {
    await setting.createEndpoint(0);
    const ledger = await pileUp(setting, context);
    context.onProgress(`starting ${workers} worker${workers === 1 ? '' : 's'}`);
    const startedAt = performance.now();
    await Promise.all(Array.from({ length: workers }, async () => await setting.installation.startWorker()));
    const readyAt = performance.now();
    const cpu = startCpuSpan(setting.installation.processIds());
    await waitForReceipts(ledger, context.signal);
    const receipts = ledger.entries.map((entry) => firstReceipt(entry)?.at ?? readyAt).sort((a, b) => a - b);
    const [first = readyAt, last = readyAt] = [receipts[0], receipts.at(-1)];
    const perSecond = ((events - 1) * 1_000) / (last - first);
    return {
      tables: {
        drain: [
          {
            events,
            worker_ready_ms: readyAt - startedAt,
            first_receipt_ms: first - startedAt,
            delivered_per_second: perSecond,
            of_raw: perSecond / setting.rawPerSecond,
            lost: ledger.counts().lost,
            duplicates: ledger.counts().duplicates,
          },
        ],
        cpu_by_process: cpu.rows(events),
      },
      flaws: lossesIn(ledger.counts(), 'drain'),
    };
  });
}

async function pileUp(
  { publisher, openLedger }: MeasuredSetting,
  { number, signal, onProgress }: BenchContext,
): Promise<Ledger> {
  const events = number('events');
  onProgress(`publishing ${events} events while no worker runs`);
  const ledger = openLedger();
  const loop = { count: Math.ceil(events / EVENTS_PER_CALL), sideBySide: CALLS_SIDE_BY_SIDE, signal };
  await runClosedLoop(loop, async (call) => {
    const first = call * EVENTS_PER_CALL;
    const size = Math.min(EVENTS_PER_CALL, events - first);
    const entries = Array.from({ length: size }, (_, index) => ledger.begin(`drain-${first + index}`));
    await publisher.publishMany(entries);
  });
  return ledger;
}
