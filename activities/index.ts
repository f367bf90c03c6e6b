import type { Retention } from '../src/storage/retention.ts';
import { type AttemptDependencies, createAttempt } from './attempt.ts';
import { createCancelDelivery } from './cancel-delivery.ts';
import { createMarkRetry } from './mark-retry.ts';
import { createSweep } from './sweep.ts';

export interface ActivityDependencies extends AttemptDependencies {
  readonly retention: Retention;
  /** Asks the Temporal server to cancel the run of a delivery. */
  readonly cancelRun: (deliveryId: string) => Promise<void>;
}

/** The activities a worker offers, under the names the workflows call them by. */
export type Activities = ReturnType<typeof createActivities>;

export function createActivities(dependencies: ActivityDependencies) {
  return {
    attempt: createAttempt(dependencies),
    markRetry: createMarkRetry(dependencies.actions),
    cancelDelivery: createCancelDelivery(dependencies.actions, dependencies.cancelRun),
    sweep: createSweep(dependencies.retention, dependencies.logger),
  };
}
