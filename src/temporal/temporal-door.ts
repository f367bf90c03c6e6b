import type { Client } from '@temporalio/client';
import type { Logger } from '../logger.ts';
import { workflowStarts } from '../metrics/store-metrics.ts';
import { CALL_TIMEOUT_MS } from './connection.ts';
import { type TemporalFault, temporalFaultOf } from './temporal-fault.ts';

/** Who is behind the door, for messages. */
export interface TemporalPlace {
  readonly address: string;
  readonly namespace: string;
}

const PROBE_TIMEOUT_MS = 1_000;
/** While it is away its return is looked for, or its namespace, or rights in it; else whether it is still there. */
const LOOK_AFTER_MS = { away: 1_000, there: 5_000 };

/**
 * Every call to Temporal goes through here: none takes longer than its deadline, and whether the server can be used is
 * known.
 */
export class TemporalDoor {
  readonly client: Client;
  readonly #place: TemporalPlace;
  readonly #logger: Logger;
  #fault: TemporalFault | null = null;
  #outages = 0;
  #timer: NodeJS.Timeout | null = null;
  #isClosed = false;

  constructor(client: Client, { place, logger }: { readonly place: TemporalPlace; readonly logger: Logger }) {
    this.client = client;
    this.#place = place;
    this.#logger = logger;
  }

  /** Whether the last call or probe found Temporal usable. */
  isReachable(): boolean {
    return this.#fault === null;
  }

  /** How often it was lost so far: whoever prepared it looks again after each, as it may have come back empty. */
  get outages(): number {
    return this.#outages;
  }

  /** Why it cannot be used; null where it can. */
  get fault(): TemporalFault | null {
    return this.#fault;
  }

  /** Looks after it from now on, so that its loss and its return are noticed by whoever calls nothing. */
  watch(): void {
    const look = async (): Promise<void> => {
      await this.probe();
      if (this.#isClosed) return;
      this.#timer = setTimeout(
        () => void look(),
        this.#fault === null ? LOOK_AFTER_MS.there : LOOK_AFTER_MS.away,
      );
      this.#timer.unref();
    };
    void look();
  }

  /** Ends the watch. */
  close(): void {
    this.#isClosed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  /** Asks the server for the namespace and takes note. */
  async probe(): Promise<boolean> {
    const { namespace } = this.#place;
    try {
      await this.call(
        async ({ workflowService }) => await workflowService.describeNamespace({ namespace }),
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
      this.#note(null);
      return result;
    } catch (error) {
      this.#note(temporalFaultOf(error));
      throw error;
    }
  }

  /** Says it once at each change, with where and why. */
  #note(fault: TemporalFault | null): void {
    const before = this.#fault?.code ?? null;
    this.#fault = fault;
    if (before === (fault?.code ?? null)) return;
    if (before === null) this.#outages += 1;
    if (fault === null) this.#logger.info({ ...this.#place }, 'Temporal can be used again');
    else this.#logger.warn({ ...fault, ...this.#place }, 'Temporal cannot be used');
  }
}
