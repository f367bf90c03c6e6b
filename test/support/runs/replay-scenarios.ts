import type { WorkflowHandle } from '@temporalio/client';
import { progressQuery } from '../../../workflows/messages.ts';
import { eventually } from '../eventually.ts';
import type { WaveScenario, WaveStage } from './wave-scenarios.ts';

/** A run of `replay` of what an endpoint missed, which is paused. */
interface Replaying {
  readonly endpointId: string;
  readonly handle: WorkflowHandle;
}

const RETRY = { strategy: 'fixed', initial_ms: 200, jitter: 0 };

/** Every way a replay can go, by the name of the history. */
export const REPLAY_SCENARIOS: Readonly<Record<string, WaveScenario>> = {
  'replay-completed': async (stage, name) => {
    const { endpointId, handle } = await replaying(stage, name);
    await stage.posthorn.call('POST', `/v1/endpoints/${endpointId}/resume`);
    return await recorded(handle);
  },
  'replay-waited': async (stage, name) => {
    const { endpointId, handle } = await replaying(stage, name);
    await untilWaiting(handle);
    await stage.posthorn.call('POST', `/v1/endpoints/${endpointId}/resume`);
    return await recorded(handle);
  },
  'replay-cancelled-through-the-api': async (stage, name) => {
    const { handle } = await replaying(stage, name);
    await untilWaiting(handle);
    await stage.posthorn.call('POST', `/v1/replays/${handle.workflowId}/cancel`);
    return await recorded(handle);
  },
  'replay-cancelled-by-signal': async (stage, name) => {
    const { handle } = await replaying(stage, name);
    await untilWaiting(handle);
    await handle.signal('cancel');
    return await recorded(handle);
  },
};

async function replaying({ posthorn, client, publish }: WaveStage, name: string): Promise<Replaying> {
  const { id } = await posthorn.untilStatus(await publish(name, RETRY), 'delivered');
  const { body } = await posthorn.call('GET', `/v1/deliveries/${id}`);
  const { endpoint_id: endpointId } = body as { endpoint_id: string };
  const endpoint = `/v1/endpoints/${endpointId}`;
  await posthorn.call('POST', `${endpoint}/disable`);
  await posthorn.call('POST', '/v1/events', {
    event: 'job.completed',
    customer_id: name,
    data: { job_id: name },
  });
  await posthorn.call('POST', `${endpoint}/enable`);
  await posthorn.call('POST', `${endpoint}/pause`);
  const replay = (await posthorn.call('POST', `${endpoint}/recover`)).body as { id: string };
  return { endpointId, handle: client.workflow.getHandle(replay.id) };
}

async function untilWaiting(handle: WorkflowHandle): Promise<void> {
  await eventually(async () => (await handle.query(progressQuery)).status === 'waiting');
}

async function recorded(
  handle: WorkflowHandle,
): Promise<{ readonly workflowId: string; readonly runId: string }> {
  const { workflowId, runId } = await handle.describe();
  return { workflowId, runId };
}
