import type { TemporalDoor } from './temporal-door.ts';

/** Prepares Temporal (search attributes, schedules) once, and again whenever it was away: it may have come back empty. */
export class TemporalPreparation {
  readonly #door: Pick<TemporalDoor, 'isReachable' | 'probe'>;
  readonly #prepare: () => Promise<void>;
  #isPrepared = false;

  constructor(door: Pick<TemporalDoor, 'isReachable' | 'probe'>, prepare: () => Promise<void>) {
    this.#door = door;
    this.#prepare = prepare;
  }

  /** Does nothing while Temporal cannot be reached. */
  async ensure(): Promise<void> {
    this.#isPrepared &&= this.#door.isReachable();
    if (!(await this.#door.probe())) this.#isPrepared = false;
    else if (!this.#isPrepared) {
      await this.#prepare();
      this.#isPrepared = true;
    }
  }
}
