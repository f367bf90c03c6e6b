import { medianOf } from './distribution.ts';
import { checkFlat, residentMegabytes } from './resident-memory.ts';
import { checkLedger } from './soak-ledger-checks.ts';
import type { Check, SoakContext, SoakScenario } from './soak-scenario.ts';
import { countByStatus, inSoakSetting, type SoakSetting } from './soak-setting.ts';
import { waitUntil } from './wait-until.ts';

/** Enough to keep the worker busy, few enough that their number does not show in its memory. */
const SIDE_BY_SIDE = 16;
const RECEIPT_MS = 60_000;
const SETTLE_MS = 30_000;
/** Heap that a process has not used up yet grows without leaking, so memory is compared after this part of the run. */
const WARM_UP_SHARE = 0.25;
/** Keeps the worker's young generation and heap from growing merely because there is room. */
const BOUNDED_HEAP = { NODE_OPTIONS: '--max-semi-space-size=8' };

/** Thousands of deliveries by one worker, each a workflow of its own. */
export const deliveries: SoakScenario = {
  name: 'deliveries',
  summary: 'deliveries by one worker, at flat memory',
  defaultCount: 4_000,
  leastCount: 100,
  run: async (context) => await inSoakSetting(context, {}, async (setting) => await run(context, setting)),
};

async function run(context: SoakContext, setting: SoakSetting): Promise<readonly Check[]> {
  const { count, signal } = context;
  const worker = await setting.installation.startWorker(BOUNDED_HEAP);
  const memory: number[] = [];
  await publishInTurn(context, setting, () => memory.push(residentMegabytes(worker.pid)));
  const isSettled = async (): Promise<boolean> => (await countByStatus(setting.postgres)).delivered === count;
  await waitUntil(isSettled, { timeoutMs: SETTLE_MS, signal, intervalMs: 200 });
  const warm = memory.slice(Math.floor(memory.length * WARM_UP_SHARE));
  const third = Math.ceil(warm.length / 3);
  return [
    ...checkLedger(setting.ledger, {
      count,
      orphaned: new Set(),
      statuses: await countByStatus(setting.postgres),
    }),
    checkFlat("the worker's memory stays flat", {
      first: medianOf(warm.slice(0, third)),
      last: medianOf(warm.slice(-third)),
    }),
  ];
}

/** Publishes, a few at a time, each lane when its last event has arrived; calls `afterEach` upon every receipt. */
async function publishInTurn(
  { count, signal, onProgress }: SoakContext,
  { ledger, publisher }: SoakSetting,
  afterEach: () => void,
): Promise<void> {
  let begun = 0;
  const step = Math.ceil(count / 10);
  const lane = async (): Promise<void> => {
    while (begun < count) {
      const index = begun++;
      if (index > 0 && index % step === 0) onProgress(`${index} of ${count} published`);
      const entry = ledger.begin(`job-${index}`, performance.now());
      await publisher.publish(entry);
      await waitUntil(() => entry.arrivals.length > 0, { timeoutMs: RECEIPT_MS, signal });
      afterEach();
    }
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, lane));
}
