import type { Client } from '@temporalio/client';
import type { Logger } from '../logger.ts';
import { workflowStarts } from '../metrics/store-metrics.ts';
import { CALL_TIMEOUT_MS } from './connection.ts';

const PROBE_TIMEOUT_MS = 1_000;

/** Every call to Temporal goes through here: none takes longer than its deadline, and whether the server was reached is known. */
export class TemporalDoor {
  readonly client: Client;
  readonly #logger: Logger;
  #reachable = true;

  constructor(client: Client, logger: Logger) {
    this.client = client;
    this.#logger = logger;
  }

  /** Whether the last call or probe reached Temporal. */
  isReachable(): boolean {
    return this.#reachable;
  }

  /** Asks the server for its state and takes note. */
  async probe(): Promise<boolean> {
    try {
      await this.call(
        async ({ workflowService }) => await workflowService.getSystemInfo({}),
        PROBE_TIMEOUT_MS,
      );
      return true;
    } catch {
      return false;
    }
  }

  /** Makes a call that starts or signals a run of this workflow, and counts it. Throws what it throws. */
  async start<T>(
    workflow: string,
    work: (client: Client) => Promise<T>,
    timeoutMs = CALL_TIMEOUT_MS,
  ): Promise<T> {
    try {
      const result = await this.call(work, timeoutMs);
      workflowStarts.inc({ workflow, result: 'ok' });
      return result;
    } catch (error) {
      workflowStarts.inc({ workflow, result: 'failed' });
      throw error;
    }
  }

  /** Makes calls under one deadline. Throws what they throw. */
  async call<T>(work: (client: Client) => Promise<T>, timeoutMs = CALL_TIMEOUT_MS): Promise<T> {
    try {
      const result = await this.client.withDeadline(
        Date.now() + timeoutMs,
        async () => await work(this.client),
      );
      if (!this.#reachable) this.#logger.info('Temporal is back');
      this.#reachable = true;
      return result;
    } catch (error) {
      if (this.#reachable) this.#logger.warn({ error: String(error) }, 'Temporal cannot be reached');
      this.#reachable = false;
      throw error;
    }
  }
}
