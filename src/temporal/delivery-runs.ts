import { WorkflowNotFoundError, type WorkflowStartOptions } from '@temporalio/client';
import type { deliver } from '../../workflows/deliver.ts';
import {
  CUSTOMER_ID,
  DELIVER_WORKFLOW,
  DELIVERY_STATUS,
  ENDPOINT_ID,
  EVENT_TYPE,
  type RetryMessage,
  retrySignal,
} from '../../workflows/messages.ts';
import type { DeliveryStart } from '../domain/delivery-start.ts';
import type { Logger } from '../logger.ts';
import { ACTION_TIMEOUT_MS, CALL_TIMEOUT_MS, TASK_QUEUE } from './connection.ts';
import { fairnessKeyOf } from './fairness-key.ts';
import type { TemporalDoor } from './temporal-door.ts';

export interface DeliveryRunsOptions {
  readonly door: TemporalDoor;
  readonly namespace: string;
  /** Base URL of the Temporal UI; null where unknown. */
  readonly uiUrl: string | null;
  /** What a run of this delivery would begin with; null where there is no such delivery. */
  readonly findStart: (deliveryId: string) => Promise<DeliveryStart | null>;
  readonly logger: Logger;
}

/** The typed door to the runs of `deliver`: starts, signals, cancels and links to them. */
export class DeliveryRuns {
  readonly #options: DeliveryRunsOptions;

  constructor(options: DeliveryRunsOptions) {
    this.#options = options;
  }

  /**
   * Starts the run of a delivery, or leaves an open one alone; with a mark also signals it. Throws where Temporal is
   * away.
   */
  async start(start: DeliveryStart, timeoutMs = CALL_TIMEOUT_MS): Promise<void> {
    await this.#options.door.start(
      DELIVER_WORKFLOW,
      async ({ workflow }) => {
        const options = startOptions({ ...start, mark: null });
        if (start.mark === null) await workflow.start<typeof deliver>(DELIVER_WORKFLOW, options);
        else {
          const signalArgs: [RetryMessage] = [{ mark: start.mark }];
          await workflow.signalWithStart<typeof deliver, [(RetryMessage | null)?]>(DELIVER_WORKFLOW, {
            ...options,
            signal: retrySignal,
            signalArgs,
          });
        }
      },
      timeoutMs,
    );
  }

  /**
   * Asks the server to cancel a delivery's run; a run that is closed or unknown is no error. Throws where Temporal is
   * away.
   */
  async requestCancel(deliveryId: string, timeoutMs = CALL_TIMEOUT_MS): Promise<void> {
    await this.#options.door.call(async ({ workflow }) => {
      try {
        await workflow.getHandle(deliveryId).cancel();
      } catch (error) {
        if (!(error instanceof WorkflowNotFoundError)) throw error;
      }
    }, timeoutMs);
  }

  /**
   * After a retry was marked in Postgres: has it sent now. Never throws: the reconciling loop repeats what fails here.
   */
  async signalRetry({
    deliveryId,
    mark,
  }: {
    readonly deliveryId: string;
    readonly mark: string;
  }): Promise<void> {
    await this.#attempt('retry', deliveryId, async () => {
      const start = await this.#options.findStart(deliveryId);
      if (start !== null) await this.start({ ...start, mark }, ACTION_TIMEOUT_MS);
    });
  }

  /**
   * After a delivery was cancelled in Postgres: closes its run now. Never throws: the run finds out by itself
   * otherwise.
   */
  async cancel(deliveryId: string): Promise<void> {
    await this.#attempt(
      'cancel',
      deliveryId,
      async () => await this.requestCancel(deliveryId, ACTION_TIMEOUT_MS),
    );
  }

  /** Link to a run in the Temporal UI; null where no UI is known. */
  urlOf(workflowId: string, runId: string | null): string | null {
    const { uiUrl, namespace } = this.#options;
    if (uiUrl === null) return null;
    const run = runId === null ? '' : `/${runId}`;
    return `${uiUrl.replace(/\/$/, '')}/namespaces/${encodeURIComponent(namespace)}/workflows/${workflowId}${run}`;
  }

  /** Whether the last call to Temporal reached it. */
  isReachable(): boolean {
    return this.#options.door.isReachable();
  }

  async #attempt(action: string, deliveryId: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#options.logger.warn(
        { action, delivery_id: deliveryId, error: String(error) },
        'a run could not be told yet',
      );
    }
  }
}

function startOptions(start: DeliveryStart): WorkflowStartOptions<typeof deliver> {
  return {
    workflowId: start.deliveryId,
    taskQueue: TASK_QUEUE,
    args: [start],
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    workflowIdConflictPolicy: 'USE_EXISTING',
    staticSummary: `${start.event} → ${start.host}`,
    ...(start.customerId !== null && { priority: { fairnessKey: fairnessKeyOf(start.customerId) } }),
    staticDetails: `Event ${start.eventId} for endpoint ${start.endpointId}.`,
    typedSearchAttributes: [
      { key: ENDPOINT_ID, value: start.endpointId },
      { key: EVENT_TYPE, value: start.event },
      { key: DELIVERY_STATUS, value: start.attemptsMade === 0 ? 'queued' : 'retrying' },
      ...(start.customerId === null ? [] : [{ key: CUSTOMER_ID, value: start.customerId }]),
    ],
  };
}
