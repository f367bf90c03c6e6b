import proto from '@temporalio/proto';
import { WAVE_TASK_QUEUE, WAVE_WORKFLOW, wakeSignal } from '../../workflows/messages.ts';
import type { wave } from '../../workflows/wave.ts';
import { TASK_QUEUE } from './connection.ts';
import type { TemporalDoor } from './temporal-door.ts';

/** More workers than this share these lanes. */
const MOST_LANES = 32;

/** The typed door to the runs of `wave`. */
export class WaveRuns {
  readonly #door: TemporalDoor;
  readonly #namespace: string;

  constructor(door: TemporalDoor, namespace: string) {
    this.#door = door;
    this.#namespace = namespace;
  }

  /** Starts the wave of a lane, or has it look for what is due. Throws where Temporal is away. */
  async wake(lane = 0): Promise<void> {
    await this.#door.start(
      WAVE_WORKFLOW,
      async ({ workflow }) =>
        await workflow.signalWithStart<typeof wave, []>(WAVE_WORKFLOW, {
          workflowId: `wave/${lane}`,
          taskQueue: TASK_QUEUE,
          args: [{ lane, attempts: 0 }],
          signal: wakeSignal,
          workflowIdReusePolicy: 'ALLOW_DUPLICATE',
          staticSummary: `lane ${lane} of the waves`,
        }),
    );
  }

  /** Wakes lane after lane until each worker has one. Throws where Temporal is away. */
  async wakeFurther(): Promise<void> {
    const lanes = Math.min(await this.#countWorkers(), MOST_LANES);
    for (let lane = 1; lane < lanes; lane += 1) await this.wake(lane);
  }

  /** Workers that asked for drains within the last minutes. */
  async #countWorkers(): Promise<number> {
    const { pollers } = await this.#door.call(
      async ({ workflowService }) =>
        await workflowService.describeTaskQueue({
          namespace: this.#namespace,
          taskQueue: { name: WAVE_TASK_QUEUE },
          taskQueueType: proto.temporal.api.enums.v1.TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY,
        }),
    );
    return new Set(pollers.map((poller) => poller.identity)).size;
  }
}
