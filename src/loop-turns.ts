/** How long a slice of long work may hold the event loop; with what else happens in a turn it stays below 20 ms. */
const TURN_MS = 5;

/** Shares the event loop among requests that need it for long: each turn of the loop lets one of them go on. */
class LoopTurns {
  readonly #waiting: (() => void)[] = [];

  /** Resolves in a turn of its own, behind everybody who asked before. */
  async next(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#waiting.push(resolve);
      if (this.#waiting.length === 1) setImmediate(this.#letOneGo);
    });
  }

  readonly #letOneGo = (): void => {
    this.#waiting.shift()?.();
    if (this.#waiting.length > 0) setImmediate(this.#letOneGo);
  };
}

const turns = new LoopTurns();

/** Where long work asks between its steps whether others want the event loop. */
export interface Resting {
  rest(): Promise<void>;
}

/** The time that one long piece of work has held the event loop: `await pace.rest()` between its steps. */
export class Pace implements Resting {
  #since = performance.now();

  /** Lets others go on where a slice is used up; else returns at once. */
  async rest(): Promise<void> {
    if (!this.isSliceUsedUp()) return;
    await turns.next();
    this.#since = performance.now();
  }

  /** For steps too small to await each. */
  isSliceUsedUp(): boolean {
    return performance.now() - this.#since >= TURN_MS;
  }
}
