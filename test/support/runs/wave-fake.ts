import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import type { DrainInput, DrainResult } from '../../../activities/drain.ts';
import type { WaveActivities } from '../../../activities/index.ts';
import { WAVE_TASK_QUEUE } from '../../../workflows/messages.ts';
import { withWorker } from './time-skipping.ts';

/** What one drain does: its result, perhaps after something else happened. */
export type PlannedDrain = DrainResult | (() => Promise<DrainResult>);

export const ROLLING: DrainResult = { kind: 'rolling', claimed: 10 };
export const OVER: DrainResult = { kind: 'idle', claimed: 1, nextDueInMs: null };

/** Stands in for Postgres and the sends in tests that skip time: drains that go as planned, and are over after that. */
export class WaveFake {
  /** When each drain began, in milliseconds of the skipped time. */
  readonly drainedAt: number[] = [];
  readonly lanes: number[] = [];
  readonly #environment: TestWorkflowEnvironment;
  readonly #plan: PlannedDrain[];

  constructor(environment: TestWorkflowEnvironment, plan: readonly PlannedDrain[]) {
    this.#environment = environment;
    this.#plan = [...plan];
  }

  activities(): WaveActivities {
    return {
      drain: async ({ lane }: DrainInput) => {
        this.drainedAt.push(await this.#environment.currentTimeMs());
        this.lanes.push(lane);
        const next = this.#plan.shift() ?? OVER;
        return typeof next === 'function' ? await next() : next;
      },
    };
  }

  /** Runs workers of both queues for as long as the work takes. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    const drainer = await Worker.create({
      connection: this.#environment.nativeConnection,
      taskQueue: WAVE_TASK_QUEUE,
      activities: this.activities(),
      maxConcurrentActivityTaskExecutions: 1,
    });
    return await drainer.runUntil(async () => await withWorker(this.#environment, {}, work));
  }
}
