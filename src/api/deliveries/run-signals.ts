import { Injectable } from '@nestjs/common';
import { DeliveryRuns } from '../../temporal/delivery-runs.ts';

/** Enough to keep Temporal busy without crowding out the starts of new deliveries. */
const SIDE_BY_SIDE = 8;

/**
 * Tells many workflows, in the background, what Postgres has already decided. What is left undone while Temporal is
 * away or when the process ends, the reconciling loop and the runs themselves find out later.
 */
@Injectable()
export class RunSignals {
  readonly #runs: DeliveryRuns;
  #isStopping = false;

  constructor(runs: DeliveryRuns) {
    this.#runs = runs;
  }

  onModuleDestroy(): void {
    this.#isStopping = true;
  }

  /** Cancels the run of every delivery; returns at once. */
  cancelAll(deliveryIds: readonly string[]): void {
    void this.#tellEach(deliveryIds, (id) => this.#runs.cancel(id));
  }

  async #tellEach<T>(items: readonly T[], tell: (item: T) => Promise<void>): Promise<void> {
    const rest = items.values();
    const lane = async () => {
      for (const item of rest) {
        if (this.#isStopping) return;
        await tell(item);
        // Where Temporal does not hear one, it will not hear the others.
        if (!this.#runs.isReachable()) return;
      }
    };
    await Promise.all(Array.from({ length: Math.min(SIDE_BY_SIDE, items.length) }, lane));
  }
}
