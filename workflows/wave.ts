import {
  ActivityFailure,
  allHandlersFinished,
  condition,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  setWorkflowOptions,
  TimeoutFailure,
} from '@temporalio/workflow';
import type { DrainResult } from '../activities/drain.ts';
import type { WaveActivities } from '../activities/index.ts';
import { durationText } from '../src/domain/duration-text.ts';
import { PRODUCTION_TIMING } from '../src/domain/timing.ts';
import { goOn, isTimeToGoOn, pinnedWhereVersioned } from './go-on.ts';
import { progressQuery, WAVE_TASK_QUEUE, type WaveInput, type WaveProgress, wakeSignal } from './messages.ts';

const DRAIN_OPTIONS = {
  taskQueue: WAVE_TASK_QUEUE,
  startToCloseTimeout: '10 minutes',
  heartbeatTimeout: PRODUCTION_TIMING.drainSilenceMs,
  retry: { initialInterval: '200 milliseconds', backoffCoefficient: 2, maximumInterval: '5 seconds' },
} as const;

const { drain } = proxyActivities<WaveActivities>(DRAIN_OPTIONS);
/** Each worker drains one lane: where none has a hand free a further lane is of no use. */
const spare = proxyActivities<WaveActivities>({ ...DRAIN_OPTIONS, scheduleToStartTimeout: '3 seconds' });

const MAX_SLICES = 200;

/**
 * Drains one lane in slices while load is high, then sleeps until what waits without a run of its own comes due, or
 * ends. All lanes share all rows; lane 0 is the one that sleeps, and wakes the others.
 */
export async function wave(input: WaveInput): Promise<string> {
  const run = new WaveRun(input);
  setHandler(wakeSignal, run.wake, {
    description: 'Look at once for deliveries that are due. No argument needed.',
  });
  setHandler(progressQuery, run.progress, { description: 'Attempts made, and what is waited for.' });
  return await run.untilOver();
}

// It goes on anew every few minutes, and so never meets code of another version.
setWorkflowOptions(pinnedWhereVersioned, wave);

class WaveRun {
  readonly #lane: number;
  #wakes = 0;
  #slices = 0;
  #attempts: number;
  #waitingUntil: number | null = null;

  constructor({ lane, attempts }: WaveInput) {
    this.#lane = lane;
    this.#attempts = attempts;
  }

  readonly wake = (): void => {
    this.#wakes += 1;
  };

  readonly progress = (): WaveProgress => ({
    lane: this.#lane,
    status: this.#waitingUntil === null ? 'rolling' : 'waiting',
    attempts_made: this.#attempts,
    waiting_until: this.#waitingUntil === null ? null : new Date(this.#waitingUntil).toISOString(),
  });

  async untilOver(): Promise<string> {
    for (;;) {
      const wakesBefore = this.#wakes;
      const result = await this.#drain();
      if (result === null) return 'no worker has a hand free';
      if (result.kind === 'idle') {
        await this.#sleep(result.nextDueInMs, wakesBefore);
        await condition(allHandlersFinished);
        // Looked at last before closing, so that a wake that came meanwhile is still heard.
        if (result.nextDueInMs === null && this.#wakes === wakesBefore) return this.#summary();
      }
      if (this.#slices >= MAX_SLICES || isTimeToGoOn())
        await goOn<typeof wave>({ lane: this.#lane, attempts: this.#attempts });
    }
  }

  async #drain(): Promise<DrainResult | null> {
    this.#slices += 1;
    this.#waitingUntil = null;
    setCurrentDetails(`Rolling: slice ${this.#slices}. ${this.#attempts} attempts before it.`);
    try {
      const activity = this.#lane === 0 ? drain : spare.drain;
      const result = await activity.executeWithOptions({ summary: `slice ${this.#slices}` }, [
        { lane: this.#lane },
      ]);
      this.#attempts += result.claimed;
      return result;
    } catch (error) {
      if (this.#lane > 0 && error instanceof ActivityFailure && error.cause instanceof TimeoutFailure)
        return null;
      throw error;
    }
  }

  async #sleep(dueInMs: number | null, wakesBefore: number): Promise<void> {
    if (dueInMs === null || dueInMs <= 0) return;
    this.#waitingUntil = Date.now() + dueInMs;
    setCurrentDetails(
      `Waiting until ${new Date(this.#waitingUntil).toISOString()} for retries. ${this.#attempts} attempts made.`,
    );
    const summary = `until the next retry: ${durationText(dueInMs)}`;
    await condition(() => this.#wakes > wakesBefore, dueInMs, { summary });
  }

  #summary(): string {
    const summary = `${this.#attempts} attempts made`;
    setCurrentDetails(`Over: ${summary}.`);
    return summary;
  }
}
