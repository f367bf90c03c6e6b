import {
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { DrainGateResult } from '../activities/drain-gate.ts';
import type { Activities } from '../activities/index.ts';
import { durationText } from '../src/domain/duration-text.ts';
import { PRODUCTION_TIMING } from '../src/domain/timing.ts';
import {
  type GateInput,
  type GateState,
  gateStateQuery,
  type PauseMessage,
  pauseSignal,
  pauseUpdate,
  resumeSignal,
  resumeUpdate,
  wakeSignal,
} from './messages.ts';

const { drainGate } = proxyActivities<Activities>({
  startToCloseTimeout: '10 minutes',
  heartbeatTimeout: PRODUCTION_TIMING.drainSilenceMs,
  retry: { initialInterval: '200 milliseconds', backoffCoefficient: 2, maximumInterval: '10 seconds' },
});
const { changeGate, careForGate } = proxyActivities<Activities>({
  startToCloseTimeout: '1 minute',
  retry: { initialInterval: '200 milliseconds', backoffCoefficient: 2, maximumInterval: '10 seconds' },
});

const MAX_DRAINS = 200;
/**
 * However long it waits for a person, it looks again so often, should a signal have been lost with the server's data.
 */
const LONGEST_SLEEP_MS = 3_600_000;

/**
 * Looks after one endpoint's gate while it is paused, its breaker is open or it holds something: drains it under the
 * endpoint's rules, or waits for the right moment. What is so stands in Postgres; this run waits, asks, and tells in
 * the Temporal UI.
 */
export async function gate(input: GateInput): Promise<string> {
  const run = new GateRun(input);
  setHandler(wakeSignal, run.wake, {
    description: 'Look at once for what may be let go. No argument needed.',
  });
  setHandler(pauseSignal, run.pause, {
    description:
      'Hold the endpoint\'s deliveries back until it is resumed. Argument: {"by": "…", "reason": "…"}.',
  });
  setHandler(resumeSignal, run.resume, {
    description: 'End a pause, and let an open breaker try at once. Argument: {"by": "…"}.',
  });
  setHandler(pauseUpdate, run.pause, { description: 'As the signal; answers once it is written down.' });
  setHandler(resumeUpdate, run.resume, { description: 'As the signal; answers once it is written down.' });
  setHandler(gateStateQuery, run.state, { description: 'What the gate is doing, and until when.' });
  return await run.untilOver();
}

class GateRun {
  readonly #endpointId: string;
  #wakes = 0;
  #drains = 0;
  #attempts: number;
  #state: GateState['state'] = 'draining';
  #until: number | null = null;

  constructor({ endpointId, attempts }: GateInput) {
    this.#endpointId = endpointId;
    this.#attempts = attempts;
  }

  readonly wake = (): void => {
    this.#wakes += 1;
  };

  /** Anything may come from a person's hands, `null` too. */
  readonly pause = async (message?: PauseMessage | null): Promise<void> =>
    await this.#change('pause', message);

  readonly resume = async (message?: PauseMessage | null): Promise<void> =>
    await this.#change('resume', message);

  readonly state = (): GateState => ({
    endpoint_id: this.#endpointId,
    state: this.#state,
    attempts_made: this.#attempts,
    until: this.#until === null ? null : new Date(this.#until).toISOString(),
  });

  async untilOver(): Promise<string> {
    for (;;) {
      const wakesBefore = this.#wakes;
      const result = await this.#drain();
      const isOver = await this.#waitAfter(result, wakesBefore);
      await condition(allHandlersFinished);
      // Looked at last before closing, so that a wake that came meanwhile is still heard.
      if (isOver && this.#wakes === wakesBefore) return this.#summary(result);
      if (this.#drains >= MAX_DRAINS || workflowInfo().continueAsNewSuggested)
        await continueAsNew<typeof gate>({ endpointId: this.#endpointId, attempts: this.#attempts });
    }
  }

  async #drain(): Promise<DrainGateResult> {
    this.#drains += 1;
    this.#tell('draining', null, `Letting go what is held. ${this.#attempts} attempts so far.`);
    const summary = `drain ${this.#drains}`;
    const result = await drainGate.executeWithOptions({ summary }, [{ endpointId: this.#endpointId }]);
    this.#attempts += result.claimed;
    return result;
  }

  /** @returns whether nothing is left to look after */
  async #waitAfter(result: DrainGateResult, wakesBefore: number): Promise<boolean> {
    switch (result.kind) {
      case 'draining':
        return false;
      case 'opened':
        return true;
      case 'shut':
        if (result.why !== 'paused') return true;
        await this.#sleep('paused', LONGEST_SLEEP_MS, { wakesBefore, why: 'paused' });
        return false;
      case 'open':
        await this.#sleep('breaker_open', result.probeInMs, { wakesBefore, why: 'the breaker is open' });
        return false;
      case 'resting':
        if (result.nextDueInMs === null) return true;
        await this.#sleep('waiting', result.nextDueInMs, { wakesBefore, why: 'nothing is due yet' });
        return false;
    }
  }

  async #sleep(
    state: GateState['state'],
    dueInMs: number,
    { wakesBefore, why }: { readonly wakesBefore: number; readonly why: string },
  ): Promise<void> {
    const waitMs = Math.min(dueInMs, LONGEST_SLEEP_MS);
    if (waitMs <= 0) return;
    const until = state === 'paused' ? null : Date.now() + waitMs;
    const forHow = until === null ? 'until somebody resumes it' : `until ${new Date(until).toISOString()}`;
    this.#tell(state, until, `Waiting ${forHow}: ${why}. ${this.#attempts} attempts made.`);
    await careForGate.executeWithOptions({ summary: 'note that somebody looks after it' }, [
      { endpointId: this.#endpointId, forMs: waitMs },
    ]);
    const summary =
      until === null
        ? `${why} until somebody resumes it; looks again after ${durationText(waitMs)}`
        : `${why}: waiting ${durationText(waitMs)}`;
    await condition(() => this.#wakes > wakesBefore, waitMs, { summary });
  }

  async #change(action: 'pause' | 'resume', message: PauseMessage | null | undefined): Promise<void> {
    const by = textOr(message?.by, 'Temporal');
    const reason = textOr(message?.reason, null);
    await CancellationScope.nonCancellable(
      async () =>
        await changeGate.executeWithOptions({ summary: `${action} in Postgres` }, [
          { endpointId: this.#endpointId, action, by, reason },
        ]),
    );
    this.#wakes += 1;
  }

  #summary(result: DrainGateResult): string {
    const end = result.kind === 'shut' ? `the endpoint is ${result.why}` : result.kind;
    const summary = `${end}, ${this.#attempts} attempts made`;
    this.#tell('over', null, `Over: ${summary}.`);
    return summary;
  }

  #tell(state: GateState['state'], until: number | null, details: string): void {
    this.#state = state;
    this.#until = until;
    setCurrentDetails(details);
  }
}

function textOr<T>(value: unknown, otherwise: T): string | T {
  return typeof value === 'string' && value !== '' ? value.replaceAll('\0', '') : otherwise;
}
