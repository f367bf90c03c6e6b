import type { Client, WorkflowHandle } from '@temporalio/client';
import { progressQuery, type WaveProgress, wakeSignal } from '../../../workflows/messages.ts';
import { eventually } from '../eventually.ts';
import type { Posthorn } from '../processes/posthorn.ts';
import type { Answer } from '../receivers/receiver.ts';

/** What a wave is made to roll on. */
export interface WaveStage {
  readonly posthorn: Posthorn;
  readonly client: Client;
  /** Publishes one event to an endpoint of its own, which gives these answers, then 204. */
  publish(name: string, retry: object, answers?: readonly Answer[]): Promise<string>;
}

/** Makes a run, and says which. */
export type WaveScenario = (
  stage: WaveStage,
  name: string,
) => Promise<{ readonly workflowId: string; readonly runId: string }>;

const WAVE = 'wave/0';
/** More than the dispatcher and failures start runs for. */
const MANY = 60;
/** Longer than a slice takes. */
const LONG_MS = 60_000;
const RETRIES = {
  /** Longer than a wave takes to end when load is low. */
  soon: { strategy: 'schedule', delays_ms: [10_000], jitter: 0 },
  late: { strategy: 'schedule', delays_ms: [3_600_000], jitter: 0 },
};

/** Every way a wave can go, by the name of the history; to be recorded one after the other, for there is one lane 0. */
export const WAVE_SCENARIOS: Readonly<Record<string, WaveScenario>> = {
  'wave-rolled': async (stage, name) => {
    await stage.publish(name, RETRIES.soon);
    await flood(stage, name);
    const { handle, runId } = await runningWave(stage);
    const hasSecondSlice = async (): Promise<boolean> => {
      await flood(stage, name);
      return (await progressOf(handle)).attempts_made > 0;
    };
    await eventually(hasSecondSlice, { timeoutMs: LONG_MS, intervalMs: 500 });
    await handle.result();
    return { workflowId: WAVE, runId };
  },
  'wave-slept-for-a-retry': async (stage, name) => {
    const { handle, runId } = await failMany(stage, { name, retry: RETRIES.soon });
    await untilStatus(handle, 'waiting');
    await handle.result();
    return { workflowId: WAVE, runId };
  },
  'wave-woken': async (stage, name) => {
    const { handle, runId } = await failMany(stage, { name, retry: RETRIES.late });
    await untilStatus(handle, 'waiting');
    await handle.signal(wakeSignal);
    await untilStatus(handle, 'rolling');
    await untilStatus(handle, 'waiting');
    return { workflowId: WAVE, runId };
  },
};

/** Those whose run waits for an hour. */
export const OPEN_WAVES: readonly string[] = ['wave-woken'];

async function flood({ posthorn }: WaveStage, name: string): Promise<void> {
  const event = { event: 'job.completed', customer_id: name, data: { job_id: name } };
  await posthorn.call('POST', '/v1/events/batch', { events: Array.from({ length: MANY }, () => event) });
}

async function failMany(
  stage: WaveStage,
  { name, retry }: { readonly name: string; readonly retry: object },
): Promise<{ readonly handle: WorkflowHandle; readonly runId: string }> {
  await stage.publish(
    name,
    retry,
    Array.from({ length: MANY + 1 }, () => ({ status: 503 })),
  );
  await flood(stage, name);
  return await runningWave(stage);
}

async function runningWave({
  client,
}: WaveStage): Promise<{ readonly handle: WorkflowHandle; readonly runId: string }> {
  return await eventually(async () => {
    const { status, runId } = await client.workflow.getHandle(WAVE).describe();
    return status.name === 'RUNNING' ? { handle: client.workflow.getHandle(WAVE, runId), runId } : null;
  });
}

async function progressOf(handle: WorkflowHandle): Promise<WaveProgress> {
  return (await handle.query(progressQuery)) as WaveProgress;
}

async function untilStatus(handle: WorkflowHandle, status: WaveProgress['status']): Promise<void> {
  await eventually(async () => (await progressOf(handle)).status === status);
}
