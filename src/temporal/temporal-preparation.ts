import type { TemporalDoor } from './temporal-door.ts';

/**
 * Prepares Temporal (search attributes, schedules) once, and again whenever it was away: it may have come back empty.
 */
export class TemporalPreparation {
  readonly #door: Pick<TemporalDoor, 'outages' | 'probe'>;
  readonly #prepare: () => Promise<void>;
  /** How many outages had been when it was last prepared; null where it never was. */
  #preparedAfter: number | null = null;

  constructor(door: Pick<TemporalDoor, 'outages' | 'probe'>, prepare: () => Promise<void>) {
    this.#door = door;
    this.#prepare = prepare;
  }

  /** Does nothing while Temporal cannot be used. */
  async ensure(): Promise<void> {
    const isThere = await this.#door.probe();
    const { outages } = this.#door;
    if (!isThere || this.#preparedAfter === outages) return;
    await this.#prepare();
    this.#preparedAfter = outages;
  }
}
