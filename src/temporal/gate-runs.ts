import type { gate } from '../../workflows/gate.ts';
import { ENDPOINT_ID, GATE_WORKFLOW, wakeSignal } from '../../workflows/messages.ts';
import type { Logger } from '../logger.ts';
import { ACTION_TIMEOUT_MS, CALL_TIMEOUT_MS, TASK_QUEUE } from './connection.ts';
import type { TemporalDoor } from './temporal-door.ts';

/** The typed door to the runs of `gate`. */
export class GateRuns {
  readonly #door: TemporalDoor;
  readonly #logger: Logger;

  constructor(door: TemporalDoor, logger: Logger) {
    this.#door = door;
    this.#logger = logger;
  }

  /** Starts the run of an endpoint's gate, or has it look at once. Throws where Temporal is away. */
  async start(endpointId: string, timeoutMs = CALL_TIMEOUT_MS): Promise<void> {
    await this.#door.start(
      GATE_WORKFLOW,
      async ({ workflow }) =>
        await workflow.signalWithStart<typeof gate, []>(GATE_WORKFLOW, {
          workflowId: `gate/${endpointId}`,
          taskQueue: TASK_QUEUE,
          args: [{ endpointId, attempts: 0 }],
          signal: wakeSignal,
          workflowIdReusePolicy: 'ALLOW_DUPLICATE',
          staticSummary: `gate of ${endpointId}`,
          typedSearchAttributes: [{ key: ENDPOINT_ID, value: endpointId }],
        }),
      timeoutMs,
    );
  }

  /** The same after an action is in Postgres. Never throws: the reconciling loop repeats what fails here. */
  async wake(endpointId: string): Promise<void> {
    try {
      await this.start(endpointId, ACTION_TIMEOUT_MS);
    } catch (error) {
      this.#logger.warn({ endpoint_id: endpointId, error: String(error) }, 'a gate could not be woken yet');
    }
  }
}
