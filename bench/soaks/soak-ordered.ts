import { countByStatus, waitForEnds } from '../load/settled.ts';
import { waitUntil } from '../load/wait-until.ts';
import type { Ledger } from '../measure/ledger.ts';
import { inSetting, type Setting } from '../setting.ts';
import type { Check, SoakContext, SoakScenario } from './soak-scenario.ts';

const KILLS = 5;
const PER_CALL = 500;
/** Every third delivery is refused at its first attempt. */
const REFUSED = 1 / 3;
const RETRY = { strategy: 'fixed', initial_ms: 100, jitter: 0, max_retries: 10 };
/** A short one, so that leases (timeout and 15 s) end soon. */
const ENDPOINT_TIMEOUT_MS = 1_000;
/** Between two kills: a lease, a heartbeat timeout, and what is to be delivered. */
const STEP_MS = 600_000;

/** Order kept whatever fails or is killed (issue 5). */
export const ordered: SoakScenario = {
  name: 'ordered',
  summary: 'events in order to an endpoint that often fails, while workers are killed',
  defaultCount: 1_000,
  leastCount: 20,
  run: async (context) => await inSetting(context, {}, async (setting) => await run(context, setting)),
};

async function run(context: SoakContext, setting: Setting): Promise<readonly Check[]> {
  const { count, signal, onProgress } = context;
  const { installation, publisher, postgres, receiver } = setting;
  await setting.createEndpoint(0, { ordered: true, retry: RETRY, timeout_ms: ENDPOINT_TIMEOUT_MS });
  receiver.behave(0, { refuseFirst: REFUSED });
  const ledger = setting.openLedger();
  let worker = await installation.startWorker();
  const entries = Array.from({ length: count }, (_, index) => ledger.begin(`${index}`));
  for (let first = 0; first < count; first += PER_CALL)
    await publisher.publishMany(entries.slice(first, first + PER_CALL));
  for (let kill = 1; kill <= KILLS; kill += 1) {
    const enough = Math.floor((kill * count) / (KILLS + 1));
    await waitUntil(() => ledger.received >= enough, { timeoutMs: STEP_MS, signal });
    worker.kill('SIGKILL');
    await worker.ended;
    onProgress(`kill ${kill}: ${ledger.received} of ${count} received`);
    worker = await installation.startWorker();
  }
  await waitForEnds(postgres, { timeoutMs: STEP_MS, signal });
  return checksOf(ledger, { count, statuses: await countByStatus(postgres) });
}

function checksOf(
  ledger: Ledger,
  { count, statuses }: { readonly count: number; readonly statuses: Readonly<Record<string, number>> },
): readonly Check[] {
  const { acknowledged, lost } = ledger.counts();
  const requests = requestsOf(ledger);
  const refused = requests.filter(({ accepted }) => !accepted).length;
  const withoutRepeats = requests.filter(({ jobId }, index) => jobId !== requests[index - 1]?.jobId);
  const misplaced = withoutRepeats.filter(({ jobId }, index) => jobId !== `${index}`).length;
  return [
    {
      promise: 'every acknowledged event is received',
      measured: `${lost} of ${acknowledged} lost`,
      kept: lost === 0 && acknowledged === count,
    },
    {
      promise: 'every delivery ends delivered',
      measured: JSON.stringify(statuses),
      kept: statuses.delivered === count && Object.keys(statuses).length === 1,
    },
    {
      promise: 'the order is exact, but for repeats of one delivery',
      measured: `${misplaced} misplaced among ${requests.length} requests, ${refused} of them refused`,
      kept: misplaced === 0 && withoutRepeats.length === count,
    },
  ];
}

/** In the order of their arrival. */
function requestsOf({ entries }: Ledger) {
  return entries
    .flatMap(({ jobId, arrivals }) => arrivals.map(({ at, accepted }) => ({ jobId, at, accepted })))
    .sort((one, other) => one.at - other.at);
}
