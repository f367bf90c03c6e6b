import { createReplayClient, type ReplayView } from '../load/replay-client.ts';
import { waitForEnds, waitForReceipts } from '../load/settled.ts';
import { waitUntil } from '../load/wait-until.ts';
import type { Ledger } from '../measure/ledger.ts';
import { inSetting, type Setting } from '../setting.ts';
import type { Check, SoakContext, SoakScenario } from './soak-scenario.ts';

const FROM = 0;
const TO = 1;
const PER_CALL = 500;
const SAMPLE_EVERY_MS = 250;
/** Cancelled when so much has come. */
const CANCELLED_AT = 0.5;
const PHASE_MS = 1_800_000;
const SETTLE_MS = 60_000;
/** Long enough for whatever was still on its way. */
const QUIET_MS = 3_000;

/** What was delivered goes to a new endpoint, in the order of acceptance, with a break in the middle. */
export const elsewhere: SoakScenario = {
  name: 'elsewhere',
  summary: 'delivered ones replayed to a new endpoint in order, cancelled half-way and continued',
  defaultCount: 10_000,
  leastCount: 100,
  run: async (context) => await inSetting(context, {}, async (setting) => await run(context, setting)),
};

async function run(context: SoakContext, setting: Setting): Promise<readonly Check[]> {
  const { count, signal, onProgress } = context;
  await setting.installation.startWorker();
  await setting.createEndpoint(FROM);
  await deliver(context, setting);
  onProgress(`${count} are delivered; replaying them to a new endpoint`);
  await setting.createEndpoint(TO, { customer_id: `bench-${FROM}`, events: ['job.failed'], ordered: true });
  const ledger = setting.openLedger();
  for (const jobId of jobIds(count)) ledger.begin(jobId).acknowledged = true;

  const client = createReplayClient(setting);
  const id = await client.begin({
    filter: { endpoint_id: await client.idAt(setting.receiver.url(FROM)), status: ['delivered'] },
    to_endpoint_id: await client.idAt(setting.receiver.url(TO)),
  });
  await waitUntil(() => ledger.received >= CANCELLED_AT * count, { timeoutMs: PHASE_MS, signal });
  await client.cancel(id);
  const settled = async (): Promise<boolean> => (await client.read(id)).finished_at !== null;
  await waitUntil(settled, { timeoutMs: SETTLE_MS, signal, intervalMs: SAMPLE_EVERY_MS });
  await waitForEnds(setting.postgres, { timeoutMs: SETTLE_MS, signal });
  const cancelled = { view: await client.read(id), received: ledger.received };
  await waitUntil(() => ledger.received > cancelled.received, { timeoutMs: QUIET_MS, signal });
  const late = ledger.received - cancelled.received;
  onProgress(`cancelled after ${cancelled.received} of ${count}; going on`);

  await client.goOn(id);
  await waitForReceipts(ledger, signal);
  await waitUntil(settled, { timeoutMs: SETTLE_MS, signal, intervalMs: SAMPLE_EVERY_MS });
  return [
    ...cancelChecks(cancelled, { count, late }),
    ...onceChecks(ledger, { count, view: await client.read(id) }),
  ];
}

function jobIds(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${index}`);
}

async function deliver({ count, signal }: SoakContext, { publisher, openLedger }: Setting): Promise<void> {
  const ledger = openLedger();
  const entries = jobIds(count).map((jobId) => ledger.begin(jobId, FROM));
  for (let first = 0; first < count; first += PER_CALL)
    await publisher.publishMany(entries.slice(first, first + PER_CALL));
  await waitForReceipts(ledger, signal);
}

function cancelChecks(
  { view, received }: { readonly view: ReplayView; readonly received: number },
  { count, late }: { readonly count: number; readonly late: number },
): readonly Check[] {
  return [
    {
      promise: 'cancelled half-way it sends nothing more',
      measured: `${view.status} at ${received} of ${count}, ${late} later`,
      kept: view.status === 'cancelled' && view.delivered === received && received < count && late === 0,
    },
  ];
}

function onceChecks(
  ledger: Ledger,
  { count, view }: { readonly count: number; readonly view: ReplayView },
): readonly Check[] {
  const { received, lost, duplicates } = ledger.counts();
  const arrivals = ledger.entries.flatMap(({ jobId, arrivals }) => arrivals.map(({ at }) => ({ jobId, at })));
  const inOrder = arrivals.sort((one, other) => one.at - other.at);
  const misplaced = inOrder.filter(({ jobId }, index) => jobId !== `${index}`).length;
  return [
    {
      promise: 'continued, each comes once',
      measured: `${received} received, ${lost} lost, ${duplicates} twice; ${view.delivered} delivered (${view.status})`,
      kept: received === count && lost === 0 && duplicates === 0 && view.delivered === count,
    },
    {
      promise: 'in the order of acceptance',
      measured: `${misplaced} of ${inOrder.length} misplaced`,
      kept: misplaced === 0 && inOrder.length === count,
    },
  ];
}
