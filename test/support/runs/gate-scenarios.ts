import type { WorkflowHandle } from '@temporalio/client';
import { gateStateQuery } from '../../../workflows/messages.ts';
import { eventually } from '../eventually.ts';
import type { Answer } from '../receivers/receiver.ts';
import type { WaveScenario, WaveStage } from './wave-scenarios.ts';

/** An endpoint that took one delivery, and the run that its gate gets. */
interface Gated {
  readonly endpointId: string;
  readonly handle: WorkflowHandle;
}

/** Longer than a drain looks ahead. */
const LATER = { strategy: 'schedule', delays_ms: [8_000], jitter: 0 };
const UNAVAILABLE = { status: 503 };
/** Opens at the first failure. */
const TOUCHY = { consecutive_failures: 1, cooldown_ms: 5_000, max_cooldown_ms: 5_000 };

/** Every way a gate can go, by the name of the history. */
export const GATE_SCENARIOS: Readonly<Record<string, WaveScenario>> = {
  'gate-paused-then-resumed': async (stage, name) => {
    const { endpointId, handle } = await gated(stage, name);
    await stage.posthorn.call('POST', `/v1/endpoints/${endpointId}/pause`, { reason: 'for the record' });
    await untilState(handle, 'paused');
    await publishAgain(stage, name);
    await handle.signal('resume', { by: 'recorder' });
    return await recorded(handle);
  },
  'gate-opened-and-recovered': async (stage, name) => {
    const { endpointId, handle } = await gated(stage, name, [{}, UNAVAILABLE]);
    await stage.posthorn.call('PATCH', `/v1/endpoints/${endpointId}`, { breaker: TOUCHY });
    await publishAgain(stage, name);
    await untilState(handle, 'breaker_open');
    return await recorded(handle);
  },
  'gate-rested': async (stage, name) => {
    const { endpointId, handle } = await gated(stage, name, [{}, UNAVAILABLE]);
    await stage.posthorn.call('PATCH', `/v1/endpoints/${endpointId}`, { max_concurrency: 5 });
    await publishAgain(stage, name);
    await untilState(handle, 'waiting');
    return await recorded(handle);
  },
};

async function gated(
  { posthorn, client, publish }: WaveStage,
  name: string,
  answers: readonly Answer[] = [],
): Promise<Gated> {
  const { id } = await posthorn.untilStatus(await publish(name, LATER, answers), 'delivered');
  const { body } = await posthorn.call('GET', `/v1/deliveries/${id}`);
  const { endpoint_id: endpointId } = body as { endpoint_id: string };
  return { endpointId, handle: client.workflow.getHandle(`gate/${endpointId}`) };
}

async function publishAgain({ posthorn }: WaveStage, name: string): Promise<void> {
  const event = { event: 'job.completed', customer_id: name, data: { job_id: name } };
  await posthorn.call('POST', '/v1/events', event);
}

async function untilState(handle: WorkflowHandle, state: string): Promise<void> {
  await eventually(async () => (await handle.query(gateStateQuery)).state === state);
}

async function recorded(
  handle: WorkflowHandle,
): Promise<{ readonly workflowId: string; readonly runId: string }> {
  const { workflowId, runId } = await handle.describe();
  return { workflowId, runId };
}
