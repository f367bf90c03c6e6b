import type { RunClaims } from '../src/storage/claims/run-claims.ts';
import type { ReplayStore } from '../src/storage/replays/replay-store.ts';
import type { Retention } from '../src/storage/upkeep/retention.ts';
import { type AttemptDependencies, createAttempt } from './attempt.ts';
import { createCancelDelivery } from './cancel-delivery.ts';
import { createCancelReplay } from './cancel-replay.ts';
import { createCareForGate, createChangeGate } from './change-gate.ts';
import { createDrain, type DrainDependencies } from './drain.ts';
import { createDrainGate, type DrainGateDependencies } from './drain-gate.ts';
import { createMarkRetry } from './mark-retry.ts';
import { createReplay, type ReplayDependencies } from './replay.ts';
import { createSweep } from './sweep.ts';

export interface ActivityDependencies
  extends AttemptDependencies,
    DrainDependencies,
    DrainGateDependencies,
    ReplayDependencies {
  readonly replays: ReplayStore;
  readonly claims: RunClaims;
  readonly retention: Retention;
  /** Asks the Temporal server to cancel the run of this id. */
  readonly cancelRun: (workflowId: string) => Promise<void>;
}

/** The activities of the drains' own queue, where each worker takes one at a time. */
export type WaveActivities = ReturnType<typeof createWaveActivities>;

/** Makes the activities of waves. */
export function createWaveActivities(dependencies: ActivityDependencies) {
  return { drain: createDrain(dependencies) };
}

/** The activities a worker offers, under the names the workflows call them by. */
export type Activities = ReturnType<typeof createActivities>;

/** Makes the activities of all other workflows. */
export function createActivities(dependencies: ActivityDependencies) {
  return {
    attempt: createAttempt(dependencies),
    markRetry: createMarkRetry(dependencies.actions),
    cancelDelivery: createCancelDelivery(dependencies.actions, dependencies.cancelRun),
    drainGate: createDrainGate(dependencies),
    changeGate: createChangeGate(dependencies.endpointSwitch),
    careForGate: createCareForGate(dependencies.upkeep),
    replay: createReplay(dependencies),
    cancelReplay: createCancelReplay(dependencies.replays, dependencies.cancelRun),
    sweep: createSweep(dependencies.retention, dependencies.logger),
  };
}
