import { randomUUID } from 'node:crypto';
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import type { Timing } from '../src/domain/timing.ts';
import type { Logger } from '../src/logger.ts';
import { claimsReturned, claimsTaken } from '../src/metrics/worker-metrics.ts';
import { countFirstAttempt } from '../src/sending/count-attempt.ts';
import { DrainPace } from '../src/sending/drain-pace.ts';
import type { DrainSender } from '../src/sending/drain-sender.ts';
import type { OnAnswered, SendsUnderWay } from '../src/sending/sends-under-way.ts';
import type { WaveTurns } from '../src/sending/wave-turns.ts';
import type { Claim } from '../src/storage/claims/claim.ts';
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
  /** What is known to be due; it outlives this drain. */
  readonly turns: WaveTurns;
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
/** A look goes back behind the last one by this: publishes commit in another order than they began. */
const LOOK_BACK_MS = 250;
/** Now and then it goes back further, for those that took long to commit, and now and then all the way. */
const LOOK_BACK_FAR = { everyMs: 500, byMs: 5_000 };
const LOOK_FOR_ALL_EVERY_MS = 5_000;
const SECOND_MS = 1_000;
/** Share of the time that the process is busy from which on it counts as having all it can do. */
const BUSY = 0.8;

/**
 * Claims what is due without a run of its own, sends it side by side and claims again, until its slice ends or the load
 * is low. What is under way when it returns is finished and recorded by the process. Safe to repeat: a claim is never
 * made twice.
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
  #secondBeganAt = performance.now();
  #wokeLanesAt = 0;
  #lookedForAllAt = Number.NEGATIVE_INFINITY;
  #lookedFarAt = Number.NEGATIVE_INFINITY;
  /** By the database's clock. */
  #lookedUntil = 0;
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
    // However few are claimed: while something waits for room the load is not low.
    if (this.#pace.isQuiet && !this.#means.turns.isWaiting) return await this.#close();
    await this.#findDue();
    await this.#claimAndPause();
    const turnBegan = performance.now();
    await setImmediate();
    this.#means.sends.notePace(performance.now() - turnBegan);
    return null;
  }

  #rolling(): DrainResult {
    return { kind: 'rolling', claimed: this.#pace.total };
  }

  /** A few times a second. @returns false where another drain has the lane by now */
  async #lookAround(): Promise<boolean> {
    if (performance.now() - this.#lookedAt < this.#means.timing.drainLookMs) return true;
    this.#lookedAt = performance.now();
    if (this.#lookedAt - this.#secondBeganAt >= SECOND_MS) {
      this.#pace.endSecond();
      this.#secondBeganAt = this.#lookedAt;
    }
    const isOurs = await this.#means.lanes.renew(this.#drain);
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

  /** Takes note of who has something due that came since the last look, and now and then of everybody who has. */
  async #findDue(): Promise<void> {
    const { waveClaims, turns } = this.#means;
    const now = performance.now();
    const isAll = now - this.#lookedForAllAt > LOOK_FOR_ALL_EVERY_MS;
    const isFar = now - this.#lookedFarAt > LOOK_BACK_FAR.everyMs;
    const backMs = isFar ? LOOK_BACK_FAR.byMs : LOOK_BACK_MS;
    const { found, lookedAt } = isAll
      ? await waveClaims.lookForAll()
      : await waveClaims.look(this.#lookedUntil - backMs);
    turns.noteDue(found);
    this.#lookedUntil = lookedAt;
    if (isAll) this.#lookedForAllAt = now;
    if (isAll || isFar) this.#lookedFarAt = now;
  }

  async #claimAndPause(): Promise<void> {
    const { turns, sends } = this.#means;
    const claimed = await this.#claim();
    if (claimed > 0 && turns.hasNext(sends.free, (endpointId) => sends.roomOf(endpointId))) return;
    this.#pauseMs = claimed > 0 ? PAUSE_MS : Math.min(this.#pauseMs + 1, LONGEST_PAUSE_MS);
    await sleep(this.#pauseMs);
  }

  /** @returns how many deliveries it moved */
  async #claim(): Promise<number> {
    const { waveClaims, sends, turns, logger } = this.#means;
    const { owner } = this.#drain;
    const next = turns.next(sends.free, this.#lookedUntil, (endpointId) => sends.roomOf(endpointId));
    if (next.length === 0) return 0;
    const asked = performance.now();
    const due = await waveClaims.claim({ owner, turns: next });
    const { claims, taken, unopened } = due;
    turns.noteTaken(next, due);
    for (const error of unopened) logger.error({ error: error.message }, 'a delivery could not be claimed');
    this.#pace.add(claims.length);
    claimsTaken.inc({ drain: 'wave' }, claims.length);
    if (performance.now() - asked > this.#means.timing.claimToPostMs) {
      logger.warn({ deliveries: claims.length }, 'claims came too late and were given back');
      claimsReturned.inc({ drain: 'wave' }, claims.length);
      await Promise.all(claims.map(async (claim) => await this.#means.claims.release(claim)));
    } else
      for (const claim of claims)
        sends.begin([claim], async (onAnswered) => await this.#send(claim, onAnswered));
    return taken.reduce((sum, { count }) => sum + count, 0);
  }

  async #send(claim: Claim, onAnswered: OnAnswered): Promise<void> {
    countFirstAttempt(claim, 'wave');
    await this.#means.sendClaimed([claim], onAnswered);
  }

  /** Publish leaves nothing to this lane any more; what it left before is taken now, or by the next slice. */
  async #close(): Promise<DrainResult> {
    const { lanes, waveClaims, turns, stopping } = this.#means;
    await lanes.close(this.#drain);
    do {
      turns.noteDue((await waveClaims.lookForAll()).found);
    } while (!stopping.aborted && (await this.#claim()) > 0);
    if (stopping.aborted || turns.isWaiting) return this.#rolling();
    const nextDueInMs = this.#drain.lane === 0 ? await lanes.nextDueInMs() : null;
    return { kind: 'idle', claimed: this.#pace.total, nextDueInMs };
  }
}
