import { setTimeout as sleep } from 'node:timers/promises';
import { Context } from '@temporalio/activity';
import { isDatabaseUnavailable } from '../src/storage/postgres/database-unavailable.ts';

/** Who runs an activity, and what tells it to stop. */
export interface ActivityRun {
  /** `<workflow id>/<activity id>`, as claims name their owner. */
  readonly owner: string;
  /** Aborted when the process shuts down or the activity is cancelled. */
  readonly stopping: AbortSignal;
}

/** How long a slice lasts, and what ends it early. */
export interface SliceOptions {
  readonly sliceMs: number;
  readonly stopping: AbortSignal;
}

const OUTAGE_PAUSE_MS = 500;

/** Runs an activity's work, telling Temporal regularly that it is alive. */
export async function whileHeartbeating<T>(
  { everyMs, stopping }: { readonly everyMs: number; readonly stopping?: AbortSignal },
  work: (run: ActivityRun) => Promise<T>,
): Promise<T> {
  const context = Context.current();
  const { workflowExecution, activityId } = context.info;
  const { cancellationSignal } = context;
  const heartbeat = setInterval(() => context.heartbeat(), everyMs);
  try {
    return await work({
      owner: `${workflowExecution?.workflowId}/${activityId}`,
      stopping: stopping === undefined ? cancellationSignal : AbortSignal.any([stopping, cancellationSignal]),
    });
  } finally {
    clearInterval(heartbeat);
  }
}

/**
 * Takes one step after another until one says how the slice ends, or its time is over; while Postgres is away it waits.
 * @returns what the last step said; null where there is more to do
 */
export async function runSlice<T>(
  { sliceMs, stopping }: SliceOptions,
  step: () => Promise<T | null>,
): Promise<T | null> {
  const sliceEnd = performance.now() + sliceMs;
  while (!stopping.aborted && performance.now() < sliceEnd) {
    try {
      const end = await step();
      if (end !== null) return end;
    } catch (error) {
      if (!isDatabaseUnavailable(error)) throw error;
      await sleep(OUTAGE_PAUSE_MS);
    }
  }
  return null;
}
