import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { createTemporalClient } from '../../src/temporal/connection.ts';
import type { Row } from '../benchmark.ts';
import { runClosedLoop } from '../load/closed-loop.ts';
import { runOpenLoop } from '../load/open-loop.ts';
import { startCpuSpan } from '../measure/cpu-meter.ts';
import { type Distribution, distributionOf } from '../measure/distribution.ts';
import type { Installation } from './installation.ts';

export interface EngineOptions {
  /** Workflows alone, five a second: back to back each would also wait for what the one before still stirs up. */
  readonly alone: number;
  /** Workflows as fast as they go; 0 leaves that out. */
  readonly many: number;
  readonly sideBySide: number;
  readonly signal: AbortSignal;
}

/** What Temporal itself takes and gives on this machine, with one activity that does nothing. */
export interface EngineFigures {
  /** From the call that starts a workflow to the first line of its activity, one workflow at a time. */
  readonly startToActivityMs: Distribution | null;
  /** From that call to the result. */
  readonly startToResultMs: Distribution | null;
  /** Null where it was left out. */
  readonly workflowsPerSecond: number | null;
  readonly cpu: readonly Row[];
}

const WORKER_FILE = fileURLToPath(new URL('./engine-worker.js', import.meta.url));
const WARM_UP = 20;
const ALONE_PER_SECOND = 5;

/** Runs bare one-activity workflows on the installation's Temporal, with a worker and a task queue of their own. */
export async function measureEngine(
  { temporalAddress, startProgram, processIds }: Installation,
  { alone, many, sideBySide, signal }: EngineOptions,
): Promise<EngineFigures> {
  const taskQueue = `engine-${randomUUID()}`;
  const worker = startProgram(WORKER_FILE, [temporalAddress, taskQueue]);
  const client = createTemporalClient({ address: temporalAddress, namespace: 'default' });
  const runOne = async (): Promise<{ readonly activityMs: number; readonly resultMs: number }> => {
    const began = performance.now();
    const options = { taskQueue, workflowId: randomUUID(), args: [] };
    const activityAt: number = await client.workflow.execute('engineProbe', options);
    const resultMs = performance.now() - began;
    return { activityMs: activityAt - performance.timeOrigin - began, resultMs };
  };
  try {
    await worker.waitForOutput(/engine worker ready/);
    await runClosedLoop({ count: WARM_UP, sideBySide: 1, signal }, async () => void (await runOne()));
    const cpu = startCpuSpan({ ...processIds(), 'engine worker': worker.pid });
    const times: { readonly activityMs: number; readonly resultMs: number }[] = [];
    await runOpenLoop({ ratePerSecond: ALONE_PER_SECOND, count: alone, signal }, async () => {
      times.push(await runOne());
    });
    const began = performance.now();
    await runClosedLoop({ count: many, sideBySide, signal }, async () => void (await runOne()));
    return {
      startToActivityMs: distributionOf(times.map(({ activityMs }) => activityMs)),
      startToResultMs: distributionOf(times.map(({ resultMs }) => resultMs)),
      workflowsPerSecond: many === 0 ? null : (many * 1_000) / (performance.now() - began),
      cpu: cpu.rows(alone + many),
    };
  } finally {
    await client.connection.close();
    await worker.stop();
  }
}
