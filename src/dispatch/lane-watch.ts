import type { Logger } from '../logger.ts';
import { reconcilerRepairs } from '../metrics/store-metrics.ts';

/** How the lanes of waves stand. */
export interface LanesStanding {
  /** Whether some drain has looked at its lane a moment ago. */
  readonly isDrained: boolean;
  /** Lanes that count as rolling and whose drain has not looked for too long. */
  readonly late: readonly number[];
  /** Whether something has been due for a wave for too long. */
  readonly isWaiting: boolean;
}

export interface LaneWatchOptions {
  readonly look: () => Promise<LanesStanding>;
  readonly wake: (lane: number) => Promise<void>;
  readonly logger: Logger;
}

const LANES_LOOKED_AT_EVERY_MS = 250;
/** A drain that was just woken needs so long to begin; where it does not, the next lane may go to another worker. */
const PATIENCE_WITH_A_LANE_MS = { first: 500, longest: 10_000 };
/** A worker that hangs may be given this many tasks before others get one. */
const SPARE_LANES = 4;

/**
 * Has another worker stand in where the one that drains has died or hangs: Temporal notices that only after some
 * seconds, and until then nobody else may drain its lane. All lanes share all rows, so a spare one takes what waits; if
 * the first turns out to live, nothing was lost.
 */
export class LaneWatch {
  readonly #options: LaneWatchOptions;
  #timer: NodeJS.Timeout | null = null;
  #look: Promise<void> = Promise.resolve();
  #isClosed = false;
  #wakes = 0;
  #wakeAgainAt = 0;

  constructor(options: LaneWatchOptions) {
    this.#options = options;
  }

  /** Begins to look. */
  start(): void {
    this.#timer = setTimeout(() => {
      this.#look = this.#lookOnce().then(() => {
        if (!this.#isClosed) this.start();
      });
    }, LANES_LOOKED_AT_EVERY_MS).unref();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#look;
  }

  async #lookOnce(): Promise<void> {
    try {
      const standing = await this.#options.look();
      const isOrphaned = !standing.isDrained && (standing.late.length > 0 || standing.isWaiting);
      if (!isOrphaned) this.#wakes = 0;
      else if (performance.now() >= this.#wakeAgainAt) await this.#standIn(standing);
    } catch (error) {
      this.#options.logger.debug({ error: String(error) }, 'the lanes of waves could not be looked at');
    }
  }

  async #standIn({ late }: LanesStanding): Promise<void> {
    const { first, longest } = PATIENCE_WITH_A_LANE_MS;
    const spare = [...Array(SPARE_LANES + late.length).keys()]
      .map((lane) => lane + 1)
      .filter((lane) => !late.includes(lane));
    const lane = spare[this.#wakes % spare.length] ?? 1;
    const rounds = Math.floor(this.#wakes / spare.length);
    this.#wakeAgainAt = performance.now() + Math.min(first * 2 ** Math.min(rounds, 10), longest);
    if (this.#wakes === 0)
      this.#options.logger.warn(
        { late, lane },
        'a drain is not heard of; another worker is asked to stand in',
      );
    this.#wakes += 1;
    reconcilerRepairs.inc({ kind: 'late_drains' });
    await this.#options.wake(lane);
  }
}
