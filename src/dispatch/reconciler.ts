import type { DeliveryStart } from '../domain/delivery-start.ts';
import type { ReplayStart } from '../domain/replay.ts';
import type { Logger } from '../logger.ts';
import { reconcilerLastSuccess, reconcilerRepairs } from '../metrics/store-metrics.ts';

/** What the loop needs of Postgres and Temporal. */
export interface ReconcilerOptions {
  /** Runs the work unless another replica does so at this moment. */
  readonly exclusively: (work: () => Promise<void>) => Promise<boolean>;
  readonly closeExpiredLeases: () => Promise<readonly string[]>;
  /** Moves scheduled deliveries that come due, and sees to them. */
  readonly moveScheduled: () => Promise<number>;
  /** Makes some deliveries of wide events that are still to be made. @returns whether there are more to make at once */
  readonly makeMore: () => Promise<boolean>;
  readonly settleHeld: () => Promise<number>;
  readonly nextScheduledInMs: () => Promise<number | null>;
  /** Deliveries whose own run should have done something by now. */
  readonly listOverdue: (limit: number) => Promise<readonly DeliveryStart[]>;
  /** Deliveries that have waited for a wave for some seconds. */
  readonly listWaiting: (limit: number) => Promise<readonly DeliveryStart[]>;
  /** Gives those up that have no mark: from now on waves take them. */
  readonly leaveToWaves: (deliveryIds: readonly string[]) => Promise<void>;
  readonly waveIsAlive: () => Promise<boolean>;
  /** Has publish leave nothing more to waves whose drain died. @returns how many there were */
  readonly closeAbandonedWaves: () => Promise<number>;
  readonly wakeWave: () => Promise<void>;
  /** Shuts gates that breakers or rules want shut, where whoever was to do so died before. */
  readonly shutUnshutGates: () => Promise<void>;
  /** Resumes endpoints whose pause is over. @returns how many */
  readonly endPauses: () => Promise<number>;
  /** Endpoints whose gate should be looked after by a workflow and is not. */
  readonly listStrayGates: (limit: number) => Promise<readonly string[]>;
  readonly wakeGate: (endpointId: string) => Promise<void>;
  /** Unfinished replays that no run looks after. */
  readonly listStrayReplays: (limit: number) => Promise<readonly ReplayStart[]>;
  /** Starts the run of a replay, and takes note of it. */
  readonly startReplay: (start: ReplayStart) => Promise<void>;
  /** `each`: every delivery has a run of its own. */
  readonly mode: 'auto' | 'each';
  readonly markStarted: (deliveryIds: readonly string[]) => Promise<void>;
  readonly start: (start: DeliveryStart) => Promise<void>;
  /** Registers search attributes and schedules once Temporal can be reached; throws while it cannot. */
  readonly ensureTemporal: () => Promise<void>;
  /** Between two rounds. */
  readonly roundMs: number;
  readonly logger: Logger;
}

const BATCH_SIZE = 200;
const STARTS_SIDE_BY_SIDE = 16;
/** More than this cost less in a wave. */
const FEW_STARTS = 20;
/** Between two looks at a schedule that comes due, so that many events due at nearly one time share a look. */
const SHORTEST_INTERVAL_MS = 50;

/**
 * The loop that makes Posthorn survive the loss of anything in Temporal and of any process: every few seconds it frees
 * what dead senders held, releases scheduled deliveries that come due, makes what is still to come of wide events, and
 * starts runs for what nobody looks after.
 */
export class Reconciler {
  readonly #options: ReconcilerOptions;
  #next: { readonly timer: NodeJS.Timeout; readonly at: number } | null = null;
  #round: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(options: ReconcilerOptions) {
    this.#options = options;
  }

  /** Begins with a first round at once. */
  start(): void {
    this.#schedule(0);
  }

  /** Brings the next round forward, for example for an event that is scheduled for soon. */
  wakeIn(delayMs: number): void {
    if (delayMs < this.#options.roundMs) this.#schedule(Math.max(delayMs, SHORTEST_INTERVAL_MS));
  }

  /** Waits for the round under way and begins no other. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#next !== null) clearTimeout(this.#next.timer);
    await this.#round;
  }

  /** Only ever brings the next round forward: a stream of wishes must not put it off for ever. */
  #schedule(delayMs: number): void {
    const at = performance.now() + delayMs;
    if (this.#closed || (this.#next !== null && this.#next.at <= at)) return;
    if (this.#next !== null) clearTimeout(this.#next.timer);
    const timer = setTimeout(() => {
      this.#next = null;
      this.#round = this.#round.then(async () => this.#schedule(await this.#runRound()));
    }, delayMs);
    this.#next = { timer, at };
  }

  /** @returns milliseconds until the next round */
  async #runRound(): Promise<number> {
    const { logger, exclusively, nextScheduledInMs, roundMs } = this.#options;
    let isMoreToMake = false;
    try {
      await exclusively(async () => {
        isMoreToMake = await this.#reconcile();
      });
      reconcilerLastSuccess.setToCurrentTime();
      if (isMoreToMake) return SHORTEST_INTERVAL_MS;
      const nextInMs = (await nextScheduledInMs()) ?? roundMs;
      return Math.min(roundMs, Math.max(SHORTEST_INTERVAL_MS, nextInMs));
    } catch (error) {
      logger.debug({ error: String(error) }, 'a round of reconciling was broken off');
      return roundMs;
    }
  }

  /** @returns whether deliveries of wide events are still to be made */
  async #reconcile(): Promise<boolean> {
    const { closeExpiredLeases, moveScheduled, settleHeld, closeAbandonedWaves, logger } = this.#options;
    const freed = await closeExpiredLeases();
    countRepairs('expired_sends', freed.length);
    if (freed.length > 0) logger.warn({ deliveries: freed.length }, 'closed attempts whose sender died');
    await moveScheduled();
    const isMoreToMake = await this.#makeMore();
    countRepairs('held_at_open_gates', await settleHeld());
    const abandoned = await closeAbandonedWaves();
    countRepairs('abandoned_waves', abandoned);
    if (abandoned > 0) logger.warn({ lanes: abandoned }, 'closed waves that nobody drained any more');
    await this.#options.shutUnshutGates();
    const resumed = await this.#options.endPauses();
    if (resumed > 0) logger.info({ endpoints: resumed }, 'resumed endpoints whose pause was over');
    await this.#prepareTemporal();
    await this.#wakeStrayGates();
    await this.#startStrayReplays();
    const started = (await this.#startWaiting()) + (await this.#startOverdue());
    countRepairs('started_runs', started);
    if (started > 0) logger.info({ deliveries: started }, 'started runs for overdue deliveries');
    return isMoreToMake;
  }

  /** An event whose deliveries cannot be made must not keep those of others waiting. */
  async #makeMore(): Promise<boolean> {
    try {
      return await this.#options.makeMore();
    } catch (error) {
      this.#options.logger.warn({ error: String(error) }, 'deliveries of a wide event could not be made yet');
      return false;
    }
  }

  /** A cluster that lets us start runs but not register attributes or schedules must not keep deliveries waiting. */
  async #prepareTemporal(): Promise<void> {
    try {
      await this.#options.ensureTemporal();
    } catch (error) {
      this.#options.logger.warn({ error: String(error) }, 'Temporal is not prepared yet');
    }
  }

  async #wakeStrayGates(): Promise<void> {
    const { listStrayGates, wakeGate } = this.#options;
    const stray = await listStrayGates(BATCH_SIZE);
    countRepairs('stray_gates', stray.length);
    for (let index = 0; index < stray.length; index += STARTS_SIDE_BY_SIDE)
      await Promise.all(
        stray.slice(index, index + STARTS_SIDE_BY_SIDE).map(async (id) => await wakeGate(id)),
      );
  }

  async #startStrayReplays(): Promise<void> {
    const { listStrayReplays, startReplay } = this.#options;
    const stray = await listStrayReplays(BATCH_SIZE);
    countRepairs('stray_replays', stray.length);
    for (const start of stray) await startReplay(start);
  }

  /** What waits for a wave: a few get runs of their own where none rolls, for more one is woken. */
  async #startWaiting(): Promise<number> {
    const { listWaiting, waveIsAlive, wakeWave, mode } = this.#options;
    if (mode === 'each') return await this.#startEach(listWaiting);
    const waiting = await listWaiting(FEW_STARTS + 1);
    if (waiting.length === 0 || (await waveIsAlive())) return 0;
    if (waiting.length <= FEW_STARTS) return await this.#startAll(waiting);
    await wakeWave();
    return 0;
  }

  async #startOverdue(): Promise<number> {
    const { listOverdue, leaveToWaves, wakeWave, mode } = this.#options;
    if (mode === 'each') return await this.#startEach(listOverdue);
    let started = 0;
    while (!this.#closed) {
      const overdue = await listOverdue(BATCH_SIZE);
      const unmarked = overdue.filter((start) => start.mark === null);
      const isMany = unmarked.length > FEW_STARTS;
      if (isMany) await leaveToWaves(unmarked.map((start) => start.deliveryId));
      if (isMany) await wakeWave();
      started += await this.#startAll(isMany ? overdue.filter((start) => start.mark !== null) : overdue);
      if (overdue.length < BATCH_SIZE) break;
    }
    return started;
  }

  async #startEach(list: ReconcilerOptions['listOverdue']): Promise<number> {
    let started = 0;
    while (!this.#closed) {
      const overdue = await list(BATCH_SIZE);
      started += await this.#startAll(overdue);
      if (overdue.length < BATCH_SIZE) break;
    }
    return started;
  }

  async #startAll(starts: readonly DeliveryStart[]): Promise<number> {
    for (let index = 0; index < starts.length; index += STARTS_SIDE_BY_SIDE) {
      const group = starts.slice(index, index + STARTS_SIDE_BY_SIDE);
      await Promise.all(group.map(async (start) => await this.#options.start(start)));
      await this.#options.markStarted(group.map((start) => start.deliveryId));
    }
    return starts.length;
  }
}

function countRepairs(kind: string, count: number): void {
  reconcilerRepairs.inc({ kind }, count);
}
