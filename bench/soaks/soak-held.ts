import type { Client as TemporalClient } from '@temporalio/client';
import { createTemporalClient } from '../../src/temporal/connection.ts';
import { runClosedLoop } from '../load/closed-loop.ts';
import { countByStatus, waitForEnds } from '../load/settled.ts';
import { waitUntil } from '../load/wait-until.ts';
import type { Ledger } from '../measure/ledger.ts';
import { BOUNDED_HEAP, checkFlatOverRun, residentMegabytes } from '../measure/resident-memory.ts';
import { inSetting, type Setting } from '../setting.ts';
import { checkLedger } from './soak-ledger-checks.ts';
import type { Check, SoakContext, SoakScenario } from './soak-scenario.ts';

const PER_CALL = 500;
const SIDE_BY_SIDE = 4;
const SAMPLE_EVERY_MS = 250;
const DRAIN_MS = 1_800_000;
/** Visibility is told of what starts and ends a moment later. */
const VISIBLE_MS = 10_000;
const RUNNING = "ExecutionStatus = 'Running'";

/** What a paused endpoint holds back must be rows, and going must wear nobody out (issue 5). */
export const held: SoakScenario = {
  name: 'held',
  summary: 'deliveries held for a paused endpoint and let go when it is resumed',
  defaultCount: 100_000,
  leastCount: 500,
  run: async (context) =>
    await inSetting(context, { environment: BOUNDED_HEAP }, async (setting) => await run(context, setting)),
};

async function run(context: SoakContext, setting: Setting): Promise<readonly Check[]> {
  const { count, onProgress } = context;
  const { installation, postgres } = setting;
  await installation.startWorker();
  await setting.createEndpoint(0);
  const ledger = setting.openLedger();
  const temporal = createTemporalClient({ address: installation.temporalAddress, namespace: 'default' });
  try {
    await act(setting, 'pause');
    const runsBefore = await openRuns(temporal, context, (runs) => runs > 0);
    await publishAll(ledger, { context, setting });
    const runsAfter = await openRuns(temporal, context, (runs) => runs <= runsBefore);
    const whilePaused = await countByStatus(postgres);
    const early = ledger.received;
    onProgress(`${count} are held; resuming`);
    await act(setting, 'resume');
    const samples = await drain(ledger, { context, setting });
    return [
      {
        promise: 'a paused endpoint gets nothing, all is held',
        measured: `${early} received, ${JSON.stringify(whilePaused)}`,
        kept: early === 0 && whilePaused.held === count,
      },
      {
        promise: 'what is held needs no workflows',
        measured: `${runsBefore} open before, ${runsAfter} after`,
        kept: runsAfter <= runsBefore,
      },
      ...checkLedger(ledger, { count, orphaned: new Set(), statuses: await countByStatus(postgres) }),
      checkFlatOverRun('worker 1', samples),
    ];
  } finally {
    await temporal.connection.close();
  }
}

interface Stage {
  readonly context: SoakContext;
  readonly setting: Setting;
}

async function publishAll(ledger: Ledger, { context, setting }: Stage): Promise<void> {
  const { count, signal, onProgress } = context;
  const calls = Math.ceil(count / PER_CALL);
  await runClosedLoop({ count: calls, sideBySide: SIDE_BY_SIDE, signal }, async (call) => {
    if (call > 0 && call % Math.ceil(calls / 5) === 0) onProgress(`${call * PER_CALL} of ${count} published`);
    const first = call * PER_CALL;
    const length = Math.min(PER_CALL, count - first);
    const entries = Array.from({ length }, (_, index) => ledger.begin(`job-${first + index}`));
    await setting.publisher.publishMany(entries);
  });
}

/** @returns the worker's memory at even distances */
async function drain(ledger: Ledger, { context, setting }: Stage): Promise<readonly number[]> {
  const { count, signal } = context;
  const samples: number[] = [];
  const sample = (): boolean => {
    samples.push(residentMegabytes(setting.installation.processIds()['worker 1'] ?? Number.NaN));
    return ledger.received >= count;
  };
  await waitUntil(sample, { timeoutMs: DRAIN_MS, signal, intervalMs: SAMPLE_EVERY_MS });
  await waitForEnds(setting.postgres, { timeoutMs: VISIBLE_MS, signal });
  return samples;
}

async function openRuns(
  temporal: TemporalClient,
  { signal }: SoakContext,
  isSettled: (runs: number) => boolean,
): Promise<number> {
  let runs = 0;
  const settles = async (): Promise<boolean> => {
    runs = (await temporal.workflow.count(RUNNING)).count;
    return isSettled(runs);
  };
  await waitUntil(settles, { timeoutMs: VISIBLE_MS, signal, intervalMs: SAMPLE_EVERY_MS });
  return runs;
}

async function act({ installation, postgres }: Setting, action: 'pause' | 'resume'): Promise<void> {
  const { rows } = await postgres.query<{ id: string }>('SELECT id FROM endpoints');
  const url = `${installation.apiUrl}/v1/endpoints/${rows[0]?.id}/${action}`;
  const headers = { authorization: `Bearer ${installation.adminKey}` };
  const { status } = await fetch(url, { method: 'POST', headers });
  if (status !== 200) throw new Error(`${action} was answered with ${status}`);
}
