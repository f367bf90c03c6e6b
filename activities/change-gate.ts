import type { EndpointSwitch } from '../src/storage/gates/endpoint-switch.ts';
import type { GateUpkeep } from '../src/storage/gates/gate-upkeep.ts';

export interface ChangeGateInput {
  readonly endpointId: string;
  readonly action: 'pause' | 'resume';
  readonly by: string;
  readonly reason: string | null;
}

export interface CareForGateInput {
  readonly endpointId: string;
  readonly forMs: number;
}

/** Writes down a pause or its end where the wish came as a plain signal and not through the API. Safe to repeat. */
export function createChangeGate(endpointSwitch: EndpointSwitch): (input: ChangeGateInput) => Promise<void> {
  return async function changeGate({ endpointId, action, by, reason }) {
    if (action === 'pause') await endpointSwitch.pause(endpointId, { by, reason });
    else await endpointSwitch.resume(endpointId, { by });
  };
}

/** Notes in Postgres that a gate's run sleeps for so long, so that the reconciling loop need not ask after it. */
export function createCareForGate(upkeep: GateUpkeep): (input: CareForGateInput) => Promise<void> {
  return async function careForGate({ endpointId, forMs }) {
    await upkeep.careFor(endpointId, forMs);
  };
}
