import type { DeliveryStart } from '../domain/delivery-start.ts';
import { payStart } from '../domain/start-budget.ts';
import type { Logger } from '../logger.ts';

export interface DispatcherOptions {
  readonly start: (start: DeliveryStart) => Promise<void>;
  /** Has a wave look for what is due. */
  readonly wakeWave: () => Promise<void>;
  /** Has a gate's workflow look at what the gate holds. */
  readonly wakeGate: (endpointId: string) => Promise<void>;
  /** `each`: every delivery has a workflow of its own, whatever it costs. */
  readonly mode: 'auto' | 'each';
  readonly logger: Logger;
}

/**
 * A workflow costs its server and worker several times what its start takes, and should leave them most of their time.
 */
const COST_OF_START = 10;
/** However fast or slow the starts: 20 a second are too many for runs of their own, 10 are not. */
const LEAST_COST_MS = 50;
const MOST_COST_MS = 100;
/** So many deliveries at once after a quiet time still have runs of their own. */
const BURST = 3;
const MAX_SIDE_BY_SIDE = 16;
/** Kept waiting in memory where every delivery is started; more are left to the reconciling loop. */
const MAX_STARTS_WAITING = 10_000;
/** A wave or gate that was woken needs no second call while it gets going. */
const WAKE_AGAIN_AFTER_MS = 1_000;
const SHARE_OF_LAST_START = 0.2;

/**
 * Sees to deliveries as soon as they are committed. A lone one gets a workflow of its own at once; what comes faster
 * than such workflows can be afforded goes to a wave, and while one rolls nothing is started. It promises nothing: what
 * it cannot start the reconciling loop finds in Postgres.
 */
export class Dispatcher {
  readonly #options: DispatcherOptions;
  readonly #waiting: DeliveryStart[] = [];
  readonly #running = new Set<Promise<void>>();
  #startMs = MOST_COST_MS / COST_OF_START / 2;
  #paidUntil = 0;
  #wokenAt = Number.NEGATIVE_INFINITY;
  readonly #gatesWoken = new Map<string, number>();
  #isClosed = false;

  constructor(options: DispatcherOptions) {
    this.#options = options;
  }

  /** Takes what has become due. */
  readonly offer = (
    starts: readonly DeliveryStart[],
    { waveRolls }: { readonly waveRolls: boolean },
  ): void => {
    if (this.#isClosed) return;
    const isTaken = waveRolls || this.#isWaveComing();
    const needed = starts.filter((start) => this.#options.mode === 'each' || start.mark !== null || !isTaken);
    const affordable = needed.filter((start) => this.#affords(start));
    if (affordable.length < needed.length) this.wakeWave();
    const room = MAX_STARTS_WAITING - this.#waiting.length;
    this.#waiting.push(...affordable.slice(0, Math.max(0, room)));
    this.#startMore();
  };

  /** Has a wave look for what is due, unless it was told so a moment ago. */
  readonly wakeWave = (): void => {
    if (this.#isClosed || this.#isWaveComing()) return;
    this.#wokenAt = performance.now();
    this.#track(this.#options.wakeWave(), 'a wave could not be woken yet');
  };

  /** Has gates let go what they hold, unless they were told so a moment ago. */
  readonly wakeGates = (endpointIds: readonly string[]): void => {
    const now = performance.now();
    for (const [id, wokenAt] of this.#gatesWoken)
      if (now - wokenAt >= WAKE_AGAIN_AFTER_MS) this.#gatesWoken.delete(id);
    for (const id of endpointIds) {
      if (this.#isClosed || this.#gatesWoken.has(id)) continue;
      this.#gatesWoken.set(id, now);
      this.#track(this.#options.wakeGate(id), 'a gate could not be woken yet');
    }
  };

  /** Starts nothing more and waits for the starts under way. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#waiting.length = 0;
    await Promise.all(this.#running);
  }

  /** While it gets going, more starts would only keep it from doing so. */
  #isWaveComing(): boolean {
    return performance.now() - this.#wokenAt < WAKE_AGAIN_AFTER_MS;
  }

  /** Waves take no marked ones, so those are started in any case. */
  #affords(start: DeliveryStart): boolean {
    if (this.#options.mode === 'each' || start.mark !== null) return true;
    if (this.#running.size >= MAX_SIDE_BY_SIDE) return false;
    const costMs = Math.min(Math.max(this.#startMs * COST_OF_START, LEAST_COST_MS), MOST_COST_MS);
    const paid = payStart(this.#paidUntil, performance.now(), { costMs, burst: BURST });
    if (paid !== null) this.#paidUntil = paid;
    return paid !== null;
  }

  #startMore(): void {
    while (!this.#isClosed && this.#running.size < MAX_SIDE_BY_SIDE) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      this.#track(this.#startOne(next), 'a run could not be started yet');
    }
  }

  async #startOne(start: DeliveryStart): Promise<void> {
    const begun = performance.now();
    await this.#options.start(start);
    this.#startMs += (performance.now() - begun - this.#startMs) * SHARE_OF_LAST_START;
  }

  #track(call: Promise<void>, failure: string): void {
    const run = call
      .catch((error: unknown) => {
        // One refusal tells that the others would fail too; Postgres keeps them all.
        this.#waiting.length = 0;
        this.#options.logger.debug({ error: String(error) }, failure);
      })
      .finally(() => {
        this.#running.delete(run);
        this.#startMore();
      });
    this.#running.add(run);
  }
}
