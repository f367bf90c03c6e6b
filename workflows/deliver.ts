import {
  ApplicationFailure,
  allHandlersFinished,
  CancellationScope,
  condition,
  isCancellation,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  sleep,
  upsertSearchAttributes,
  uuid4,
} from '@temporalio/workflow';
import type { AttemptResult } from '../activities/attempt-result.ts';
import type { Activities } from '../activities/index.ts';
import { durationText } from '../src/domain/duration-text.ts';
import { type TurnWait, turnWaitMs } from '../src/domain/manual-turn.ts';
import { PRODUCTION_TIMING } from '../src/domain/timing.ts';
import {
  cancelSignal,
  DELIVERY_STATUS,
  type DeliverInput,
  type DeliverProgress,
  progressQuery,
  type RetryMessage,
  retrySignal,
} from './messages.ts';

// The activity's own retries serve failures of our infrastructure only; the product's retries are the timers below.
// Its heartbeat tells a killed worker within seconds; its time is long because a sent attempt is recorded until it is.
const { attempt, markRetry, cancelDelivery } = proxyActivities<Activities>({
  startToCloseTimeout: '6 hours',
  heartbeatTimeout: PRODUCTION_TIMING.attemptSilenceMs,
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '15 seconds' },
});

/** How long a run waits for the server to grant the cancellation it asked for itself. */
const CANCEL_GRANT = '1 minute';

/** The shape of marks we issue. A signal sent by hand may hold anything; Postgres would reject a NUL at every retry. */
const MARK = /^[\w-]{1,64}$/;

type Waiting = Extract<AttemptResult, { kind: 'wait' }>;
type Closing = Exclude<AttemptResult, Waiting | { kind: 'turn' }>;

/** What a manual attempt waits for, for people. */
const TURNS: Readonly<Record<TurnWait['why'], string>> = {
  rate: 'the rate of its endpoint',
  concurrency: 'a call of its endpoint to end',
  order: 'the one before it to end',
};

/**
 * One delivery until it is delivered, dead, cancelled or handed to a gate. Postgres decides what it is; this run waits
 * for the right moments, asks for attempts, and tells the story in the Temporal UI. Dead closes as Failed with its
 * reason.
 */
export async function deliver(input: DeliverInput): Promise<string> {
  const run = new DeliverRun(input);
  setHandler(retrySignal, run.askRetry, {
    description:
      'Send this delivery again at once. Argument: {} (the run marks the retry in Postgres itself).',
  });
  setHandler(cancelSignal, run.askCancel, {
    description: 'End this delivery for good. No argument needed.',
  });
  setHandler(progressQuery, run.progress, {
    description: 'Attempts made, the last result, and what is waited for.',
  });
  try {
    return await run.untilClosed();
  } catch (error) {
    if (isCancellation(error)) await run.recordCancellation();
    throw error;
  }
}

class DeliverRun {
  readonly #input: DeliverInput;
  readonly #retries: RetryMessage[];
  #attemptsMade: number;
  #lastResult: string | null = null;
  #waitingUntil: number | null = null;
  #status: DeliverProgress['status'] = 'waiting';

  constructor(input: DeliverInput) {
    this.#input = input;
    this.#attemptsMade = input.attemptsMade;
    this.#retries = input.mark === null ? [] : [{ mark: input.mark }];
  }

  /** Anything may come from a person's hands, `null` too. */
  readonly askRetry = (message?: RetryMessage | null): void => {
    this.#retries.push(message ?? {});
  };

  /** Not to be cut short by the very cancellation that it asks for. */
  readonly askCancel = async (): Promise<void> => {
    await CancellationScope.nonCancellable(async () => await this.#cancelDelivery({ closeRun: true }));
  };

  readonly progress = (): DeliverProgress => ({
    delivery_id: this.#input.deliveryId,
    status: this.#status,
    attempts_made: this.#attemptsMade,
    last_result: this.#lastResult,
    waiting_until: this.#waitingUntil === null ? null : new Date(this.#waitingUntil).toISOString(),
  });

  async untilClosed(): Promise<string> {
    if (this.#input.dueInMs > 0) await this.#wait(this.#input.dueInMs, 'until due');
    for (;;) {
      const result = await this.#attempt(this.#retries.shift());
      if (result.kind === 'wait') await this.#waitAfter(result);
      else if (await this.#isQuiet(result)) return await this.#close(result);
    }
  }

  async #attempt(retry: RetryMessage | undefined): Promise<Exclude<AttemptResult, { kind: 'turn' }>> {
    const mark = retry === undefined ? null : await this.#markOf(retry);
    for (let asked = 1; ; asked += 1) {
      const result = await this.#tryOnce(mark);
      if (result.kind !== 'turn') return result;
      await this.#waitForTurn(result, asked);
    }
  }

  async #tryOnce(mark: string | null): Promise<AttemptResult> {
    this.#status = 'sending';
    this.#waitingUntil = null;
    const summary = `attempt ${this.#attemptsMade + 1}${mark === null ? '' : ' (manual)'}`;
    // A request under way is finished even when the run is cancelled: a 2xx to it still means delivered.
    const result = await CancellationScope.nonCancellable(
      async () =>
        await attempt.executeWithOptions({ summary }, [{ deliveryId: this.#input.deliveryId, mark }]),
    );
    if ('attempt' in result) this.#attemptsMade = result.attempt;
    this.#lastResult = 'summary' in result ? result.summary : result.kind;
    return result;
  }

  async #markOf(retry: RetryMessage): Promise<string | null> {
    if (typeof retry.mark === 'string' && MARK.test(retry.mark)) return retry.mark;
    const wish = { deliveryId: this.#input.deliveryId, mark: uuid4() };
    return (await markRetry.executeWithOptions({ summary: 'mark the retry' }, [wish])).mark;
  }

  async #waitForTurn(turn: TurnWait, asked: number): Promise<void> {
    const waitMs = turnWaitMs(turn, asked);
    const why = `the manual attempt waits for ${TURNS[turn.why]}`;
    this.#status = 'waiting';
    this.#waitingUntil = Date.now() + waitMs;
    await sleep(waitMs, { summary: `${why}: waiting ${durationText(waitMs)}` });
  }

  async #waitAfter(result: Waiting): Promise<void> {
    const next = new Date(Date.now() + result.waitMs).toISOString();
    this.#tell('retrying', `Attempt ${result.attempt}: ${result.summary}. Next attempt at ${next}.`);
    await this.#wait(result.waitMs, `after ${result.summary}`);
  }

  async #wait(waitMs: number, why: string): Promise<void> {
    if (waitMs <= 0) return;
    this.#status = 'waiting';
    this.#waitingUntil = Date.now() + waitMs;
    const summary = `${why}: waiting ${durationText(waitMs)}`;
    await condition(() => this.#retries.length > 0, waitMs, { summary });
  }

  /**
   * Looked at last before closing, so that a wish that came meanwhile is still granted. What is delivered or dead by
   * now stays so and is what the run says, although its cancellation was asked for while it was being sent.
   */
  async #isQuiet({ kind }: Closing): Promise<boolean> {
    const handlers = async (): Promise<void> => await condition(allHandlersFinished);
    if (kind === 'delivered' || kind === 'dead') await CancellationScope.nonCancellable(handlers);
    else await handlers();
    return this.#retries.length === 0;
  }

  async #close(result: Closing): Promise<string> {
    this.#status = 'closed';
    switch (result.kind) {
      case 'delivered':
        this.#tell('delivered', `Delivered by attempt ${result.attempt}: ${result.summary}.`);
        return `delivered by attempt ${result.attempt}: ${result.summary}`;
      case 'dead':
        return this.#closeDead(result);
      case 'cancelled':
        return await this.#closeCancelled();
      case 'parked':
        this.#tell(result.status, `Now ${result.status}.`);
        return result.status;
      case 'missing':
        return 'removed by retention';
    }
  }

  #closeDead({ attempt: attempts, reason, summary }: Extract<Closing, { kind: 'dead' }>): never {
    const text = `Dead after ${attempts} attempts (${reason ?? 'retries_exhausted'}): ${summary}`;
    this.#tell('dead', text);
    const failure = ApplicationFailure.nonRetryable(text, 'DeliveryDead');
    // A business end, not a fault of the code: a stack would only stand in the operator's way.
    failure.stack = '';
    throw failure;
  }

  /** Only a request of the server closes a run as Cancelled, so ask for one where Postgres knew first. */
  async #closeCancelled(): Promise<string> {
    await this.#cancelDelivery({ closeRun: true });
    await condition(() => false, CANCEL_GRANT);
    return 'cancelled';
  }

  async recordCancellation(): Promise<void> {
    await CancellationScope.nonCancellable(async () => await this.#cancelDelivery({ closeRun: false }));
    this.#tell('cancelled', 'Cancelled.');
  }

  async #cancelDelivery({ closeRun }: { readonly closeRun: boolean }): Promise<void> {
    const { deliveryId } = this.#input;
    await cancelDelivery.executeWithOptions({ summary: 'cancel in Postgres' }, [{ deliveryId, closeRun }]);
  }

  #tell(deliveryStatus: string, details: string): void {
    upsertSearchAttributes([{ key: DELIVERY_STATUS, value: deliveryStatus }]);
    setCurrentDetails(details);
  }
}
