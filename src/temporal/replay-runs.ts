import { WorkflowNotFoundError, type WorkflowStartOptions } from '@temporalio/client';
import { CUSTOMER_ID, ENDPOINT_ID, REPLAY_WORKFLOW } from '../../workflows/messages.ts';
import type { replay } from '../../workflows/replay.ts';
import type { ReplayStart } from '../domain/replay.ts';
import type { Logger } from '../logger.ts';
import { ACTION_TIMEOUT_MS, CALL_TIMEOUT_MS, TASK_QUEUE } from './connection.ts';
import type { TemporalDoor } from './temporal-door.ts';

const KIND_TEXT = {
  dead_letters: 'dead letters',
  missed: 'missed deliveries',
  deliveries: 'deliveries',
} as const;

/** The typed door to the runs of `replay`. */
export class ReplayRuns {
  readonly #door: TemporalDoor;
  readonly #logger: Logger;

  constructor(door: TemporalDoor, logger: Logger) {
    this.#door = door;
    this.#logger = logger;
  }

  /** Starts the run of a replay, or leaves an open one alone. Throws where Temporal is away. */
  async start(start: ReplayStart, timeoutMs = CALL_TIMEOUT_MS): Promise<void> {
    await this.#door.start(
      REPLAY_WORKFLOW,
      async ({ workflow }) => await workflow.start<typeof replay>(REPLAY_WORKFLOW, startOptions(start)),
      timeoutMs,
    );
  }

  /** The same once the replay is in Postgres. Never throws: the reconciling loop repeats what fails here. */
  async begin(start: ReplayStart): Promise<void> {
    await this.#attempt('start', start.replayId, async () => await this.start(start, ACTION_TIMEOUT_MS));
  }

  /**
   * After a replay was cancelled in Postgres: has its run take back what it released, and close. Never throws likewise.
   */
  async cancel(replayId: string): Promise<void> {
    await this.#attempt(
      'cancel',
      replayId,
      async () =>
        await this.#door.call(async ({ workflow }) => {
          try {
            await workflow.getHandle(replayId).cancel();
          } catch (error) {
            if (!(error instanceof WorkflowNotFoundError)) throw error;
          }
        }, ACTION_TIMEOUT_MS),
    );
  }

  async #attempt(action: string, replayId: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#logger.warn(
        { action, replay_id: replayId, error: String(error) },
        'a replay’s run could not be told yet',
      );
    }
  }
}

function startOptions(start: ReplayStart): WorkflowStartOptions<typeof replay> {
  const { replayId, kind, total, customerId, endpointId } = start;
  const of = endpointId ?? customerId;
  return {
    workflowId: replayId,
    taskQueue: TASK_QUEUE,
    args: [start],
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    workflowIdConflictPolicy: 'USE_EXISTING',
    staticSummary: `${total} ${KIND_TEXT[kind]}${of === null ? '' : ` of ${of}`}`,
    typedSearchAttributes: [
      ...(endpointId === null ? [] : [{ key: ENDPOINT_ID, value: endpointId }]),
      ...(customerId === null ? [] : [{ key: CUSTOMER_ID, value: customerId }]),
    ],
  };
}
