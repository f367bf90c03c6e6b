import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Timing } from '../src/domain/timing.ts';
import { claimsReturned, claimsTaken } from '../src/metrics/worker-metrics.ts';
import type { DrainSender } from '../src/sending/drain-sender.ts';
import type { SendsUnderWay } from '../src/sending/sends-under-way.ts';
import type { RunClaims } from '../src/storage/claims/run-claims.ts';
import type { GateDrain, GateDrains, GateLook, PacedCall } from '../src/storage/gates/gate-drain.ts';
import type { GateUpkeep } from '../src/storage/gates/gate-upkeep.ts';
import { runSlice, whileHeartbeating } from './run-slice.ts';

export interface DrainGateInput {
  readonly endpointId: string;
}

/** What keeps a gate once its drain has ended, and how many attempts it made. */
export type DrainGateResult = GateEnd & { readonly claimed: number };

/** What ended a drain of a gate. */
export type GateEnd =
  /** Its slice is over: there is more to do. */
  | { readonly kind: 'draining' }
  | { readonly kind: 'shut'; readonly why: 'paused' | 'disabled' | 'deleted' }
  /** The breaker is open; the probe is due after so long. */
  | { readonly kind: 'open'; readonly probeInMs: number }
  /** The gate is open: publish and waves do the rest. */
  | { readonly kind: 'opened' }
  /** Nothing is due; the next retry or batch is after so long, null where nothing is held. */
  | { readonly kind: 'resting'; readonly nextDueInMs: number | null };

export interface DrainGateDependencies {
  readonly drains: GateDrains;
  readonly upkeep: GateUpkeep;
  readonly claims: Pick<RunClaims, 'release'>;
  readonly sends: SendsUnderWay;
  readonly sendClaimed: DrainSender;
  readonly timing: Timing;
  /** For what an opening gate lets go. */
  readonly wakeWave: () => Promise<void>;
  readonly stopping: AbortSignal;
}

const SLICE_MS = 30_000;
/** The longest pause between two looks: so soon is seen what was held meanwhile. */
const LONGEST_LOOK_PAUSE_MS = 50;
/** What is due later than this is waited for by the workflow. */
const LONGEST_DUE_WAIT_MS = 2_000;
/** A drain that finds nothing for so long rests: a stream of deliveries should not wake the workflow for each. */
const IDLE_MS = 1_000;

/**
 * Lets go what one endpoint's gate holds, under the endpoint's rules, until there is nothing or something shuts it.
 * Sends and records as waves do. Safe to repeat: a drain that was replaced claims nothing.
 */
export function createDrainGate(
  dependencies: DrainGateDependencies,
): (input: DrainGateInput) => Promise<DrainGateResult> {
  return async function drainGate({ endpointId }) {
    const { stopping, timing } = dependencies;
    return await whileHeartbeating({ everyMs: timing.drainLookMs, stopping }, async (run) => {
      const drain = { endpointId, token: randomUUID() };
      return await new GateDrainRun(drain, run.owner, {
        ...dependencies,
        stopping: run.stopping,
      }).untilOver();
    });
  };
}

class GateDrainRun {
  readonly #drain: GateDrain;
  readonly #owner: string;
  readonly #means: DrainGateDependencies;
  #claimed = 0;
  #idleSince = performance.now();

  constructor(drain: GateDrain, owner: string, means: DrainGateDependencies) {
    this.#drain = drain;
    this.#owner = owner;
    this.#means = means;
  }

  async untilOver(): Promise<DrainGateResult> {
    // What is held may be much, and its receiver may just have come back: one at first, then two, four, …
    const { sends, stopping } = this.#means;
    if (sends.countOf(this.#drain.endpointId) === 0) sends.restart(this.#drain.endpointId);
    await this.#means.drains.begin(this.#drain);
    const end = await runSlice({ sliceMs: SLICE_MS, stopping }, async () => await this.#step());
    return { ...(end ?? { kind: 'draining' }), claimed: this.#claimed };
  }

  /** @returns what ends the drain, null where it goes on */
  async #step(): Promise<GateEnd | null> {
    const look = await this.#look();
    switch (look.kind) {
      case 'replaced':
        return { kind: 'draining' };
      case 'shut':
      case 'open':
        return look;
      case 'draining':
        return await this.#restOrPause(look);
    }
  }

  async #look(): Promise<GateLook> {
    const { drains, sends, claims } = this.#means;
    const { endpointId } = this.#drain;
    const asked = performance.now();
    const look = await drains.look(this.#drain, { room: sends.roomOf(endpointId).room, owner: this.#owner });
    if (look.kind !== 'draining') return look;
    this.#claimed += look.calls.length;
    const taken = look.calls.reduce((sum, { outgoing }) => sum + outgoing.length, 0);
    claimsTaken.inc({ drain: 'gate' }, taken);
    if (performance.now() - asked > this.#means.timing.claimToPostMs) {
      claimsReturned.inc({ drain: 'gate' }, taken);
      await Promise.all(look.calls.map(async ({ outgoing }) => await claims.release(...outgoing)));
    } else for (const paced of look.calls) this.#begin(paced);
    return look;
  }

  #begin({ outgoing, startsInMs }: PacedCall): void {
    this.#means.sends.begin(outgoing, async (onAnswered) => {
      if (startsInMs > 0) await sleep(startsInMs);
      await this.#means.sendClaimed(outgoing, onAnswered);
    });
  }

  async #restOrPause({ calls, waitMs }: Extract<GateLook, { kind: 'draining' }>): Promise<GateEnd | null> {
    const isSending = this.#means.sends.countOf(this.#drain.endpointId) > 0;
    const isFarOff = waitMs === null || waitMs > LONGEST_DUE_WAIT_MS;
    if (calls.length > 0 || isSending || !isFarOff) this.#idleSince = performance.now();
    if (performance.now() - this.#idleSince > IDLE_MS) return await this.#rest();
    const pauseMs = Math.max(1, Math.min(waitMs ?? LONGEST_LOOK_PAUSE_MS, LONGEST_LOOK_PAUSE_MS));
    if (isSending) await this.#untilOneEnds(pauseMs);
    else await sleep(pauseMs);
    return null;
  }

  /** Hundreds of gates whose probes hang must not ask the database all the time. */
  async #untilOneEnds(pauseMs: number): Promise<void> {
    const { sends, stopping, timing } = this.#means;
    const { endpointId } = this.#drain;
    const isFull = sends.roomOf(endpointId).room === 0;
    const over = new AbortController();
    const signal = AbortSignal.any([stopping, over.signal]);
    const pause = sleep(isFull ? timing.drainLookMs : pauseMs, undefined, { signal }).catch(() => undefined);
    await Promise.race([sends.untilOneEnds(endpointId), pause]);
    over.abort();
  }

  async #rest(): Promise<GateEnd | null> {
    const closing = await this.#means.upkeep.endDrain(this.#drain);
    if (closing.kind === 'not_yet') return null;
    if (closing.kind === 'resting') return closing;
    if (closing.released > 0) await this.#means.wakeWave();
    return { kind: 'opened' };
  }
}
