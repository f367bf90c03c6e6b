const SECONDS_LOOKED_AT = 3;
/**
 * Below this, runs of their own cost little and tell more: the load of one delivery's workflow is some 50 ms of CPU.
 */
const QUIET_PER_SECOND = 10;

/** How much a drain claimed in each of the last seconds. */
export class DrainPace {
  #total = 0;
  #current = 0;
  #last: readonly number[] = [];

  get total(): number {
    return this.#total;
  }

  add(claims: number): void {
    this.#current += claims;
    this.#total += claims;
  }

  /** To be called once a second. */
  endSecond(): void {
    this.#last = [...this.#last, this.#current].slice(-SECONDS_LOOKED_AT);
    this.#current = 0;
  }

  /** Whether some seconds on end were so quiet that the wave is not worth its while. */
  get isQuiet(): boolean {
    const claims = this.#last.reduce((sum, count) => sum + count, 0);
    return this.#last.length === SECONDS_LOOKED_AT && claims < QUIET_PER_SECOND * SECONDS_LOOKED_AT;
  }
}
