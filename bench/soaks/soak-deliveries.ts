import { runClosedLoop } from '../load/closed-loop.ts';
import { countByStatus, waitForEnds } from '../load/settled.ts';
import { waitUntil } from '../load/wait-until.ts';
import {
  type Counted,
  compareCounters,
  freePagePorts,
  isEqual,
  type PagePorts,
} from '../measure/counters.ts';
import { requestsIn } from '../measure/ledger.ts';
import { BOUNDED_HEAP, checkFlatOverRun, residentMegabytes } from '../measure/resident-memory.ts';
import { inSetting, type Setting } from '../setting.ts';
import { checkLedger } from './soak-ledger-checks.ts';
import type { Check, SoakContext, SoakScenario } from './soak-scenario.ts';

/** Enough to keep the worker busy, few enough that their number does not show in its memory. */
const SIDE_BY_SIDE = 16;
const RECEIPT_MS = 60_000;
const SETTLE_MS = 60_000;
const SAMPLES = 1_000;
/** Many thousands of deliveries by one worker. */
export const deliveries: SoakScenario = {
  name: 'deliveries',
  summary: 'deliveries by one API and one worker, at flat memory; counters equal the ledger afterwards',
  defaultCount: 100_000,
  leastCount: 100,
  run: async (context) => {
    const ports = await freePagePorts();
    const environment = { ...BOUNDED_HEAP, POSTHORN_METRICS_PORT: String(ports.api) };
    return await inSetting(
      context,
      { environment },
      async (setting) => await run(context, { setting, ports }),
    );
  },
};

interface Means {
  readonly setting: Setting;
  readonly ports: PagePorts;
}

async function run(context: SoakContext, { setting, ports }: Means): Promise<readonly Check[]> {
  const { count, signal, onProgress } = context;
  await setting.installation.startWorker({ POSTHORN_METRICS_PORT: String(ports.worker) });
  await setting.createEndpoint(0);
  const ledger = setting.openLedger();
  const memory: Record<string, number[]> = { api: [], 'worker 1': [] };
  const sampleEvery = Math.max(1, Math.floor(count / SAMPLES));
  await runClosedLoop({ count, sideBySide: SIDE_BY_SIDE, signal }, async (index) => {
    if (index > 0 && index % Math.ceil(count / 10) === 0) onProgress(`${index} of ${count} published`);
    const entry = ledger.begin(`job-${index}`);
    await setting.publisher.publish(entry);
    await waitUntil(() => entry.arrivals.length > 0, { timeoutMs: RECEIPT_MS, signal });
    if (index % sampleEvery === 0) sample(memory, setting);
  });
  await waitForEnds(setting.postgres, { timeoutMs: SETTLE_MS, signal });
  const statuses = await countByStatus(setting.postgres);
  const { acknowledged } = ledger.counts();
  const counters = await compareCounters(ports, { acknowledged, requests: requestsIn(ledger) });
  return [
    ...checkLedger(ledger, { count, orphaned: new Set(), statuses }),
    ...counters.map(checkCounter),
    ...Object.entries(memory).map(([process, samples]) => checkFlatOverRun(process, samples)),
  ];
}

function checkCounter(counted: Counted): Check {
  return {
    promise: `${counted.counter} equals the ledger`,
    measured: `${counted.told} of ${counted.ledger}`,
    kept: isEqual(counted),
  };
}

function sample(memory: Readonly<Record<string, number[]>>, { installation }: Setting): void {
  const pids = installation.processIds();
  for (const [process, samples] of Object.entries(memory)) {
    samples.push(residentMegabytes(pids[process] ?? Number.NaN));
  }
}
