import { proxyActivities } from '@temporalio/workflow';

const { tellTime } = proxyActivities<{ tellTime(): Promise<number> }>({ startToCloseTimeout: '10 seconds' });

/**
 * The least a delivery could be: one workflow with one activity.
 * @returns when the activity ran, by the wall clock in ms
 */
export async function engineProbe(): Promise<number> {
  return await tellTime();
}
