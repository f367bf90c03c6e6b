import type { DeliveryRuns } from './delivery-runs.ts';

/** Prepares Temporal (search attributes, schedules) once, and again whenever it was away: it may have come back empty. */
export class TemporalPreparation {
  readonly #runs: Pick<DeliveryRuns, 'isReachable' | 'probe'>;
  readonly #prepare: () => Promise<void>;
  #isPrepared = false;

  constructor(runs: Pick<DeliveryRuns, 'isReachable' | 'probe'>, prepare: () => Promise<void>) {
    this.#runs = runs;
    this.#prepare = prepare;
  }

  /** Does nothing while Temporal cannot be reached. */
  async ensure(): Promise<void> {
    this.#isPrepared &&= this.#runs.isReachable();
    if (!(await this.#runs.probe())) this.#isPrepared = false;
    else if (!this.#isPrepared) {
      await this.#prepare();
      this.#isPrepared = true;
    }
  }
}
