import type { DeliveryStart } from '../domain/delivery-start.ts';
import type { Logger } from '../logger.ts';

export interface DispatcherOptions {
  readonly start: (start: DeliveryStart) => Promise<void>;
  readonly logger: Logger;
  /** Starts side by side. */
  readonly concurrency?: number;
  /** Deliveries kept waiting in memory; more are left to the reconciling loop. */
  readonly maxWaiting?: number;
}

const DEFAULT_CONCURRENCY = 16;
const DEFAULT_MAX_WAITING = 10_000;

/**
 * Starts runs for deliveries as soon as they are committed. It promises nothing: what it drops, or cannot start while Temporal
 * is away, the reconciling loop finds in Postgres.
 */
export class Dispatcher {
  readonly #options: DispatcherOptions;
  readonly #waiting: DeliveryStart[] = [];
  readonly #running = new Set<Promise<void>>();
  #closed = false;

  constructor(options: DispatcherOptions) {
    this.#options = options;
  }

  readonly offer = (starts: readonly DeliveryStart[]): void => {
    const room = (this.#options.maxWaiting ?? DEFAULT_MAX_WAITING) - this.#waiting.length;
    this.#waiting.push(...starts.slice(0, Math.max(0, room)));
    this.#startMore();
  };

  /** Starts nothing more and waits for the starts under way. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#waiting.length = 0;
    await Promise.all(this.#running);
  }

  #startMore(): void {
    while (!this.#closed && this.#running.size < (this.#options.concurrency ?? DEFAULT_CONCURRENCY)) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      const run = this.#startOne(next).finally(() => {
        this.#running.delete(run);
        this.#startMore();
      });
      this.#running.add(run);
    }
  }

  async #startOne(start: DeliveryStart): Promise<void> {
    try {
      await this.#options.start(start);
    } catch (error) {
      // One refusal tells that the others would fail too; Postgres keeps them all.
      this.#waiting.length = 0;
      this.#options.logger.debug(
        { delivery_id: start.deliveryId, error: String(error) },
        'a run could not be started yet',
      );
    }
  }
}
