import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Timing } from '../src/domain/timing.ts';
import type { Logger } from '../src/logger.ts';
import { DrainPace } from '../src/sending/drain-pace.ts';
import type { DrainSender } from '../src/sending/drain-sender.ts';
import type { SendsUnderWay } from '../src/sending/sends-under-way.ts';
import type { RunClaims } from '../src/storage/claims/run-claims.ts';
import type { WaveClaims } from '../src/storage/claims/wave-claims.ts';
import type { WaveDrain, WaveLanes } from '../src/storage/open/wave-lanes.ts';
import { runSlice, whileHeartbeating } from './run-slice.ts';

export interface DrainInput {
  readonly lane: number;
}

/** Why a drain ended, and how many attempts it made. */
export type DrainResult =
  /** Its slice is over: there is more to do. */
  | { readonly kind: 'rolling'; readonly claimed: number }
  /** The load is low; what still waits for a wave comes due after so long, null where nothing waits. */
  | { readonly kind: 'idle'; readonly claimed: number; readonly nextDueInMs: number | null };

export interface DrainDependencies {
  readonly waveClaims: WaveClaims;
  readonly claims: Pick<RunClaims, 'release'>;
  readonly lanes: WaveLanes;
  readonly sends: SendsUnderWay;
  readonly sendClaimed: DrainSender;
  readonly timing: Timing;
  /** Called while this process has all it can do, so that others drain lanes of their own. */
  readonly wakeLanes: () => Promise<void>;
  /** Aborted when the process shuts down: from then on nothing is claimed. */
  readonly stopping: AbortSignal;
  readonly logger: Logger;
}

/** History grows with every slice, and the next may go to a worker that has more to spare. */
const SLICE_MS = 30_000;
const WAKE_LANES_EVERY_MS = 5_000;
/** Between two claims: a statement for many costs little more than one for a few. */
const PAUSE_MS = 3;
const LONGEST_PAUSE_MS = 12;
/** While every place is taken. */
const FULL_PAUSE_MS = 50;
/** Share of the time that the process is busy from which on it counts as having all it can do. */
const BUSY = 0.8;

/**
 * Claims what is due without a run of its own, sends it side by side and claims again, until its slice ends or the load is low.
 * What is under way when it returns is finished and recorded by the process. Safe to repeat: a claim is never made twice.
 */
export function createDrain(dependencies: DrainDependencies): (input: DrainInput) => Promise<DrainResult> {
  return async function drain({ lane }) {
    const { sends, stopping, timing } = dependencies;
    sends.isDraining = true;
    try {
      return await whileHeartbeating({ everyMs: timing.drainLookMs, stopping }, async (run) => {
        const drain = { lane, token: randomUUID(), owner: run.owner };
        return await new Drain(drain, { ...dependencies, stopping: run.stopping }).untilOver();
      });
    } finally {
      sends.isDraining = false;
    }
  };
}

class Drain {
  readonly #drain: WaveDrain & { readonly owner: string };
  readonly #means: DrainDependencies;
  readonly #pace = new DrainPace();
  #lookedAt = 0;
  #wokeLanesAt = 0;
  #pauseMs = PAUSE_MS;
  #utilization = performance.eventLoopUtilization();

  constructor(drain: WaveDrain & { readonly owner: string }, means: DrainDependencies) {
    this.#drain = drain;
    this.#means = means;
  }

  async untilOver(): Promise<DrainResult> {
    const { stopping } = this.#means;
    await this.#means.lanes.open(this.#drain);
    return (
      (await runSlice({ sliceMs: SLICE_MS, stopping }, async () => await this.#step())) ?? this.#rolling()
    );
  }

  /** @returns what ends the drain, null where it goes on */
  async #step(): Promise<DrainResult | null> {
    if (!(await this.#lookAround())) return this.#rolling();
    if (this.#pace.isQuiet && !this.#isBehind) return await this.#close();
    await this.#claimAndPause();
    return null;
  }

  /** Whether more is due than may be sent now: however few are claimed then, the load is not low. */
  get #isBehind(): boolean {
    const { isCrowded, isFull } = this.#means.sends;
    return isCrowded || isFull;
  }

  #rolling(): DrainResult {
    return { kind: 'rolling', claimed: this.#pace.total };
  }

  /** Once a second. @returns false where another drain has the lane by now */
  async #lookAround(): Promise<boolean> {
    if (performance.now() - this.#lookedAt < this.#means.timing.drainLookMs) return true;
    const { lanes, sends, waveClaims } = this.#means;
    if (this.#lookedAt > 0) this.#pace.endSecond();
    this.#lookedAt = performance.now();
    const isOurs = await lanes.renew(this.#drain);
    sends.resetCrowded(await waveClaims.endpointsAside());
    this.#wakeLanesIfBusy();
    return isOurs;
  }

  #wakeLanesIfBusy(): void {
    const { utilization } = performance.eventLoopUtilization(this.#utilization);
    this.#utilization = performance.eventLoopUtilization();
    const isTime = performance.now() - this.#wokeLanesAt > WAKE_LANES_EVERY_MS;
    if (this.#drain.lane > 0 || utilization < BUSY || !isTime) return;
    this.#wokeLanesAt = performance.now();
    // Without them this lane takes everything, only later.
    this.#means.wakeLanes().catch((error: unknown) => {
      this.#means.logger.debug({ error: String(error) }, 'further lanes could not be woken');
    });
  }

  async #claimAndPause(): Promise<void> {
    const { limit, seen } = await this.#claim();
    if (limit === 0) await Promise.race([this.#means.sends.untilOneEnds(), sleep(FULL_PAUSE_MS)]);
    if (seen === limit) return;
    this.#pauseMs = seen > 0 ? PAUSE_MS : Math.min(this.#pauseMs + 1, LONGEST_PAUSE_MS);
    await sleep(this.#pauseMs);
  }

  async #claim(): Promise<{ readonly limit: number; readonly seen: number }> {
    const { waveClaims, sends, logger } = this.#means;
    const room = sends.room();
    if (room.limit === 0) return { limit: 0, seen: 0 };
    const asked = performance.now();
    const { claims, crowded, unopened, seen } = await waveClaims.claim({ ...room, owner: this.#drain.owner });
    sends.noteCrowded(crowded);
    for (const error of unopened) logger.error({ error: error.message }, 'a delivery could not be claimed');
    this.#pace.add(claims.length);
    if (performance.now() - asked > this.#means.timing.claimToPostMs) {
      logger.warn({ deliveries: claims.length }, 'claims came too late and were given back');
      await Promise.all(claims.map(async (claim) => await this.#means.claims.release(claim)));
    } else for (const claim of claims) sends.begin(claim, async () => await this.#means.sendClaimed([claim]));
    return { limit: room.limit, seen };
  }

  /** Publish leaves nothing to this lane any more; what it left before is taken now, or by the next slice. */
  async #close(): Promise<DrainResult> {
    const { lanes } = this.#means;
    await lanes.close(this.#drain);
    let isLeft = true;
    while (isLeft && !this.#means.stopping.aborted && !this.#isBehind)
      isLeft = (await this.#claim()).seen > 0;
    if (isLeft || this.#isBehind) return this.#rolling();
    const nextDueInMs = this.#drain.lane === 0 ? await lanes.nextDueInMs() : null;
    return { kind: 'idle', claimed: this.#pace.total, nextDueInMs };
  }
}
