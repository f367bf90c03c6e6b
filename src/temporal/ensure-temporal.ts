import { type Client, ScheduleAlreadyRunning, ScheduleOverlapPolicy } from '@temporalio/client';
import { ValueError } from '@temporalio/common';
import proto from '@temporalio/proto';
import type { housekeeping } from '../../workflows/housekeeping.ts';
import {
  HOUSEKEEPING_WORKFLOW,
  type HousekeepingInput,
  SEARCH_ATTRIBUTES,
} from '../../workflows/messages.ts';
import { CALL_TIMEOUT_MS, TASK_QUEUE } from './connection.ts';
import { PayloadCodecError } from './payload-codec.ts';
import { isRefused } from './temporal-fault.ts';

export interface EnsureTemporalOptions extends HousekeepingInput {
  readonly namespace: string;
}

/** The schedule that removes what has been kept long enough. */
export const HOUSEKEEPING_SCHEDULE = 'posthorn-housekeeping';

const GRPC_ALREADY_EXISTS = 6;

/**
 * Registers Posthorn's search attributes and its housekeeping schedule; safe to repeat, also after Temporal lost its
 * data. Throws where it does not answer.
 */
export async function ensureTemporal(
  client: Client,
  { namespace, ...input }: EnsureTemporalOptions,
): Promise<void> {
  // Without a deadline a server that accepts and never answers would stop the reconciling loop for good.
  await client.withDeadline(Date.now() + CALL_TIMEOUT_MS, async () => {
    await ensureSearchAttributes(client, namespace);
    await ensureHousekeeping(client, input);
  });
}

async function ensureSearchAttributes(client: Client, namespace: string): Promise<void> {
  const missing = await missingSearchAttributes(client, namespace);
  if (missing.length > 0) await addSearchAttributes(client, { namespace, names: missing });
}

/**
 * The search attributes of Posthorn's that a namespace lacks. Whoever has no right to the operator's calls reads them
 * off the namespace, where a server with SQL visibility shows them.
 */
export async function missingSearchAttributes(client: Client, namespace: string): Promise<readonly string[]> {
  const known = await knownSearchAttributes(client, namespace);
  return SEARCH_ATTRIBUTES.map((key) => key.name).filter((name) => !known.has(name));
}

async function knownSearchAttributes(client: Client, namespace: string): Promise<ReadonlySet<string>> {
  try {
    const { customAttributes } = await client.connection.operatorService.listSearchAttributes({ namespace });
    return new Set(Object.keys(customAttributes));
  } catch (error) {
    if (!isRefused(error)) throw error;
    const { config } = await client.workflowService.describeNamespace({ namespace });
    return new Set(Object.values(config?.customSearchAttributeAliases ?? {}));
  }
}

/**
 * Registers search attributes of Posthorn's, all keywords, with a namespace; those that are there already are no error.
 */
export async function addSearchAttributes(
  client: Client,
  { namespace, names }: { readonly namespace: string; readonly names: readonly string[] },
): Promise<void> {
  const keyword = proto.temporal.api.enums.v1.IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD;
  const searchAttributes = Object.fromEntries(names.map((name) => [name, keyword]));
  try {
    await client.connection.operatorService.addSearchAttributes({ namespace, searchAttributes });
  } catch (error) {
    if (!isAlreadyThere(error)) throw error;
  }
}

async function ensureHousekeeping(client: Client, input: HousekeepingInput): Promise<void> {
  const action = {
    type: 'startWorkflow' as const,
    workflowType: HOUSEKEEPING_WORKFLOW,
    workflowId: 'housekeeping',
    taskQueue: TASK_QUEUE,
    args: [input] as Parameters<typeof housekeeping>,
    staticSummary: `remove what ended more than ${input.retentionDays} days ago`,
  };
  const schedule = {
    scheduleId: HOUSEKEEPING_SCHEDULE,
    spec: { intervals: [{ every: '1 hour' }] },
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 hour' },
    action,
  };
  const handle = client.schedule.getHandle(HOUSEKEEPING_SCHEDULE);
  try {
    await client.schedule.create(schedule);
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    await handle
      .update((previous) => ({ ...previous, action }))
      .catch(async (fault: unknown) => {
        if (!isUnreadable(fault)) throw fault;
        await handle.delete();
        await client.schedule.create(schedule);
      });
  }
}

/** Whether what a schedule carries was encrypted under a key that is gone: it cannot be changed then, only replaced. */
function isUnreadable(error: unknown): boolean {
  return error instanceof PayloadCodecError || error instanceof ValueError;
}

function isAlreadyThere(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === GRPC_ALREADY_EXISTS;
}
