import { readFileSync } from 'node:fs';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';

/** The queue of workers and runs in tests that skip time. */
export const TEST_QUEUE = 'time-skipping';

/** The built workflows, as workers of production run them. */
export const WORKFLOW_BUNDLE = { code: readFileSync('dist/workflow-bundle.js', 'utf8') };

/** Runs a worker with these activities for as long as the work takes. */
export async function withWorker<T>(
  environment: TestWorkflowEnvironment,
  activities: object,
  work: () => Promise<T>,
): Promise<T> {
  const worker = await Worker.create({
    connection: environment.nativeConnection,
    taskQueue: TEST_QUEUE,
    workflowBundle: WORKFLOW_BUNDLE,
    activities,
  });
  return await worker.runUntil(work());
}
