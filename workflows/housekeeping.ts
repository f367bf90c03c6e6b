import { proxyActivities, setCurrentDetails } from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';
import type { HousekeepingInput } from './messages.ts';

const { sweep } = proxyActivities<Pick<Activities, 'sweep'>>({
  startToCloseTimeout: '2 hours',
  heartbeatTimeout: '2 minutes',
});

/** Removes ended deliveries, their attempts and payloads, and old idempotency keys; run by a schedule. */
export async function housekeeping(input: HousekeepingInput): Promise<string> {
  const swept = await sweep.executeWithOptions({ summary: `older than ${input.retentionDays} days` }, [
    input,
  ]);
  const result =
    `removed ${swept.deliveries} deliveries, ${swept.events} events, ` +
    `${swept.idempotencyKeys} idempotency keys`;
  setCurrentDetails(result);
  return result;
}
