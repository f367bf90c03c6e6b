import { setTimeout as sleep } from 'node:timers/promises';
import type { ReplayCounts, ReplayStatus } from '../src/domain/replay.ts';
import type { Timing } from '../src/domain/timing.ts';
import type { ReplayReleases } from '../src/storage/replays/replay-releases.ts';
import type { Released, ReplayStep } from '../src/storage/replays/replay-step.ts';
import type { ReplayStore } from '../src/storage/replays/replay-store.ts';
import { runSlice, whileHeartbeating } from './run-slice.ts';

/** Which replay a slice is of. */
export interface ReplayActivityInput {
  readonly replayId: string;
  /** How often the run has waited without any progress. */
  readonly waits: number;
}

/** How a slice of a replay ended. `counts` are null where the replay is gone. */
export type ReplaySlice = SliceEnd & { readonly counts: ReplayCounts | null };

/** The same without the counts. */
export type SliceEnd =
  /** There is more to do. */
  | { readonly kind: 'rolling' }
  /** All is released, but not all has ended: look again after so long. */
  | { readonly kind: 'waiting'; readonly waitMs: number }
  /** Nothing is left to do; null where the replay is gone. */
  | { readonly kind: 'over'; readonly status: ReplayStatus | null };

export interface ReplayDependencies {
  readonly releases: Pick<ReplayReleases, 'step'>;
  readonly replays: Pick<ReplayStore, 'read' | 'careFor'>;
  /** Has what was released sent. */
  readonly onReleased: (released: Released) => void;
  readonly stopping: AbortSignal;
  readonly timing: Timing;
}

/** So often the run tells how far it is. */
const REPLAY_SLICE_MS = 10_000;
/** Between two releases: others come between. */
const RELEASE_PAUSE_MS = 10;
/** While nothing may be released, or all has been. */
const LONGEST_RELEASE_PAUSE_MS = 500;
/** What ends within so long is waited for here, the rest by timers. */
const PATIENCE_MS = 3_000;
const FIRST_RUN_WAIT_MS = 2_000;
const LONGEST_RUN_WAIT_MS = 30_000;

/**
 * Releases what a replay selects, as much as may be under way at a time, until its slice ends; takes back what a
 * cancelled one released. Safe to repeat: what is done stands in Postgres.
 */
export function createReplay(
  dependencies: ReplayDependencies,
): (input: ReplayActivityInput) => Promise<ReplaySlice> {
  return async function replay({ replayId, waits }) {
    const { replays, stopping, timing } = dependencies;
    return await whileHeartbeating({ everyMs: timing.drainLookMs, stopping }, async (run) => {
      const slice = new Slice(replayId, { ...dependencies, stopping: run.stopping });
      const end = await slice.untilOver(waits);
      return { ...end, counts: (await replays.read(replayId))?.counts ?? null };
    });
  };
}

class Slice {
  readonly #replayId: string;
  readonly #means: ReplayDependencies;
  #pauseMs = RELEASE_PAUSE_MS;
  #idleSince = performance.now();

  constructor(replayId: string, means: ReplayDependencies) {
    this.#replayId = replayId;
    this.#means = means;
  }

  async untilOver(waits: number): Promise<SliceEnd> {
    const { replays, stopping } = this.#means;
    await replays.careFor(this.#replayId, REPLAY_SLICE_MS);
    const end = await runSlice({ sliceMs: REPLAY_SLICE_MS, stopping }, async () => await this.#step(waits));
    return end ?? { kind: 'rolling' };
  }

  /** @returns what ends the slice, null where it goes on */
  async #step(waits: number): Promise<SliceEnd | null> {
    const step = await this.#means.releases.step(this.#replayId);
    if (step.kind === 'over') return step;
    const patienceMs = waits === 0 ? PATIENCE_MS : 0;
    if (step.kind === 'waiting' && performance.now() - this.#idleSince >= patienceMs)
      return await this.#wait(waits);
    await this.#pauseAfter(step);
    return null;
  }

  async #wait(waits: number): Promise<SliceEnd> {
    const waitMs = Math.min(FIRST_RUN_WAIT_MS * 2 ** Math.min(waits, 10), LONGEST_RUN_WAIT_MS);
    await this.#means.replays.careFor(this.#replayId, waitMs);
    return { kind: 'waiting', waitMs };
  }

  async #pauseAfter(step: Exclude<ReplayStep, { kind: 'over' }>): Promise<void> {
    if (step.kind === 'returned') return;
    const hasReleased = step.kind === 'counting' || (step.kind === 'released' && step.released.count > 0);
    if (step.kind === 'released') this.#means.onReleased(step.released);
    if (step.kind !== 'waiting') this.#idleSince = performance.now();
    this.#pauseMs = hasReleased ? RELEASE_PAUSE_MS : Math.min(this.#pauseMs * 2, LONGEST_RELEASE_PAUSE_MS);
    await sleep(this.#pauseMs);
  }
}
