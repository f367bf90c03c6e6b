import { createTemporalClient, TASK_QUEUE } from '../../../src/temporal/connection.ts';
import { type AlertDrill, pause, untilEnough } from './alert-drill.ts';

const AGAIN_MS = 2_000;
const UNKNOWN_TYPE = 'of_another_version';

/** Temporal's process is killed. */
export const killedTemporal: AlertDrill = {
  alerts: ['PosthornTemporalAway'],
  async make({ installation, signal }, over) {
    await installation.temporal.kill(signal);
    await untilEnough(over);
  },
  end: async ({ installation }) => await installation.temporal.startAgain('kept'),
};

/** Runs that another version of the workers has begun, of a workflow that this one does not have. */
export const runsOfAnotherVersion: AlertDrill = {
  alerts: ['TemporalWorkflowTasksFail'],
  async make(stage, over) {
    await stage.haveWorker();
    const address = stage.installation.temporalAddress;
    const temporal = createTemporalClient({ address, namespace: 'default' });
    const begun: string[] = [];
    try {
      while (!over.aborted) {
        const workflowId = `${UNKNOWN_TYPE}-${begun.length}`;
        await temporal.workflow.start(UNKNOWN_TYPE, { taskQueue: TASK_QUEUE, workflowId });
        begun.push(workflowId);
        await pause(AGAIN_MS, over);
      }
      for (const workflowId of begun) await temporal.workflow.getHandle(workflowId).terminate();
    } finally {
      await temporal.connection.close();
    }
  },
};
